package seedarr.db.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.state.Schema.Part;

/**
 * What a database has of the revisions that its history does not know. The schema decides: a revision is there when all
 * that it leaves is there, tables, columns and uniqueness. A revision that leaves nothing by which it could be recognised,
 * one that only changes rows for instance, counts as there only in a database without history, and only with a later one.
 */
public final class Adoption {

    private static final String AGAIN = ", then seedarr-db adopt";

    /** What statements that change rows begin with; those of a DO block may stand anywhere in it. */
    private static final Set<String> ROW_CHANGES =
            Set.of("insert", "update", "delete", "replace", "with", "merge", "copy", "truncate");

    private final List<Revision> revisions;
    private final Blueprint blueprint;
    private final Schema actual;
    private final Set<Part> parts;
    private final String kind;
    private final Connection connection;
    private final Predicate<String> isApplied;
    private final boolean hasBase;
    private final Optional<Refusal> foreign;
    private final Map<String, List<String>> differences = new LinkedHashMap<>();

    /**
     * Looks for the revisions. Reads the catalogue, and rows only where a NULL may be that must not be.
     *
     * @param precondition checks that of the first revision, which says in words for people what file_entries must have
     * @param isApplied tells whether the history has a revision
     */
    public Adoption(
            List<Revision> revisions,
            Supplier<Optional<Refusal>> precondition,
            String kind,
            Connection connection,
            Predicate<String> isApplied)
            throws SQLException {
        this.revisions = revisions;
        this.blueprint = Blueprint.of(revisions);
        this.actual = Schema.read(connection, kind);
        this.parts = actual.parts();
        this.kind = kind;
        this.connection = connection;
        this.isApplied = isApplied;
        Set<Part> base = blueprint.base().parts();
        hasBase = !base.isEmpty()
                && base.stream().filter(part -> part.key().isEmpty()).allMatch(parts::contains);
        foreign = hasBase ? Optional.empty() : precondition.get();
        Comparison comparison = new Comparison(connection, kind);
        for (Blueprint.Stage stage : blueprint.stages()) {
            differences.put(stage.revision(), comparison.differences(stage.schema(), actual));
        }
    }

    /** Returns the newest revision that is there and not in the history; empty when none is. */
    Optional<String> newest() {
        int newest = newestIndex();
        return newest < 0 || foreign.isPresent()
                ? Optional.empty()
                : Optional.of(blueprint.stages().get(newest).revision());
    }

    /** In a database with history, only what follows on it counts, one after the other. */
    private int newestIndex() {
        List<Blueprint.Stage> stages = blueprint.stages();
        int lastApplied = lastApplied();
        if (lastApplied < 0) {
            for (int i = stages.size() - 1; i >= 0; i--) {
                if (isThere(stages.get(i))) {
                    return i;
                }
            }
            return -1;
        }
        int newest = lastApplied;
        while (newest + 1 < stages.size() && isThere(stages.get(newest + 1))) {
            newest++;
        }
        return newest == lastApplied ? -1 : newest;
    }

    private int lastApplied() {
        List<Blueprint.Stage> stages = blueprint.stages();
        int last = stages.size() - 1;
        while (last >= 0 && !isApplied.test(stages.get(last).revision())) {
            last--;
        }
        return last;
    }

    private boolean isThere(Blueprint.Stage stage) {
        boolean leavesSigns = stage.hasNew() || !stage.removes().isEmpty();
        return leavesSigns
                && missing(stage).isEmpty()
                && actual.indexNames().containsAll(stage.onlyIndexes())
                && stage.removes().stream().noneMatch(parts::contains);
    }

    private List<Part> missing(Blueprint.Stage stage) {
        return stage.schema().parts().stream()
                .filter(Predicate.not(parts::contains))
                .toList();
    }

    /**
     * Plans to record the newest revision that is there and those before it.
     *
     * @throws Refusal when the database is not Seedarr's, a revision is there by half, or something in another form
     */
    List<String> choose() {
        refuseForeign();
        int newest = newestIndex();
        if (lastApplied() < 0) {
            refuseNamesTaken();
            refuseHalfApplied(newest);
        }
        return upTo(newest);
    }

    /**
     * Plans to record a revision and those before it.
     *
     * @throws Refusal when it is not there, or something is there in another form
     */
    List<String> choose(String revision) {
        refuseForeign();
        int index = indexOf(revision);
        if (index < 0) {
            throw Refusal.failed(
                    revision + " cannot be recognised: its SQL fails in an empty database",
                    "an earlier revision, or mending that one");
        }
        List<Part> missing = Part.whole(missing(blueprint.stages().get(index)));
        if (!isApplied.test(revision) && !missing.isEmpty()) {
            throw Refusal.failed(
                    revision + " is not there; missing: " + Part.list(missing),
                    "seedarr-db adopt --dry-run, to see what is there");
        }
        return upTo(index);
    }

    /** Alembic's batch mode copies a table, drops it and renames the copy: one that is stopped leaves the rows in the copy. */
    private void refuseWithoutRows() {
        for (String copy : actual.tables().keySet()) {
            String table = copy.replaceFirst("^_alembic_tmp_", "");
            if (!table.equals(copy) && !actual.tables().containsKey(table)) {
                throw Refusal.failed(
                        "Alembic was stopped while it made " + table + " anew: its rows are in " + copy,
                        "ALTER TABLE " + copy + " RENAME TO " + table + " in sqlite3, then the same command again");
            }
        }
    }

    void refuseForeign() {
        refuseWithoutRows();
        if (foreign.isPresent()) {
            throw foreign.get();
        }
    }

    /** Another thing of the same name is nobody's half revision. */
    private void refuseNamesTaken() {
        for (Blueprint.Stage stage : blueprint.stages()) {
            for (Part part : stage.adds()) {
                Schema.Table found = actual.tables().get(part.table());
                boolean isAnother = part.isTable()
                        && found != null
                        && 2 * columnsIn(found, stage.schema().tables().get(part.table())) < columns(stage, part);
                if (isAnother || actual.notTables().contains(part.table())) {
                    throw Refusal.failed(
                            part.table() + " is not what " + stage.revision() + " makes under this name: "
                                    + (isAnother ? "most of its columns are others" : "it is no table"),
                            "another name for it, then the same command again");
                }
            }
        }
    }

    private static int columns(Blueprint.Stage stage, Part table) {
        return stage.schema().tables().get(table.table()).columns().size();
    }

    private static long columnsIn(Schema.Table found, Schema.Table wanted) {
        return wanted.columns().keySet().stream()
                .filter(found.columns()::containsKey)
                .count();
    }

    /** The oldest revision that lacks something is named. */
    private void refuseHalfApplied(int newest) {
        int last = lastBegun();
        if (last <= newest) {
            return;
        }
        List<Blueprint.Stage> begun = blueprint.stages().subList(newest + 1, last + 1);
        List<Part> present = begun.stream()
                .flatMap(stage -> stage.adds().stream())
                .filter(parts::contains)
                .toList();
        if (present.isEmpty()) {
            return;
        }
        List<Part> missing = Part.whole(missing(begun.get(begun.size() - 1)));
        List<Part> left = left(begun.get(begun.size() - 1));
        Blueprint.Stage oldest = begun.stream()
                .filter(stage -> stage.adds().stream().anyMatch(Predicate.not(parts::contains)))
                .findFirst()
                .orElse(begun.get(begun.size() - 1));
        boolean isBegun = oldest.adds().stream().anyMatch(parts::contains);
        throw Refusal.failed(
                oldest.revision() + (isBegun ? " is half applied" : " is missing, but a later revision is not")
                        + "; there: " + Part.list(Part.whole(present))
                        + (missing.isEmpty() ? "" : "; missing: " + Part.list(missing))
                        + (left.isEmpty() ? "" : "; still there: " + Part.list(left)),
                "seedarr-db adopt --finish");
    }

    /** Returns the place of the newest revision of which anything is there. */
    private int lastBegun() {
        List<Blueprint.Stage> stages = blueprint.stages();
        int last = stages.size() - 1;
        while (last >= 0
                && stages.get(last).adds().stream().noneMatch(parts::contains)
                && stages.get(last).onlyIndexes().stream().noneMatch(actual.indexNames()::contains)) {
            last--;
        }
        return last;
    }

    private List<Part> left(Blueprint.Stage stage) {
        return Part.whole(stage.removes().stream().filter(parts::contains).toList());
    }

    /**
     * Plans to make all that is missing of the revisions up to the newest of which anything is there, and to record them.
     *
     * @throws Refusal when a person has to decide something first
     */
    List<String> chooseToFinish() {
        refuseForeign();
        if (!hasBase) {
            throw Refusal.failed(
                    "the tables are not there that the first revision builds on: "
                            + Part.list(Part.whole(List.copyOf(blueprint.base().parts()))),
                    "a URL that names Seedarr's database");
        }
        refuseNamesTaken();
        int last = Math.max(lastApplied(), Math.max(lastBegun(), newestIndex()));
        for (Blueprint.Stage stage : blueprint.stages().subList(0, last + 1)) {
            if (!isApplied.test(stage.revision()) && !isThere(stage)) {
                refuseWhatOnlyAPersonKnows(stage);
            }
        }
        return upTo(last);
    }

    private void refuseWhatOnlyAPersonKnows(Blueprint.Stage stage) {
        if (!left(stage).isEmpty()) {
            throw Refusal.failed(
                    stage.revision() + " drops what is still there: " + Part.list(left(stage)),
                    "dropping that by hand, then seedarr-db adopt --finish");
        }
        revisions.stream()
                .filter(revision -> revision.name().equals(stage.revision()))
                .flatMap(revision -> revision.up().stream())
                .filter(Adoption::changesRows)
                .findFirst()
                .ifPresent(sql -> {
                    throw Refusal.failed(
                            stage.revision() + " changes rows as well, and nobody knows whether that was done: "
                                    + sql.strip().lines().findFirst().orElse(""),
                            "doing by hand what it has not done" + AGAIN);
                });
    }

    private static boolean changesRows(String sql) {
        List<String> words = ExecutedSql.words(sql);
        return words.get(0).equals("do")
                ? words.stream().anyMatch(ROW_CHANGES::contains)
                : ROW_CHANGES.contains(words.get(0));
    }

    /** Refuses where anything of a revision is missing or in another form. */
    public void refuseUnlessWhole(String revision) {
        Blueprint.Stage stage = blueprint.stages().get(indexOf(revision));
        List<String> problems = new ArrayList<>(differences.get(revision));
        Part.whole(missing(stage)).forEach(part -> problems.add("missing: " + part));
        stage.schema().indexNames().stream()
                .filter(Predicate.not(actual.indexNames()::contains))
                .forEach(index -> problems.add("missing: index " + index));
        if (!problems.isEmpty()) {
            throw Refusal.failed(
                    "this would not be quite " + revision + ": " + String.join("; ", problems),
                    "mending that by hand" + AGAIN);
        }
    }

    private List<String> upTo(int index) {
        List<String> steps = blueprint.stages().subList(0, index + 1).stream()
                .map(Blueprint.Stage::revision)
                .filter(Predicate.not(isApplied))
                .toList();
        if (steps.isEmpty()) {
            return steps;
        }
        String last = steps.get(steps.size() - 1);
        if (!differences.get(last).isEmpty()) {
            throw Refusal.failed(
                    "this is not quite " + last + ": " + String.join("; ", differences.get(last)),
                    "mending that by hand" + AGAIN);
        }
        return steps;
    }

    private int indexOf(String revision) {
        return blueprint.stages().stream()
                .map(Blueprint.Stage::revision)
                .toList()
                .indexOf(revision);
    }

    /**
     * Returns the statements that make what a revision and those before it leave and the database does not have.
     *
     * @throws Refusal when something else has the name of an index, or as {@link Finish} says
     */
    Map<String, String> statements(String revision) {
        int index = indexOf(revision);
        Schema wanted = blueprint.stages().get(index).schema();
        for (Schema.Table table : wanted.tables().values()) {
            Schema.Table found = actual.tables().get(table.name());
            for (String name : table.indexNames()) {
                if (actual.hasName(name)
                        && (found == null || !found.indexNames().contains(name))) {
                    throw Refusal.failed(
                            "something else has the name of the index " + name + " of " + table.name(),
                            "another name for that one" + AGAIN);
                }
            }
        }
        try {
            return Finish.of(revisions.subList(0, index + 1), wanted, actual, kind, connection);
        } catch (SQLException e) {
            throw Refusal.failed("the database cannot be read: " + e.getMessage(), "seedarr-db status")
                    .because(e);
        }
    }
}
