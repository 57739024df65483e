package seedarr.db.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many rows violate the foreign keys of a SQLite database, constraint by constraint
 * (sqlite.org/pragma.html#pragma_foreign_key_check). Constraints that nothing violates have no entry.
 */
public record ForeignKeyViolations(Map<Constraint, Long> counts) {
    /**
     * A foreign key, by what it says: SQLite's own numbers of foreign keys change when a table changes.
     *
     * @param columns the child's columns, with commas
     */
    public record Constraint(String child, String columns, String parent) {}

    /**
     * Counts the violations by reading every row of the tables that have foreign keys; writes nothing. A table for which
     * SQLite reports an error (foreign key mismatch) is left out: {@link UserObjects} tells if that is new.
     */
    public static ForeignKeyViolations read(Connection connection) throws SQLException {
        var counts = new LinkedHashMap<Constraint, Long>();
        try (Statement statement = connection.createStatement()) {
            for (var child : foreignKeys(statement).entrySet()) {
                try (ResultSet rows = statement.executeQuery("SELECT fkid, count(*) FROM pragma_foreign_key_check("
                        + literal(child.getKey()) + ", 'main') GROUP BY fkid")) {
                    while (rows.next()) {
                        counts.merge(child.getValue().get(rows.getInt(1)), rows.getLong(2), Long::sum);
                    }
                } catch (SQLException e) {
                    counts.keySet().removeIf(constraint -> constraint.child().equals(child.getKey()));
                }
            }
        }
        return new ForeignKeyViolations(counts);
    }

    private static Map<String, Map<Integer, Constraint>> foreignKeys(Statement statement) throws SQLException {
        var foreignKeys = new LinkedHashMap<String, Map<Integer, Constraint>>();
        try (ResultSet rows = statement.executeQuery("""
                SELECT s.name, f.id, group_concat(f."from"), f."table"
                FROM main.sqlite_schema s JOIN pragma_foreign_key_list(s.name, 'main') f
                WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL TABLE%'
                GROUP BY s.rowid, f.id""")) {
            while (rows.next()) {
                foreignKeys
                        .computeIfAbsent(rows.getString(1), child -> new LinkedHashMap<>())
                        .put(rows.getInt(2), new Constraint(rows.getString(1), rows.getString(3), rows.getString(4)));
            }
        }
        return foreignKeys;
    }

    private static String literal(String name) {
        return "'" + name.replace("'", "''") + "'";
    }

    /**
     * Returns a sentence for each constraint with more violations than before, such as "3 rows of child refer to
     * file_entries rows that are not there"; the number is of those that came in addition.
     */
    public List<String> newSince(ForeignKeyViolations before) {
        var sentences = new ArrayList<String>();
        counts.forEach((constraint, count) -> {
            long more = count - before.counts.getOrDefault(constraint, 0L);
            if (more > 0) {
                sentences.add((more == 1 ? "1 row of " : more + " rows of ") + constraint.child()
                        + (more == 1 ? " refers to " : " refer to ") + constraint.parent()
                        + " rows that are not there");
            }
        });
        return sentences;
    }
}
