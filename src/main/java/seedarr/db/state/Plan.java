package seedarr.db.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.changelog.Revision.Direction;

/**
 * What a command is about to do. What makes one refuses a database that is ahead of the changelog, another program's, or in
 * a state about which a person has to decide.
 *
 * @param steps the revisions to apply, to undo or to record, in the order of work
 * @param makes when revisions are recorded, the statements that make what is missing, by what they make
 */
public record Plan(Direction direction, List<Revision> steps, Map<String, String> makes) {

    /** Returns whether there is nothing to do. */
    public boolean isEmpty() {
        return steps.isEmpty() && makes.isEmpty();
    }

    /** Returns a number of revisions in words. */
    public static String revisions(int count) {
        return count == 1 ? "1 revision" : count + " revisions";
    }

    /** Plans the way up to and including a revision. */
    public static Plan up(State state, String name) {
        if (name.equals(Revision.BASE)) {
            throw Refusal.usage("update does not go down to base", "seedarr-db rollback base");
        }
        refuseUnlessReady(state);
        if (name.matches("\\+[0-9]{1,9}")) {
            List<Revision> pending = state.pending();
            int count = Integer.parseInt(name);
            if (count < 1 || count > pending.size()) {
                throw Refusal.usage(
                        "cannot apply " + revisions(count) + ": " + pending.size()
                                + (pending.size() == 1 ? " is pending" : " are pending"),
                        pending.isEmpty() ? "seedarr-db status" : "a number from +1 to +" + pending.size());
            }
            return new Plan(Direction.UP, pending.subList(0, count), Map.of());
        }
        List<Revision> revisions = state.revisions();
        List<Revision> steps = revisions.subList(0, indexOf(Revision.find(name, revisions), revisions) + 1).stream()
                .filter(revision -> !state.isApplied(revision))
                .toList();
        return new Plan(Direction.UP, steps, Map.of());
    }

    /** By name: for the first comparison of two records, Java has to make the code that compares them, 14 ms. */
    private static int indexOf(Revision revision, List<Revision> revisions) {
        return revisions.stream().map(Revision::name).toList().indexOf(revision.name());
    }

    /** Plans the way down until a revision is the current one; {@code base} undoes all. */
    public static Plan downTo(State state, String name) {
        refuseUnlessReady(state);
        List<Revision> applied = state.applied();
        if (name.equals(Revision.BASE)) {
            return down(state, applied.size());
        }
        if (name.matches("-[0-9]{1,9}")) {
            return down(state, -Integer.parseInt(name));
        }
        Revision target = Revision.find(name, state.revisions());
        if (!state.isApplied(target)) {
            throw Refusal.usage(
                    target.name() + " is not applied, so nothing can be undone down to it",
                    "seedarr-db status, to see what is applied");
        }
        return down(state, applied.size() - 1 - indexOf(target, applied));
    }

    /** Plans to undo the newest revisions that are applied. */
    public static Plan down(State state, int count) {
        refuseUnlessReady(state);
        List<Revision> applied = state.applied();
        if (count < 0 || count > applied.size()) {
            throw Refusal.usage(
                    "cannot undo " + revisions(count) + ": " + applied.size()
                            + (applied.size() == 1 ? " is applied" : " are applied"),
                    applied.isEmpty() ? "seedarr-db status" : "a number from 1 to " + applied.size());
        }
        List<Revision> steps = new ArrayList<>(applied.subList(applied.size() - count, applied.size()));
        Collections.reverse(steps);
        return new Plan(Direction.DOWN, steps, Map.of());
    }

    /** Refuses what is half written, or not written for this kind of database: it would be done without its work. */
    public Plan refuseHalfWritten() {
        steps.stream().flatMap(step -> step.halfWritten(direction).stream()).forEach(refusal -> {
            throw refusal.leaving("nothing was changed");
        });
        return this;
    }

    /** Without a history there is nothing to go on from, up or down. */
    private static void refuseUnlessReady(State state) {
        state.refuseUnlessOwn();
        if (state.isUnmanaged() && !adopt(state, Optional.empty()).isEmpty()) {
            throw Refusal.failed(
                            "the database has " + state.unrecorded().orElseThrow()
                                    + " already, but no history: Alembic or the application made it",
                            "seedarr-db adopt, or seedarr-db update --adopt")
                    .leaving("nothing was changed");
        }
    }

    /** Plans to record what is in the schema already, up to a revision, or else up to the newest that is there. */
    public static Plan adopt(State state, Optional<String> at) {
        return record(state, () -> {
            Optional<Revision> revision =
                    at.filter(name -> !name.equals(Revision.BASE)).map(name -> Revision.find(name, state.revisions()));
            // Only what is pending can be in the schema and not in the history.
            if (at.isPresent() && revision.isEmpty() || state.pending().isEmpty()) {
                return Optional.empty();
            }
            if (state.schema().isEmpty() && revision.isPresent() && !state.isApplied(revision.get())) {
                throw Refusal.failed(
                        revision.get().name() + " is not there: the database has no tables", "seedarr-db update");
            }
            return state.schema().map(found -> found.adopt(revision));
        });
    }

    /** Plans to make what is missing of the revisions up to the newest of which anything is there, and to record them. */
    public static Plan finish(State state) {
        return record(state, () -> state.schema().map(Adoption::finish));
    }

    private static Plan record(State state, Supplier<Optional<Plan>> choice) {
        try {
            state.refuseUnlessOwn();
            return choice.get().orElse(new Plan(Direction.RECORD, List.of(), Map.of()));
        } catch (Refusal refusal) {
            throw refusal.exitCode() == ExitCode.USAGE ? refusal : refusal.leaving("nothing was changed");
        }
    }
}
