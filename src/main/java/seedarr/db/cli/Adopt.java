package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.migrate.Migrations.Planner;
import seedarr.db.state.Plan;
import seedarr.db.state.State;

final class Adopt extends Writing {

    final Argument<String> at = option(
            "--at",
            "REV",
            String.class,
            null,
            "Record up to this revision, instead of the newest that is in the schema.");
    final Argument<Boolean> finish = flag("--finish", "Also make what is missing of a revision that is there by half.");
    final Argument<Boolean> dryRun = flag("--dry-run", "Show what would be recorded and made, and touch nothing.");

    Adopt(SeedarrDb root) {
        super(root, "Take over a database that Alembic or the application made: record the revisions that are in it.");
    }

    @Override
    List<Planner> planners() {
        return List.of(this::plan);
    }

    private Plan plan(State state) {
        return finish.get() ? state.finish() : state.adopt(Optional.ofNullable(at.get()));
    }

    @Override
    int run(PrintWriter out) {
        refuseTogether(
                "--finish", finish.get(), "--at", at.get() != null, "--finish, which goes as far as anything is there");
        refuseTogether(
                "--finish", finish.get(), "--sql", sql.get(), "--finish --dry-run; somebody has to look at the rows");
        refuseTogether("--sql", sql.get(), "--dry-run", dryRun.get(), "one of them; both touch nothing");
        if (!dryRun.get()) {
            return super.run(out);
        }
        waitForServer();
        List<String> lines = migrations().ask(this::lines);
        if (!isQuiet()) {
            lines.forEach(out::println);
        }
        return ExitCode.DONE;
    }

    private static void refuseTogether(String one, boolean hasOne, String other, boolean hasOther, String remedy) {
        if (hasOne && hasOther) {
            throw Refusal.usage(one + " and " + other + " exclude each other", remedy);
        }
    }

    private List<String> lines(State state) {
        Plan plan = plan(state);
        if (plan.isEmpty()) {
            return List.of(nothingToDo(state.current()));
        }
        List<String> lines = new ArrayList<>();
        lines.add("database  " + target());
        lines.addAll(header(plan, state));
        plan.makes().keySet().forEach(index -> lines.add("  would make    " + index));
        plan.steps().forEach(revision -> lines.add("  would record  " + revision.name()));
        lines.add("nothing was changed: this was a dry run");
        return lines;
    }

    @Override
    String nothingToDo(String current) {
        return "nothing to adopt: " + target() + (target().isThere() ? " is at " + current : " is not there yet");
    }
}
