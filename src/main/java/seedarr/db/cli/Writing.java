package seedarr.db.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.database.BackupFile;
import seedarr.db.migrate.Migrations.Planner;
import seedarr.db.migrate.Migrations.Precautions;
import seedarr.db.state.Plan;
import seedarr.db.state.State;

/** What the commands share that change the database by a plan: they print the plan and each step. */
abstract class Writing extends Changing {

    final Supplier<Boolean> sql = flag("--sql", "Print the SQL as one script and touch nothing.");
    final Supplier<Boolean> noCheck = flag("--no-check", "Leave out the look for damage in a SQLite database.");
    final Supplier<Boolean> dryRun = flag("--dry-run", "Find out what would happen, and leave all as it was.");

    /** Lines about work that may have to begin anew, which it never has on SQLite. */
    private final List<String> held = new ArrayList<>();

    private final List<Json> steps = new ArrayList<>();
    private final List<String> made = new ArrayList<>();

    private int attempts;
    private Plan plan;
    private String from;

    @Override
    final boolean isChange() {
        return !sql.get() && !dryRun.get();
    }

    abstract Plan plan(State state);

    List<Planner> planners() {
        return List.of(this::plan);
    }

    @Override
    void run() {
        if (sql.get() && (root().json.get() || dryRun.get())) {
            throw Refusal.usage("--sql goes with neither --json nor --dry-run", "one of them alone");
        }
        if (sql.get()) {
            terminal().out().print(migrations().script(planners()));
            return;
        }
        Optional<Integer> backupsToKeep = backupsToKeep();
        again();
        Precautions precautions = new Precautions(!noCheck.get(), !noBackup.get(), dryRun.get());
        String current;
        try {
            current = migrations().run(planners(), timeout(), precautions, this);
        } finally {
            terminal().progress().begin("");
            tellHeld();
        }
        boolean isDone = plan != null && !dryRun.get();
        from = plan == null ? current : from;
        if (isDone) {
            tellDone(current, backupsToKeep);
        } else {
            report(
                    plan == null
                            ? nothingToDo(current)
                            : "nothing was changed: this was a rehearsal; the database is still at " + from);
        }
        answer(from, isDone ? current : from);
    }

    @Override
    final void answer(String before, String current) {
        super.answer(before, current);
        answer.with("steps", steps).with("made", made).with("dryRun", dryRun.get());
    }

    /** Each line is printed once: by the attempt that was the last. */
    @Override
    public final void again() {
        attempts++;
        held.clear();
        steps.clear();
        made.clear();
        plan = null;
        held.add(place(" (new)"));
        List<BackupFile> backups = target().size() > 0 ? List.of() : BackupFile.of(target());
        if (!backups.isEmpty()) {
            held.add("note      " + BackupFile.count(backups.size()) + " beside it: seedarr-db restore "
                    + Refusal.shellWord(backups.get(0).file()) + " puts back the newest");
        }
    }

    @Override
    public final void started(String step) {
        super.started(attempts > 1 && !step.isEmpty() ? step + ", behind a lock" : step);
    }

    @Override
    public final void say(String line) {
        held.add(line);
        if (target().kind().equals("sqlite")) {
            tellHeld();
        }
    }

    /** Prints what was asked for, where it was only asked. */
    private void report(String line) {
        if (dryRun.get()) {
            show(line);
        } else {
            tell(line);
        }
    }

    final void tellHeld() {
        if (plan != null) {
            held.forEach(this::report);
            held.clear();
        }
    }

    String nothingToDo(String current) {
        return "nothing to do: " + target() + " is at " + current;
    }

    @Override
    public final void begin(Plan next, State state) {
        from = plan == null ? state.current() : from;
        plan = next;
        made.addAll(plan.makes().keySet());
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
        boolean isUp = plan.direction() == Revision.Direction.UP;
        String what = plan.direction().isRecording() ? "recorded" : isUp ? "up" : "down";
        steps.add(new Json().with("revision", revision).with("done", what).with("milliseconds", milliseconds));
        if (plan.direction().isRecording()) {
            // Only adopt does not even try it.
            say((this instanceof Adopt && dryRun.get() ? "  would record  " : "  recorded  ") + revision);
            return;
        }
        String direction = isUp ? "up  " : "down";
        List<String> names = plan.steps().stream().map(Revision::name).toList();
        say("  " + direction + "  " + Terminal.padded(revision, names) + "  " + milliseconds + " ms");
    }

    static final class Update extends Writing {

        final Supplier<String> revision = parameter(
                "REV",
                String.class,
                Revision.HEAD,
                "A revision, a prefix that only one has, or +N for the next N; without it, all that is pending.");
        final Supplier<Boolean> adopt = flag("--adopt", "First take the database over if need be, as adopt does.");
        final Supplier<Boolean> mustExist = flag("--must-exist", "Refuse to make a database that is not there yet.");

        @Override
        Plan plan(State state) {
            if (mustExist.get() && state.isEmpty()) {
                throw Refusal.failed(
                        "there is no database yet: " + target()
                                + (target().isThere() ? " has no tables" : " is missing"),
                        "a URL that names it, or a backup");
            }
            return Plan.up(state, revision.get()).refuseHalfWritten();
        }

        @Override
        List<Planner> planners() {
            return adopt.get() ? List.of(state -> Plan.adopt(state, Optional.empty()), this::plan) : super.planners();
        }
    }

    static final class Rollback extends Writing {

        final Supplier<String> revision = parameter(
                "REV",
                String.class,
                null,
                "An applied revision, a prefix that only one has, base, or -N for the last N.");

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

        @Override
        Plan plan(State state) {
            return finish.get() ? Plan.finish(state) : Plan.adopt(state, Optional.ofNullable(at.get()));
        }

        @Override
        void run() {
            if (finish.get() && (at.get() != null || sql.get())) {
                throw Refusal.usage("--finish goes with neither --at nor --sql", "adopt --finish --dry-run");
            }
            if (dryRun.get() && !sql.get()) {
                reader().ask(this::show);
            } else {
                super.run();
            }
        }

        private Plan show(State state) {
            backupsToKeep();
            Plan plan = plan(state);
            again();
            if (!plan.isEmpty()) {
                begin(plan, state);
                plan.makes().keySet().forEach(index -> say("  would make    " + index));
                plan.steps().forEach(revision -> done(revision.name(), 0));
                tellHeld();
            }
            show(plan.isEmpty() ? nothingToDo(state.current()) : "nothing was changed: this was a dry run");
            answer(state.current(), state.current());
            return plan;
        }

        @Override
        String nothingToDo(String current) {
            return "nothing to adopt: " + target() + (target().isThere() ? " is at " + current : " is not there yet");
        }
    }
}
