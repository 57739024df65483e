package seedarr.db.migrate;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import seedarr.db.Refusal;

/** How a database stands to the changelog: a function of the list of revisions and the history table's rows. */
public final class State {

    private final List<Revision> revisions;
    private final List<HistoryRow> history;

    State(List<Revision> revisions, List<HistoryRow> history) {
        this.revisions = List.copyOf(revisions);
        this.history = List.copyOf(history);
    }

    /** Returns every revision of the changelog, oldest first. */
    public List<Revision> revisions() {
        return revisions;
    }

    /** Returns the revisions that are applied, in the order in which they were. */
    public List<Revision> applied() {
        return history.stream()
                .flatMap(row -> revisions.stream().filter(revision -> revision.isThatOf(row)))
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

    /** A checksum of another version ({@code 8:…}) says nothing; Liquibase renews it when it writes. */
    private static boolean isAnother(String applied, String own) {
        return applied.startsWith(own.substring(0, own.indexOf(':') + 1)) && !applied.equals(own);
    }

    /** Returns the names in the history that this changelog does not know, oldest first. */
    public List<String> unknown() {
        return unknownRows().map(HistoryRow::name).toList();
    }

    private Stream<HistoryRow> unknownRows() {
        return history.stream().filter(row -> revisions.stream().noneMatch(revision -> revision.isThatOf(row)));
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

    /** Returns whether nothing is pending, unknown or edited. */
    public boolean isUpToDate() {
        return pending().isEmpty() && unknown().isEmpty() && edited().isEmpty();
    }

    /**
     * Returns the revision that a name means: the name itself or a prefix that only one has.
     *
     * @throws Refusal when no revision or more than one begins so
     */
    public Revision find(String name) {
        List<Revision> candidates = candidates(name);
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        String known = (candidates.isEmpty() ? revisions : candidates)
                .stream().map(Revision::name).collect(joining(", "));
        throw Refusal.usage(
                candidates.isEmpty()
                        ? "there is no revision " + shown(name)
                        : shown(name) + " means more than one revision",
                known.isEmpty() ? "a changelog with revisions" : "one of " + known);
    }

    private List<Revision> candidates(String name) {
        if (name.equals(Revision.HEAD) && !revisions.isEmpty()) {
            return List.of(revisions.get(revisions.size() - 1));
        }
        Optional<Revision> exact = revisions.stream()
                .filter(revision -> revision.name().equals(name))
                .findFirst();
        return exact.map(List::of)
                .orElseGet(() -> revisions.stream()
                        .filter(revision -> !name.isEmpty() && revision.name().startsWith(name))
                        .toList());
    }

    /** Repeats only what may be a revision: a URL, misplaced, may hold a password. */
    private static String shown(String name) {
        return name.matches("[\\w.-]*") ? name : "of this name";
    }

    /** Plans the way up to and including a revision. */
    public Plan up(String name) {
        refuseUnlessOwn();
        if (name.equals(Revision.BASE)) {
            throw Refusal.usage("update does not go down to base", "seedarr-db rollback base");
        }
        int last = revisions.isEmpty() && name.equals(Revision.HEAD) ? -1 : revisions.indexOf(find(name));
        List<Revision> steps = revisions.subList(0, last + 1).stream()
                .filter(Predicate.not(this::isApplied))
                .toList();
        return new Plan(
                Plan.Direction.UP,
                current(),
                steps,
                steps.isEmpty() ? current() : find(name).name());
    }

    /** Plans the way down until a revision is the current one; {@code base} undoes all. */
    public Plan downTo(String name) {
        refuseUnlessOwn();
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
        return down(applied.size() - 1 - applied.indexOf(target));
    }

    /** Plans to undo the newest revisions that are applied. */
    public Plan down(int count) {
        refuseUnlessOwn();
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
                Plan.Direction.DOWN,
                current(),
                steps,
                left == 0 ? Revision.BASE : applied.get(left - 1).name());
    }

    /** An old installation must neither extend nor undo a newer one's work, nor build on a changed foundation. */
    private void refuseUnlessOwn() {
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
        return history.stream().filter(revision::isThatOf).findFirst();
    }
}
