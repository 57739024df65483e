package seedarr.db.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.migrate.Plan;
import seedarr.db.migrate.Progress;
import seedarr.db.migrate.Revision;
import seedarr.db.migrate.State;

/** What the commands share that change the database by a plan. */
abstract class Writing extends Subcommand {

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

    @Option(names = "--sql", description = "Print the SQL as one script and touch nothing.")
    boolean sql;

    @Option(
            names = "--lock-timeout",
            paramLabel = "SECONDS",
            description = "Wait so long for a locked database (30, or the URL's timeout).")
    Integer lockTimeout;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Wait so long for a PostgreSQL server that is not up yet.")
    int wait;

    /** Returns what makes the plan from how the database stands. */
    abstract Function<State, Plan> planner();

    @Override
    final int run(PrintWriter out) {
        target().waitForServer(Duration.ofSeconds(wait));
        if (sql) {
            out.print(migrations().script(planner()));
            return ExitCode.DONE;
        }
        Plan plan = migrations().run(planner(), timeout(), new Lines(out));
        if (!isQuiet()) {
            out.println(
                    plan.isEmpty()
                            ? "nothing to do: " + target() + " is at " + plan.to()
                            : text().green("done: ") + "the database is at " + plan.to());
        }
        return ExitCode.DONE;
    }

    private Duration timeout() {
        if (lockTimeout != null && lockTimeout < 0) {
            throw Refusal.usage("--lock-timeout cannot be less than 0", "0, not to wait at all, or more");
        }
        return lockTimeout == null ? target().lockTimeout().orElse(LOCK_TIMEOUT) : Duration.ofSeconds(lockTimeout);
    }

    /** Prints the plan and each step. */
    private final class Lines implements Progress {

        private final PrintWriter out;
        private Plan plan;

        Lines(PrintWriter out) {
            this.out = isQuiet() ? new PrintWriter(java.io.Writer.nullWriter()) : out;
        }

        @Override
        public void begin(Plan plan) {
            this.plan = plan;
            out.println("database  " + target());
            out.println("from      " + plan.from());
            out.println("to        " + plan.to() + " ("
                    + Plan.revisions(plan.steps().size()) + ")");
        }

        @Override
        public void done(String revision, long milliseconds) {
            String direction = plan.direction() == Plan.Direction.UP ? "up  " : "down";
            List<String> names = plan.steps().stream().map(Revision::name).toList();
            out.println("  " + direction + "  " + Text.padded(revision, names) + "  " + milliseconds + " ms");
            out.flush();
        }
    }
}
