package seedarr.db.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.database.SqliteFile;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.state.Schema.Part;
import seedarr.db.state.Schema.Type;

/**
 * A revision, and what is there of it. The schema before and after it is found out by running the changelog's own CREATE,
 * ALTER and DROP in an empty SQLite database in memory. On PostgreSQL it is the same with that database's types, for a
 * revision makes the same on both.
 *
 * @param before of the first revision, what is there when it is undone again
 * @param signs what it adds, by which it is recognised; its indexes, where it adds nothing else
 * @param removed what it removes
 * @param actual what the database has that is looked at
 */
record Stage(Revision revision, Schema before, Schema after, List<Part> signs, List<Part> removed, Schema actual) {

    /** What statements that change rows begin with; those of a DO block may stand anywhere in it. */
    private static final Set<String> ROW_CHANGES =
            Set.of("insert update delete replace with merge copy truncate".split(" "));

    /**
     * Runs the revisions' SQL, up to the first that fails: that one and what follows it cannot be recognised. Nothing of them
     * is there.
     */
    static List<Stage> of(List<Revision> revisions) {
        List<Stage> stages = new ArrayList<>();
        try (Connection memory = SqliteFile.memory()) {
            run(revisions.get(0).schemaUp(), memory);
            Schema before = run(revisions.get(0).schemaDown(), memory);
            for (Revision revision : revisions) {
                Schema after = run(revision.schemaUp(), memory);
                List<Part> added = before.lacking(after.parts());
                List<Part> signs = added.isEmpty() ? before.lacking(after.parts(Type.INDEX)) : added;
                stages.add(
                        new Stage(revision, before, after, signs, after.lacking(before.parts()), new Schema(Map.of())));
                before = after;
            }
        } catch (SQLException e) {
            // What came before it can be recognised.
        }
        return stages;
    }

    private static Schema run(List<String> statements, Connection memory) throws SQLException {
        try (Statement statement = memory.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return Schema.read(memory);
    }

    /** Returns the same in another database. */
    Stage in(Schema other) {
        return new Stage(revision, before, after, signs, removed, other);
    }

    List<Part> begun() {
        return signs.stream().filter(actual::has).toList();
    }

    List<Part> missing() {
        return actual.lacking(after.parts());
    }

    /** Returns what is there of what it removes. */
    List<Part> left() {
        return removed.stream().filter(actual::has).toList();
    }

    boolean isThere() {
        boolean leavesSigns = !(signs.isEmpty() && removed.isEmpty());
        return leavesSigns && begun().size() == signs.size() && missing().isEmpty() && left().isEmpty();
    }

    /** Refuses what cannot be finished, because only a person knows whether it was done. */
    void refuseWhatOnlyAPersonKnows() {
        if (!left().isEmpty()) {
            throw Refusal.failed(
                    revision.name() + Part.list(" drops what is still there: ", left()),
                    "dropping that by hand, then seedarr-db adopt --finish");
        }
        revision.up().stream().filter(Stage::changesRows).findFirst().ifPresent(sql -> {
            throw Refusal.failed(
                    revision.name() + " changes rows as well, and nobody knows whether that was done: "
                            + sql.strip().lines().findFirst().orElse(""),
                    "doing by hand what it has not done, then seedarr-db adopt");
        });
    }

    private static boolean changesRows(String sql) {
        List<String> words = ExecutedSql.words(sql);
        return words.stream()
                .limit(words.get(0).equals("do") ? words.size() : 1)
                .anyMatch(ROW_CHANGES::contains);
    }
}
