package seedarr.db.migrate;

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
import seedarr.db.schema.Comparison;
import seedarr.db.schema.Schema;
import seedarr.db.schema.Schema.Part;

/**
 * What a database has of the revisions that its history does not know. The schema decides: a revision is there when all
 * that it leaves is there, tables, columns and uniqueness. A revision that leaves nothing by which it could be recognised,
 * one that only changes rows for instance, counts as there only in a database without history, and only with a later one.
 */
final class Adoption {

    private static final String AGAIN = ", then seedarr-db adopt";

    private final Blueprint blueprint;
    private final Schema actual;
    private final Set<Part> parts;
    private final Predicate<String> isApplied;
    private final ByHand byHand;
    private final Optional<Refusal> foreign;
    private final Map<String, List<String>> differences = new LinkedHashMap<>();

    private Adoption(
            Blueprint blueprint,
            Schema actual,
            ByHand byHand,
            Supplier<Optional<Refusal>> precondition,
            Predicate<String> isApplied) {
        this.blueprint = blueprint;
        this.actual = actual;
        this.parts = actual.parts();
        this.isApplied = isApplied;
        this.byHand = byHand;
        Set<Part> base = blueprint.base().parts();
        boolean isSeedarrs = !base.isEmpty()
                && base.stream().filter(part -> part.key().isEmpty()).allMatch(parts::contains);
        this.foreign = isSeedarrs ? Optional.empty() : precondition.get();
    }

    /**
     * Looks for the revisions. Reads the catalogue, and rows only where a NULL may be that must not be.
     *
     * @param precondition checks that of the first revision, which says in words for people what file_entries must have
     * @param isApplied tells whether the history has a revision
     */
    static Adoption find(
            List<Revision> revisions,
            Supplier<Optional<Refusal>> precondition,
            String kind,
            Connection connection,
            Predicate<String> isApplied)
            throws SQLException {
        Schema actual = Schema.read(connection, kind);
        Adoption adoption = new Adoption(
                Blueprint.of(revisions), actual, new ByHand(revisions, kind, actual), precondition, isApplied);
        Comparison comparison = new Comparison(connection, kind);
        for (Blueprint.Stage stage : adoption.blueprint.stages()) {
            adoption.differences.put(stage.revision(), comparison.differences(stage.schema(), adoption.actual));
        }
        return adoption;
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

    void refuseForeign() {
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

    /** The oldest revision that lacks something is named, with all that would have to be made for those that are there. */
    private void refuseHalfApplied(int newest) {
        List<Blueprint.Stage> later =
                blueprint.stages().subList(newest + 1, blueprint.stages().size());
        List<Part> present = later.stream()
                .flatMap(stage -> stage.adds().stream())
                .filter(parts::contains)
                .toList();
        if (present.isEmpty()) {
            return;
        }
        List<Blueprint.Stage> begun = new ArrayList<>(later);
        while (begun.get(begun.size() - 1).adds().stream().noneMatch(parts::contains)) {
            begun.remove(begun.size() - 1);
        }
        Blueprint.Stage last = begun.get(begun.size() - 1);
        List<Part> missing = Part.whole(missing(last));
        List<Part> left =
                Part.whole(last.removes().stream().filter(parts::contains).toList());
        Blueprint.Stage oldest = begun.stream()
                .filter(stage -> stage.adds().stream().anyMatch(Predicate.not(parts::contains)))
                .findFirst()
                .orElse(last);
        boolean isBegun = oldest.adds().stream().anyMatch(parts::contains);
        throw Refusal.failed(
                        oldest.revision() + (isBegun ? " is half applied" : " is missing, but a later revision is not")
                                + "; there: " + Part.list(Part.whole(present))
                                + (missing.isEmpty() ? "" : "; missing: " + Part.list(missing))
                                + (left.isEmpty() ? "" : "; still there: " + Part.list(left)),
                        "to finish it, then seedarr-db adopt: " + byHand.toMake(last.schema(), missing, left))
                .leaving("nothing was changed; to go back, and lose what these hold: "
                        + byHand.toDrop(Part.whole(present)));
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
     * Returns the statements that make the indexes that a revision leaves and the database does not have, by name.
     *
     * @throws Refusal when something else has the name of one
     */
    Map<String, String> missingIndexes(String revision) {
        Map<String, String> statements = new LinkedHashMap<>();
        Schema wanted = blueprint.stages().get(indexOf(revision)).schema();
        for (Schema.Table table : wanted.tables().values()) {
            for (String index : table.indexNames()) {
                if (actual.tables().get(table.name()).indexNames().contains(index)) {
                    continue;
                }
                if (actual.hasName(index)) {
                    throw Refusal.failed(
                            "something else has the name of the index " + index + " of " + table.name(),
                            "another name for that one" + AGAIN);
                }
                byHand.createIndex(index).ifPresent(sql -> statements.put(index, sql));
            }
        }
        return statements;
    }
}
