package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import seedarr.db.ExitCode;
import seedarr.db.changelog.Revision;
import seedarr.db.migrate.Migrations.Planner;
import seedarr.db.migrate.Progress;
import seedarr.db.state.Plan;
import seedarr.db.state.State;

/** What the commands share that change the database by a plan. */
abstract class Writing extends Locking {

    final Argument<Boolean> sql = flag("--sql", "Print the SQL as one script and touch nothing.");
    final Argument<Boolean> noBackup = flag("--no-backup", "Leave out the backup of a SQLite database.");

    Writing(SeedarrDb root, String description) {
        super(root, description);
    }

    /** Returns what makes the plans from how the database stands, in the order of work. */
    abstract List<Planner> planners();

    @Override
    int run(PrintWriter out) {
        waitForServer();
        if (sql.get()) {
            out.print(migrations().script(planners()));
            return ExitCode.DONE;
        }
        Lines lines = new Lines(out);
        String current = migrations().run(planners(), timeout(), !noBackup.get(), lines);
        if (!isQuiet()) {
            out.println(
                    lines.plan == null
                            ? nothingToDo(current)
                            : text().green("done: ") + "the database is at " + current);
            lines.backup.ifPresent(file -> out.println(backupLine(file)));
        }
        return ExitCode.DONE;
    }

    /** Returns the sentence for a database on which there is nothing to do. */
    String nothingToDo(String current) {
        return "nothing to do: " + target() + " is at " + current;
    }

    /** Prints the plan and each step. */
    private final class Lines implements Progress {

        private final PrintWriter out;
        private final boolean isNew = !target().isThere();
        private Plan plan;
        private Optional<Path> backup = Optional.empty();

        Lines(PrintWriter out) {
            this.out = isQuiet() ? new PrintWriter(java.io.Writer.nullWriter()) : out;
        }

        @Override
        public void begin(Plan plan, State state) {
            if (this.plan == null) {
                out.println("database  " + target() + (isNew ? " (new)" : ""));
            }
            this.plan = plan;
            header(plan, state).forEach(out::println);
        }

        @Override
        public void copied(long done, long total) {
            Writing.this.copied(done, total);
        }

        @Override
        public void backedUp(Path file) {
            backup = Optional.of(file);
        }

        @Override
        public void done(String revision, long milliseconds) {
            String direction = plan.direction() == Revision.Direction.UP ? "up  " : "down";
            List<String> names = plan.steps().stream().map(Revision::name).toList();
            out.println("  " + direction + "  " + Text.padded(revision, names) + "  " + milliseconds + " ms");
            out.flush();
        }

        @Override
        public void made(String index) {
            out.println("  made      " + index);
        }

        @Override
        public void recorded(String revision) {
            out.println("  recorded  " + revision);
        }
    }

    /** Returns the lines that say what is about to be done. */
    static List<String> header(Plan plan, State state) {
        if (!plan.direction().isRecording()) {
            return List.of(
                    "from      " + plan.from(),
                    "to        " + plan.to() + " ("
                            + Plan.revisions(plan.steps().size()) + ")");
        }
        List<String> lines = new ArrayList<>();
        String found = state.found().orElse(plan.to());
        lines.add("found     " + found);
        if (plan.direction() == Revision.Direction.FINISH) {
            lines.set(0, "finish    " + plan.to());
        } else if (!found.equals(plan.to())) {
            lines.add("asked     " + plan.to());
        }
        String alembic = String.join(", ", state.alembicVersions());
        if (!alembic.isEmpty() && !alembic.equals(found)) {
            lines.add("alembic   says " + alembic + ", but the schema decides");
        }
        return lines;
    }
}
