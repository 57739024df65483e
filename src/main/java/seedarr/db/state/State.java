package seedarr.db.state;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;

/**
 * How a database stands to the changelog: a function of the list of revisions and the history table's rows. Of a database
 * without history it knows what {@link Adoption} finds.
 */
public final class State {

    private final List<Revision> revisions;
    private final List<HistoryRow> history;
    private final List<String> alembicVersions;
    private Supplier<Optional<Adoption>> look;
    private Optional<Adoption> adoption = Optional.empty();

    /**
     * @param look finds in the schema what the history does not know, when that is asked for
     */
    public State(
            List<Revision> revisions,
            List<HistoryRow> history,
            List<String> alembicVersions,
            Supplier<Optional<Adoption>> look) {
        this.revisions = List.copyOf(revisions);
        this.history = List.copyOf(history);
        this.alembicVersions = List.copyOf(alembicVersions);
        this.look = look;
    }

    /** Returns a state that is never asked for what the history does not know. */
    public static State of(List<Revision> revisions, List<HistoryRow> history) {
        return new State(revisions, history, List.of(), Optional::empty);
    }

    private Optional<Adoption> adoption() {
        return pending().isEmpty() ? Optional.empty() : wholeSchema();
    }

    private Optional<Adoption> wholeSchema() {
        if (look != null) {
            adoption = look.get();
            look = null;
        }
        return adoption;
    }

    /** Returns how the database will stand when a plan is carried out. */
    public State after(Plan plan) {
        List<HistoryRow> rows = new ArrayList<>(history);
        for (Revision step : plan.steps()) {
            if (plan.direction() == Revision.Direction.DOWN) {
                rows.removeIf(row -> row.isOf(step));
            } else {
                rows.add(new HistoryRow(step.name(), step.author(), step.file(), "", Optional.of(step.checksum())));
            }
        }
        return of(revisions, rows);
    }

    /** Returns every revision of the changelog, oldest first. */
    public List<Revision> revisions() {
        return revisions;
    }

    /** Returns the revisions that are applied, in the order in which they were. */
    public List<Revision> applied() {
        return history.stream()
                .flatMap(row -> revisions.stream().filter(revision -> row.isOf(revision)))
                .toList();
    }

    /** Returns the revisions that are not applied, in the changelog's order. */
    public List<Revision> pending() {
        return revisions.stream().filter(Predicate.not(this::isApplied)).toList();
    }

    /** Returns the applied revisions that were edited since: their checksum in the history is another. */
    public List<Revision> edited() {
        return revisions.stream()
                .filter(revision -> row(revision)
                        .flatMap(HistoryRow::checksum)
                        .filter(checksum -> isAnother(checksum, revision.checksum()))
                        .isPresent())
                .toList();
    }

    /** A checksum of another version ({@code 8:…}) says nothing, and stays as it is. */
    private static boolean isAnother(String applied, String own) {
        return applied.startsWith(own.substring(0, own.indexOf(':') + 1)) && !applied.equals(own);
    }

    /** Returns the names in the history that this changelog does not know, oldest first. */
    public List<String> unknown() {
        return unknownRows().map(HistoryRow::name).toList();
    }

    private Stream<HistoryRow> unknownRows() {
        return history.stream().filter(row -> revisions.stream().noneMatch(revision -> row.isOf(revision)));
    }

    /** Returns when a revision was applied, as the history says it; empty when it is pending. */
    public Optional<String> appliedAt(Revision revision) {
        return row(revision).map(HistoryRow::appliedAt);
    }

    /** Returns when what this changelog does not know was applied, in the order of {@link #unknown}. */
    public List<String> unknownAppliedAt() {
        return unknownRows().map(HistoryRow::appliedAt).toList();
    }

    /** Returns the revision that the database is at: the newest in the history, known or not, else {@code base}. */
    public String current() {
        List<String> unknown = unknown();
        if (!unknown.isEmpty()) {
            return unknown.get(unknown.size() - 1);
        }
        List<Revision> applied = applied();
        return applied.isEmpty()
                ? Revision.BASE
                : applied.get(applied.size() - 1).name();
    }

    /** Returns whether the history is empty: nothing was applied, all was undone, or another tool did it. */
    public boolean isUnmanaged() {
        return history.isEmpty();
    }

    /** Tells whether the history has a revision of this name. */
    public boolean hasApplied(String name) {
        return applied().stream().anyMatch(revision -> revision.name().equals(name));
    }

    /** Returns what Alembic's own table says that the database is at; empty where there is no such table, or no row. */
    public List<String> alembicVersions() {
        return alembicVersions;
    }

    /** Returns the newest revision that is in the schema; looked for only where some are pending. */
    public Optional<String> found() {
        return adoption().flatMap(Adoption::newest);
    }

    /** Returns the newest revision that is in the schema of a database without history; empty when none is. */
    public Optional<String> unrecorded() {
        return isUnmanaged() ? found() : Optional.empty();
    }

    /** Returns why a database without a history cannot be taken over; empty when it can, or needs not. */
    public Optional<String> notAdoptable() {
        try {
            if (isUnmanaged()) {
                adopt(Optional.empty());
            }
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(refusal.getMessage());
        }
    }

    /** Returns a sentence when another tool made the database: what adopt would find. */
    public Optional<String> takeover() {
        return notAdoptable()
                .map(reason -> "not managed yet, and adopt would refuse: " + reason)
                .or(() -> unrecorded().map(name -> "not managed yet: seedarr-db adopt would find " + name));
    }

    /**
     * Plans to record in the history what is in the schema already.
     *
     * @param at up to which revision; without it, the newest that is there
     * @throws Refusal when the database is not Seedarr's, or a revision is there by half or in another form
     */
    public Plan adopt(Optional<String> at) {
        return record(Revision.Direction.RECORD, () -> names(at));
    }

    /**
     * Plans to make what is missing of the revisions up to the newest of which anything is there, and to record them.
     *
     * @throws Refusal when the database is not Seedarr's, or a person has to decide something first
     */
    public Plan finish() {
        return record(
                Revision.Direction.FINISH,
                () -> wholeSchema().map(Adoption::chooseToFinish).orElse(List.of()));
    }

    private Plan record(Revision.Direction direction, Supplier<List<String>> choice) {
        try {
            refuseUnlessOwn();
            List<String> names = choice.get();
            List<Revision> steps = names.stream().map(this::find).toList();
            String to = names.isEmpty() ? current() : names.get(names.size() - 1);
            boolean isWhole = steps.isEmpty() && direction == Revision.Direction.RECORD || to.equals(Revision.BASE);
            Map<String, String> makes = isWhole
                    ? Map.of()
                    : wholeSchema().map(found -> found.statements(to)).orElse(Map.of());
            return new Plan(direction, current(), steps, to, makes);
        } catch (Refusal refusal) {
            throw refusal.standing().isPresent() || refusal.exitCode() == ExitCode.USAGE
                    ? refusal
                    : refusal.leaving("nothing was changed");
        }
    }

    private List<String> names(Optional<String> at) {
        if (at.isEmpty()) {
            return adoption().map(Adoption::choose).orElse(List.of());
        }
        if (at.get().equals(Revision.BASE)) {
            return List.of();
        }
        String name = find(at.get()).name();
        return adoption().map(found -> found.choose(name)).orElseGet(() -> refuseWithoutTables(name));
    }

    private List<String> refuseWithoutTables(String name) {
        if (hasApplied(name)) {
            return List.of();
        }
        throw Refusal.failed(name + " is not there: the database has no tables", "seedarr-db update");
    }

    /** Returns whether nothing is pending, unknown or edited. */
    public boolean isUpToDate() {
        return pending().isEmpty() && unknown().isEmpty() && edited().isEmpty();
    }

    /** Returns the revision that a name means, see {@link Revision#find}. */
    public Revision find(String name) {
        return Revision.find(name, revisions);
    }

    /** Plans the way up to and including a revision. */
    public Plan up(String name) {
        if (name.equals(Revision.BASE)) {
            throw Refusal.usage("update does not go down to base", "seedarr-db rollback base");
        }
        refuseUnlessOwn();
        refuseUnrecorded();
        int last = revisions.isEmpty() && name.equals(Revision.HEAD) ? -1 : indexOf(find(name), revisions);
        List<Revision> steps = revisions.subList(0, last + 1).stream()
                .filter(Predicate.not(this::isApplied))
                .toList();
        return new Plan(
                Revision.Direction.UP,
                current(),
                steps,
                steps.isEmpty() ? current() : find(name).name());
    }

    /** By name: for the first comparison of two records, Java has to make the code that compares them, 14 ms. */
    private static int indexOf(Revision revision, List<Revision> revisions) {
        return revisions.stream().map(Revision::name).toList().indexOf(revision.name());
    }

    /** Without a history there is nothing to go on from, up or down. */
    private void refuseUnrecorded() {
        if (isUnmanaged() && !adopt(Optional.empty()).isEmpty()) {
            throw Refusal.failed(
                            "the database has " + unrecorded().orElseThrow()
                                    + " already, but no history: Alembic or the application made it",
                            "seedarr-db adopt, or seedarr-db update --adopt")
                    .leaving("nothing was changed");
        }
    }

    /** Plans the way down until a revision is the current one; {@code base} undoes all. */
    public Plan downTo(String name) {
        refuseUnlessOwn();
        refuseUnrecorded();
        if (name.equals(Revision.BASE)) {
            return down(applied().size());
        }
        Revision target = find(name);
        if (!isApplied(target)) {
            throw Refusal.usage(
                    target.name() + " is not applied, so nothing can be undone down to it",
                    "seedarr-db status, to see what is applied");
        }
        List<Revision> applied = applied();
        return down(applied.size() - 1 - indexOf(target, applied));
    }

    /** Plans to undo the newest revisions that are applied. */
    public Plan down(int count) {
        refuseUnlessOwn();
        refuseUnrecorded();
        List<Revision> applied = applied();
        if (count < 0 || count > applied.size()) {
            throw Refusal.usage(
                    "cannot undo " + Plan.revisions(count) + ": " + applied.size()
                            + (applied.size() == 1 ? " is applied" : " are applied"),
                    applied.isEmpty() ? "seedarr-db status" : "a number from 1 to " + applied.size());
        }
        int left = applied.size() - count;
        List<Revision> steps = new ArrayList<>(applied.subList(left, applied.size()));
        Collections.reverse(steps);
        return new Plan(
                Revision.Direction.DOWN,
                current(),
                steps,
                left == 0 ? Revision.BASE : applied.get(left - 1).name());
    }

    /** Returns whether nothing is in the database: no revision, and no table of an application. */
    public boolean isEmpty() {
        return history.isEmpty() && adoption().isEmpty();
    }

    /**
     * Refuses a database that is not Seedarr's.
     *
     * @throws Refusal with the reason
     */
    public void refuseForeign() {
        if (applied().isEmpty()) {
            adoption().ifPresent(Adoption::refuseForeign);
            if (!unknown().isEmpty()) {
                throw Refusal.failed(
                        "its history has " + String.join(", ", unknown()) + " and no revision of this changelog",
                        "a URL that names Seedarr's database");
            }
        }
    }

    /** An old installation must neither extend nor undo a newer one's work, nor build on a changed foundation. */
    public void refuseUnlessOwn() {
        if (!unknown().isEmpty()) {
            throw Refusal.failed(
                    "the database is ahead of this changelog: it has " + String.join(", ", unknown()),
                    "the release of seedarr-db that applied it, to go up or down");
        }
        if (!edited().isEmpty()) {
            throw Refusal.failed(
                    edited().stream().map(Revision::name).collect(joining(", "))
                            + " was edited after it was applied (its checksum differs)",
                    "the changelog of the release that applied it; put a change into a new revision");
        }
    }

    private boolean isApplied(Revision revision) {
        return row(revision).isPresent();
    }

    private Optional<HistoryRow> row(Revision revision) {
        return history.stream().filter(row -> row.isOf(revision)).findFirst();
    }
}
