package seedarr.db.state;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.changelog.Revision.Direction;
import seedarr.db.database.BackupFile;
import seedarr.db.state.StateReader.Query;

/**
 * How a database stands to the changelog: a function of the list of revisions and the history table's rows. What is in the
 * schema and not in the history it asks {@link Adoption}, as long as the database is open.
 */
public final class State {

    /**
     * A row of Liquibase's history table: a revision that was applied.
     *
     * @param appliedAt when, as the database wrote it: UTC on SQLite
     * @param checksum empty after Liquibase's {@code clear-checksums}
     */
    public record Row(String name, String author, String file, String appliedAt, String checksum) {

        /** The path does not count: it is another where the changelog lay in another folder. */
        boolean isOf(Revision revision) {
            return revision.name().equals(name) && Objects.equals(revision.author(), author);
        }

        /** What only a newer release of this changelog can know has a number, or an author of its own. */
        private boolean isOfAnother(List<Revision> revisions) {
            return !name.matches("(?s)\\d+_.*")
                    && revisions.stream()
                            .noneMatch(revision -> revision.author().equals(author));
        }

        /** A checksum of another version ({@code 8:…}) says nothing, and stays as it is. */
        private boolean differs(Revision revision) {
            String own = revision.checksum();
            return checksum.startsWith(own.substring(0, own.indexOf(':') + 1)) && !checksum.equals(own);
        }
    }

    /**
     * How a database differs from the schema of its revision.
     *
     * @param revision what the database is at; in one without history, what adopt would find
     * @param missing what the revision needs and the database has not, or in another form; and what to do about each
     * @param own what the database has in addition, which is the application's
     */
    public record Drift(String revision, Map<String, String> missing, List<String> own) {}

    private final List<Revision> revisions;
    private final Map<String, Revision> known = new HashMap<>();
    /** The rows of each revision that is applied, by its name, in the order in which they were. */
    private final Map<String, List<Row>> own = new LinkedHashMap<>();

    private final List<Row> unknown = new ArrayList<>();
    private final List<Row> others = new ArrayList<>();
    private final List<String> alembicVersions;
    private final Optional<Query> open;
    private Optional<Adoption> schema;
    private Optional<String> notAdoptable;

    /** Looks at the schema when that is asked for; {@code open} is empty where there are no tables of an application. */
    State(List<Revision> revisions, List<Row> rows, List<String> alembicVersions, Optional<Query> open) {
        this.revisions = revisions;
        this.alembicVersions = alembicVersions;
        this.open = open;
        revisions.forEach(revision -> known.put(revision.name(), revision));
        for (Row row : rows) {
            Revision revision = known.get(row.name());
            if (revision != null && row.isOf(revision)) {
                own.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(row);
            } else {
                (row.isOfAnother(revisions) ? others : unknown).add(row);
            }
        }
    }

    Optional<Adoption> schema() {
        if (schema == null) {
            schema = open.map(query -> new Adoption(this, query));
        }
        return schema;
    }

    /** Returns how the database will stand when a plan is carried out. */
    public State after(Plan plan) {
        List<Row> rows = new ArrayList<>(unknown);
        own.values().forEach(rows::addAll);
        for (Revision step : plan.steps()) {
            if (plan.direction() == Direction.DOWN) {
                rows.removeIf(row -> row.isOf(step));
            } else {
                rows.add(new Row(step.name(), step.author(), step.file(), "", step.checksum()));
            }
        }
        return new State(revisions, rows, List.of(), Optional.empty());
    }

    /** Returns every revision of the changelog, oldest first. */
    public List<Revision> revisions() {
        return revisions;
    }

    /** Returns the revisions that are applied, in the order in which they were; one that was twice, when it was first. */
    public List<Revision> applied() {
        return own.keySet().stream().map(known::get).toList();
    }

    /** Returns the revisions that are not applied, in the changelog's order. */
    public List<Revision> pending() {
        return revisions.stream().filter(revision -> !isApplied(revision)).toList();
    }

    /** Returns the applied revisions that were edited since: their checksum in the history is another. */
    public List<Revision> edited() {
        return revisions.stream()
                .filter(revision -> rows(revision).anyMatch(row -> row.differs(revision)))
                .toList();
    }

    /** Returns the applied revisions that have another path in the history. */
    public List<Revision> moved() {
        return revisions.stream()
                .filter(revision -> rows(revision).anyMatch(row -> !row.file().equals(revision.file())))
                .toList();
    }

    private Stream<Row> rows(Revision revision) {
        return own.getOrDefault(revision.name(), List.of()).stream();
    }

    /** Returns the rows of the history that this changelog does not know, oldest first. */
    public List<Row> unknown() {
        return unknown;
    }

    /** Returns the rows of the history that another changelog wrote, oldest first. They are none of this one's business. */
    public List<Row> others() {
        return others;
    }

    /** Returns the names in the history that this changelog does not know, oldest first. */
    public List<String> unknownNames() {
        return unknown().stream().map(Row::name).toList();
    }

    /** Returns when a revision was applied, as the history says it; empty when it is pending. */
    public Optional<String> appliedAt(Revision revision) {
        return rows(revision).findFirst().map(Row::appliedAt);
    }

    /** Returns a sentence where a revision is pending though a later one of the changelog is applied. */
    public Optional<String> overtaken() {
        return revisions.stream()
                .dropWhile(this::isApplied)
                .filter(this::isApplied)
                .findFirst()
                .map(later -> pending().get(0).name() + " comes before " + later.name() + ", which is applied already");
    }

    boolean isApplied(Revision revision) {
        return own.containsKey(revision.name());
    }

    /** Returns the revision that the database is at: the newest in the history, known or not, else {@code base}. */
    public String current() {
        return Stream.concat(applied().stream().map(Revision::name), unknownNames().stream())
                .reduce(Revision.BASE, (older, newer) -> newer);
    }

    /** Returns whether nothing is pending, unknown or edited. */
    public boolean isUpToDate() {
        return pending().isEmpty() && unknown().isEmpty() && edited().isEmpty();
    }

    /** Returns whether the history is empty: nothing was applied, all was undone, or another tool did it. */
    public boolean isUnmanaged() {
        return own.isEmpty() && unknown.isEmpty();
    }

    /** Returns whether nothing is in the database: no revision, and no table of an application. */
    public boolean isEmpty() {
        return isUnmanaged() && schema().isEmpty();
    }

    /** Returns what Alembic's own table says that the database is at; empty where there is no such table, or no row. */
    public List<String> alembicVersions() {
        return alembicVersions;
    }

    /** Returns the newest revision that is in the schema and not in the history. */
    public Optional<String> found() {
        return schema().flatMap(Adoption::found);
    }

    /** Returns the newest revision that is in the schema of a database without history; empty when none is. */
    public Optional<String> unrecorded() {
        return isUnmanaged() ? found() : Optional.empty();
    }

    /** Returns why a database without a history cannot be taken over; empty when it can, or needs not. */
    public Optional<String> notAdoptable() {
        if (notAdoptable == null) {
            notAdoptable = Optional.empty();
            try {
                if (isUnmanaged()) {
                    Plan.adopt(this, Optional.empty());
                }
            } catch (Refusal refusal) {
                if (refusal.getCause() instanceof SQLException) {
                    throw refusal;
                }
                notAdoptable = Optional.of(refusal.getMessage());
            }
        }
        return notAdoptable;
    }

    /** Returns a sentence when another tool made the database: what adopt would find. */
    public Optional<String> takeover() {
        return notAdoptable()
                .map(reason -> "not managed yet, and adopt would refuse: " + reason)
                .or(() -> unrecorded().map(name -> "not managed yet: seedarr-db adopt would find " + name));
    }

    /** Compares the schema with that of the revision; empty where there is no table. Refuses as adopt does. */
    public Optional<Drift> drift() {
        Plan.adopt(this, Optional.empty());
        return schema().map(Adoption::drift);
    }

    /** Refuses where anything of the newest revision that is applied is missing in the schema or in another form. */
    public void refuseUnlessWhole() {
        Drift drift = schema().orElseThrow().drift();
        Adoption.refuse(
                "this would not be quite " + drift.revision(), drift.missing().keySet());
    }

    /** Refuses a database that is not Seedarr's. */
    public void refuseForeign() {
        if (applied().isEmpty()) {
            schema().ifPresent(Adoption::refuseForeign);
            if (!unknown().isEmpty()) {
                throw Refusal.failed(
                        "its history has " + String.join(", ", unknownNames()) + " and no revision of this changelog",
                        "a URL that names Seedarr's database");
            }
        }
    }

    /** An old installation must neither extend nor undo a newer one's work, nor build on a changed foundation. */
    void refuseUnlessOwn() {
        if (!unknown().isEmpty()) {
            throw Refusal.failed(
                    "the database is ahead of this changelog: it has " + String.join(", ", unknownNames()), wayOn());
        }
        if (!edited().isEmpty()) {
            throw Refusal.failed(
                    String.join(", ", edited().stream().map(Revision::name).toList())
                            + " was edited after it was applied (its checksum differs)",
                    wayOn());
        }
    }

    /** Returns what to do about a database that is ahead of the changelog, or at a revision that was edited. */
    public String wayOn() {
        String release = "the release of seedarr-db that applied it";
        if (unknown().isEmpty()) {
            int first = revisions.indexOf(edited().get(0));
            return release + "; if the edit is yours, undo it, seedarr-db rollback "
                    + (first == 0 ? Revision.BASE : revisions.get(first - 1).name())
                    + ", and edit again; or restore a backup";
        }
        String way = release + ", to go up or down";
        return open.stream()
                .flatMap(query -> BackupFile.of(query.target()).stream())
                .filter(backup -> backup.revision().equals(Revision.BASE) || known.containsKey(backup.revision()))
                .findFirst()
                .map(backup -> way + "; or seedarr-db restore " + Refusal.shellWord(backup.file()))
                .orElse(way);
    }
}
