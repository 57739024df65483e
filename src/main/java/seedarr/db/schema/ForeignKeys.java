package seedarr.db.schema;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * The foreign keys of a database.
 *
 * @param mismatches what SQLite says against the foreign keys of a table, by the folded name of the table: for instance
 *     that the parent's columns have no unique index (sqlite.org/foreignkeys.html#fk_indexes)
 */
record ForeignKeys(Set<ForeignKey> all, Map<String, String> mismatches) {
    /** All names are folded; {@code to} is null for the parent's primary key. */
    record ForeignKey(String child, String from, String parent, String to) {}

    static ForeignKeys read(Statement statement) throws SQLException {
        var keys = new ForeignKeys(new LinkedHashSet<>(), new HashMap<>());
        try (ResultSet rows = statement.executeQuery("""
                SELECT s.name, f."from", f."table", f."to"
                FROM main.sqlite_schema s JOIN pragma_foreign_key_list(s.name, 'main') f
                WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL TABLE%'""")) {
            while (rows.next()) {
                keys.all.add(new ForeignKey(
                        SchemaObject.fold(rows.getString(1)),
                        SchemaObject.fold(rows.getString(2)),
                        SchemaObject.fold(rows.getString(3)),
                        rows.getString(4) == null ? null : SchemaObject.fold(rows.getString(4))));
            }
        }
        for (ForeignKey key : keys.all) {
            try { // compiling is enough for SQLite to look for the parents' unique indexes: no row is read
                statement.execute("EXPLAIN PRAGMA main.foreign_key_check(" + SchemaObject.quote(key.child) + ")");
            } catch (SQLException e) {
                keys.mismatches.put(key.child, ApplicationStubs.message(e));
            }
        }
        return keys;
    }

    /**
     * Returns why tables no longer work, by {@link SchemaObject#key()}.
     *
     * @param gone names a table, or the column of a table, that was there and is not there now; else null
     */
    Map<String, String> brokenBy(ForeignKeys after, BinaryOperator<String> gone) {
        var reasons = new HashMap<String, String>();
        after.mismatches.forEach((child, message) -> {
            if (!mismatches.containsKey(child)) {
                reasons.put("table " + child, "would no longer work: " + message);
            }
        });
        var uses = new HashMap<String, Set<String>>();
        for (ForeignKey key : all) {
            String parent = gone.apply(key.parent, key.to);
            if (parent != null && after.all.contains(key)) {
                UserObjects.note(uses, "table " + key.child, parent);
            }
        }
        reasons.putAll(UserObjects.sentences(uses));
        return reasons;
    }
}
