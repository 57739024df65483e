package seedarr.db.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Target;
import seedarr.db.state.Schema.Part;

/**
 * The schema that each revision leaves, found out by running the changelog's own CREATE, ALTER and DROP in an empty SQLite
 * database in memory. On PostgreSQL it is the same with that database's types, for a revision makes the same on both.
 *
 * @param base what is there when the first revision is undone again
 * @param stages one for each revision, oldest first
 */
public record Blueprint(Schema base, List<Stage> stages) {

    /**
     * A revision and what it leaves.
     *
     * @param adds what was not there before it
     * @param removes what is not there after it
     * @param onlyIndexes the names of its indexes, where it adds nothing else
     */
    record Stage(String revision, Schema schema, Set<Part> adds, Set<Part> removes, Set<String> onlyIndexes) {

        /** Returns whether there is anything that was not there before it. */
        boolean hasNew() {
            return !adds.isEmpty() || !onlyIndexes.isEmpty();
        }
    }

    /** Returns the schema of a revision; of the last that could be run, where that one could not. */
    public Schema at(String revision) {
        Schema schema = base;
        for (Stage stage : stages) {
            if (revision.equals(Revision.BASE)) {
                break;
            }
            schema = stage.schema();
            if (stage.revision().equals(revision)) {
                break;
            }
        }
        return schema;
    }

    /**
     * Runs the revisions' SQL, up to the first that fails, if one does: that one and what follows it cannot be recognised.
     */
    public static Blueprint of(List<Revision> revisions) {
        List<Stage> stages = new ArrayList<>();
        Schema base = new Schema(Map.of(), Set.of());
        try (Connection memory = Target.memory()) {
            run(revisions.get(0).schemaUp(), memory);
            run(revisions.get(0).schemaDown(), memory);
            base = Schema.read(memory, "sqlite");
            Schema before = base;
            for (Revision revision : revisions) {
                run(revision.schemaUp(), memory);
                Schema after = Schema.read(memory, "sqlite");
                stages.add(stage(revision.name(), before, after));
                before = after;
            }
        } catch (SQLException e) {
            return new Blueprint(base, stages);
        }
        return new Blueprint(base, stages);
    }

    private static Stage stage(String revision, Schema before, Schema after) {
        Set<Part> adds = without(after.parts(), before.parts());
        Set<String> indexes = new LinkedHashSet<>(adds.isEmpty() ? after.indexNames() : Set.of());
        indexes.removeAll(before.indexNames());
        return new Stage(revision, after, adds, without(before.parts(), after.parts()), indexes);
    }

    private static void run(List<String> statements, Connection memory) throws SQLException {
        try (Statement statement = memory.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static Set<Part> without(Set<Part> parts, Set<Part> others) {
        Set<Part> rest = new LinkedHashSet<>(parts);
        rest.removeAll(others);
        return rest;
    }
}
