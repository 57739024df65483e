package seedarr.db.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.migrate.Migrations.Planner;
import seedarr.db.migrate.Migrations.Precautions;
import seedarr.db.state.Plan;
import seedarr.db.state.State;

/** What the commands share that change the database by a plan: they print the plan and each step. */
abstract class Writing extends Locking {

    final Supplier<Boolean> sql = flag("--sql", "Print the SQL as one script and touch nothing.");
    final Supplier<Boolean> noBackup = flag("--no-backup", "Leave out the backup of a SQLite database.");
    final Supplier<Boolean> noCheck = flag("--no-check", "Leave out the look for damage in a SQLite database.");

    /** Lines about work that may have to begin anew, which it never has on SQLite. */
    private final List<String> held = new ArrayList<>();

    private Plan plan;

    abstract Plan plan(State state);

    List<Planner> planners() {
        return List.of(this::plan);
    }

    @Override
    void run() {
        if (sql.get()) {
            out().print(migrations().script(planners()));
            return;
        }
        again();
        Precautions precautions = new Precautions(!noCheck.get(), !noBackup.get());
        String current;
        try {
            current = migrations().run(planners(), timeout(), precautions, this);
        } finally {
            tellHeld();
        }
        if (plan == null) {
            tell(nothingToDo(current));
        } else {
            tellDone(current);
        }
    }

    /** Each line is printed once: by the attempt that was the last. */
    @Override
    public final void again() {
        held.clear();
        held.add(place(" (new)"));
        plan = null;
    }

    @Override
    public final void say(String line) {
        held.add(line);
        if (target().kind().equals("sqlite")) {
            tellHeld();
        }
    }

    final void tellHeld() {
        if (plan != null) {
            held.forEach(this::tell);
            held.clear();
        }
    }

    String nothingToDo(String current) {
        return "nothing to do: " + target() + " is at " + current;
    }

    @Override
    public final void begin(Plan next, State state) {
        plan = next;
        String to = state.after(plan).current();
        if (!plan.direction().isRecording()) {
            say("from      " + state.current());
            say("to        " + to + " (" + Plan.revisions(plan.steps().size()) + ")");
            boolean isUp = plan.direction() == Revision.Direction.UP;
            for (Revision step : plan.steps()) {
                if (step.sql(plan.direction()).isEmpty()) {
                    say("note      " + step.name() + " has nothing to do on this kind of database");
                } else if (isUp && step.down().isEmpty()) {
                    say("note      " + step.name() + " has no SQL that undoes it");
                }
            }
            state.overtaken().filter(sentence -> isUp).ifPresent(sentence -> say("note      " + sentence));
            return;
        }
        String found = state.found().orElse(to);
        boolean isFinishing = plan.direction() == Revision.Direction.FINISH;
        say(isFinishing ? "finish    " + to : "found     " + found);
        if (!isFinishing && !found.equals(to)) {
            say("asked     " + to);
        }
        String alembic = String.join(", ", state.alembicVersions());
        if (!alembic.isEmpty() && !alembic.equals(found)) {
            say("alembic   says " + alembic + ", but the schema decides");
        }
    }

    @Override
    public final void done(String revision, long milliseconds) {
        if (plan.direction().isRecording()) {
            say("  recorded  " + revision);
            return;
        }
        String direction = plan.direction() == Revision.Direction.UP ? "up  " : "down";
        List<String> names = plan.steps().stream().map(Revision::name).toList();
        say("  " + direction + "  " + Terminal.padded(revision, names) + "  " + milliseconds + " ms");
    }

    static final class Update extends Writing {

        final Supplier<String> revision = parameter(
                "REV",
                String.class,
                Revision.HEAD,
                "A revision, or a prefix that only one has; without it, all that is pending.");
        final Supplier<Boolean> adopt = flag("--adopt", "First take the database over if need be, as adopt does.");

        @Override
        Plan plan(State state) {
            return Plan.up(state, revision.get()).refuseHalfWritten();
        }

        @Override
        List<Planner> planners() {
            return adopt.get() ? List.of(state -> Plan.adopt(state, Optional.empty()), this::plan) : super.planners();
        }
    }

    static final class Rollback extends Writing {

        final Supplier<String> revision =
                parameter("REV", String.class, null, "An applied revision, a prefix that only one has, or base.");

        @Override
        Plan plan(State state) {
            return Plan.downTo(state, revision.get()).refuseHalfWritten();
        }
    }

    static final class RollbackCount extends Writing {

        final Supplier<Integer> count =
                parameter("N", Integer.class, null, "How many, at most as many as are applied.");

        @Override
        Plan plan(State state) {
            return Plan.down(state, count.get()).refuseHalfWritten();
        }
    }

    static final class Adopt extends Writing {

        final Supplier<String> at = option(
                "--at REV", String.class, "Record up to this revision, instead of the newest that is in the schema.");
        final Supplier<Boolean> finish =
                flag("--finish", "Also make what is missing of a revision that is there by half.");
        final Supplier<Boolean> dryRun = flag("--dry-run", "Show what would be recorded and made, and touch nothing.");

        @Override
        Plan plan(State state) {
            return finish.get() ? Plan.finish(state) : Plan.adopt(state, Optional.ofNullable(at.get()));
        }

        @Override
        void run() {
            if (finish.get() && (at.get() != null || sql.get())) {
                throw Refusal.usage("--finish goes with neither --at nor --sql", "adopt --finish --dry-run");
            }
            if (dryRun.get()) {
                reader().ask(this::show);
            } else {
                super.run();
            }
        }

        private Plan show(State state) {
            Plan plan = plan(state);
            if (plan.isEmpty()) {
                tell(nothingToDo(state.current()));
                return plan;
            }
            again();
            begin(plan, state);
            tellHeld();
            plan.makes().keySet().forEach(index -> tell("  would make    " + index));
            plan.steps().forEach(revision -> tell("  would record  " + revision.name()));
            tell("nothing was changed: this was a dry run");
            return plan;
        }

        @Override
        String nothingToDo(String current) {
            return "nothing to adopt: " + target() + (target().isThere() ? " is at " + current : " is not there yet");
        }
    }
}
