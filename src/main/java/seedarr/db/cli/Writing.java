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

    final Supplier<Boolean> noCheck = flag("--no-check", "Do not look for damage in a SQLite database.");
    final Supplier<Boolean> dryRun = flag("--dry-run", "Show what would happen, and change nothing.");
    final Supplier<Boolean> sql = flag("--sql", "Print the SQL as one script, and change nothing.");

    /** Lines about work that may have to begin anew, which it never has on SQLite. */
    private final List<String> held = new ArrayList<>();

    private final List<Json> steps = new ArrayList<>();
    private final List<String> made = new ArrayList<>();

    private Plan plan;

    abstract Plan plan(State state);

    List<Planner> planners() {
        return List.of(this::plan);
    }

    @Override
    void run() {
        if (!sql.get()) {
            super.run();
            answer.with("steps", steps).with("made", made).with("dryRun", dryRun.get());
        } else if (root().json.get() || dryRun.get()) {
            throw Refusal.usage("--sql goes with neither --json nor --dry-run", "one of them alone");
        } else {
            terminal().out().print(migrations().script(planners()));
        }
    }

    @Override
    final void change() {
        root().isChange = !dryRun.get();
        isAsked = dryRun.get();
        again();
        try {
            current = carryOut();
        } finally {
            root().progress.begin("");
            tellHeld();
        }
        if (plan == null) {
            from = current;
            tell("nothing to " + (this instanceof Adopt ? "adopt: " : "do: ") + target()
                    + (target().isThere() ? " is at " + current : " is not there yet"));
        } else if (dryRun.get()) {
            current = from;
            tell("nothing was changed: this was a "
                    + (this instanceof Adopt ? "dry run" : "rehearsal; the database is still at " + from));
        } else {
            tellDone();
        }
    }

    /** Returns the revision that the database is at afterwards. */
    String carryOut() {
        Precautions precautions = new Precautions(!noCheck.get(), !noBackup.get(), dryRun.get());
        return migrations().run(planners(), lockTimeout.get(), precautions, this);
    }

    /** Each line is printed once: by the attempt that was the last. */
    @Override
    public final void again() {
        held.clear();
        steps.clear();
        made.clear();
        plan = null;
        held.add(place(" (new)"));
        List<BackupFile> backups = new ArrayList<>(target().size() > 0 ? List.of() : BackupFile.of(target()));
        backups.removeIf(BackupFile::isDamaged);
        if (!backups.isEmpty()) {
            held.add("note      " + BackupFile.count(backups.size()) + " beside it: seedarr-db restore "
                    + Refusal.shellWord(backups.get(0).file()) + " puts back the newest");
        }
    }

    @Override
    public final void say(String line) {
        held.add(line);
        if (target().kind().equals("sqlite")) {
            tellHeld();
        }
    }

    private void tellHeld() {
        if (plan != null) {
            held.forEach(this::tell);
            held.clear();
        }
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
        List<String> names = plan.steps().stream().map(Revision::name).toList();
        // Only adopt does not even try it.
        String recorded = this instanceof Adopt && dryRun.get() ? "would record" : "recorded";
        say("  "
                + (plan.direction().isRecording()
                        ? recorded + "  " + revision
                        : (isUp ? "up  " : "down") + "  " + Terminal.padded(revision, names) + "  " + milliseconds
                                + " ms"));
    }

    static final class Update extends Writing {

        final Supplier<String> revision = option(
                "[REV]",
                "The last revision to apply: its name, a unique prefix, head (as without REV), or +N for the next N.");
        final Supplier<Boolean> adopt = flag("--adopt", "Adopt the database first, if need be.");
        final Supplier<Boolean> mustExist =
                flag("--must-exist", "Fail where there is no database yet, instead of making one.");

        @Override
        Plan plan(State state) {
            if (mustExist.get() && state.isEmpty()) {
                throw Refusal.failed(
                        "there is no database yet: " + target()
                                + (target().isThere() ? " has no tables" : " is missing"),
                        "a URL that names it, or a backup");
            }
            return Plan.up(state, revision.get() == null ? Revision.HEAD : revision.get())
                    .refuseHalfWritten();
        }

        @Override
        List<Planner> planners() {
            return adopt.get() ? List.of(state -> Plan.adopt(state, Optional.empty()), this::plan) : super.planners();
        }
    }

    static final class Rollback extends Writing {

        final Supplier<String> revision =
                option("REV", "The revision to go back to: its name, a unique prefix, base, or -N to undo the last N.");

        @Override
        Plan plan(State state) {
            return Plan.downTo(state, revision.get()).refuseHalfWritten();
        }
    }

    static final class RollbackCount extends Writing {

        final Supplier<Integer> count = number("N", "How many, at most all that are applied.");

        @Override
        Plan plan(State state) {
            return Plan.down(state, count.get()).refuseHalfWritten();
        }
    }

    static final class Adopt extends Writing {

        final Supplier<String> at =
                option("--at REV", "Record up to REV, instead of the newest revision that is in the schema.");
        final Supplier<Boolean> finish =
                flag("--finish", "Also make what is missing of a revision that is half applied.");

        @Override
        Plan plan(State state) {
            return finish.get() ? Plan.finish(state) : Plan.adopt(state, Optional.ofNullable(at.get()));
        }

        @Override
        void run() {
            if (finish.get() && (at.get() != null || sql.get())) {
                throw Refusal.usage("--finish goes with neither --at nor --sql", "adopt --finish --dry-run");
            }
            super.run();
        }

        /** A rehearsal that does not even try: what would be recorded is known before. */
        @Override
        String carryOut() {
            return !dryRun.get()
                    ? super.carryOut()
                    : reader().ask(state -> {
                        Plan plan = plan(state);
                        if (!plan.isEmpty()) {
                            begin(plan, state);
                            plan.makes().keySet().forEach(index -> say("  would make    " + index));
                            plan.steps().forEach(revision -> done(revision.name(), 0));
                        }
                        return state.current();
                    });
        }
    }
}
