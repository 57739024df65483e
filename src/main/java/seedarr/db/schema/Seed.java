package seedarr.db.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fills the empty tables of a SQLite database with rows that a migration could spoil: awkward text, extreme numbers, NULLs
 * where they may be, foreign keys that hold.
 */
public final class Seed {

    private static final int ROWS = 3;

    private final Statement statement;

    private Seed(Statement statement) {
        this.statement = statement;
    }

    /** Fills every table that has no rows yet, and returns the names of those that took none. */
    public static List<String> into(Connection connection, Set<String> except) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            var seed = new Seed(statement);
            List<Map<String, String>> tables = new ArrayList<>(seed.rows(
                    "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                            + " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY rowid"));
            tables.removeIf(table -> except.contains(table.get("name").toLowerCase(Locale.ROOT)));
            List<String> empty = new ArrayList<>();
            // A second time, for tables that refer to later ones.
            for (int time = 0; time < 2; time++) {
                empty.clear();
                for (Map<String, String> table : tables) {
                    if (!seed.hasRows(table.get("name")) && !seed.fill(table.get("name"), table.get("sql"))) {
                        empty.add(table.get("name"));
                    }
                }
            }
            return empty;
        }
    }

    private boolean hasRows(String table) throws SQLException {
        return !rows("SELECT 1 AS n FROM main." + SchemaObject.quote(table) + " LIMIT 1")
                .isEmpty();
    }

    private boolean fill(String table, String sql) throws SQLException {
        String name = literal(table);
        List<Map<String, String>> columns = rows("SELECT name, type, \"notnull\", pk, (SELECT f.\"table\" || char(0) ||"
                + " coalesce(f.\"to\", (SELECT p.name FROM pragma_table_info(f.\"table\") p WHERE p.pk = 1))"
                + " FROM pragma_foreign_key_list(" + name + ") f WHERE f.\"from\" = c.name) AS parent"
                + " FROM pragma_table_xinfo(" + name + ") c WHERE hidden = 0");
        // What a CHECK may ask for: the literals of the table's own text, and small numbers.
        List<String> literals = ExecutedSql.words(sql).stream()
                .filter(word -> word.startsWith("'") || word.matches("\\d+"))
                .toList();
        boolean filled = false;
        for (int row = 1; row <= ROWS; row++) {
            for (int attempt = 0; attempt <= literals.size() + 1; attempt++) {
                if (insert(table, columns, row, attempt, literals)) {
                    filled = true;
                    break;
                }
            }
        }
        return filled;
    }

    private boolean insert(String table, List<Map<String, String>> columns, int row, int attempt, List<String> literals)
            throws SQLException {
        var values = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            Map<String, String> column = columns.get(i);
            boolean mayBeNull =
                    column.get("notnull").equals("0") && column.get("pk").equals("0");
            if (mayBeNull && (row == 2 || attempt > 0)) {
                values.add("NULL");
            } else if (column.get("parent") != null) {
                values.add(reference(column.get("parent"), row));
            } else if (attempt > 0
                    && attempt <= literals.size()
                    && column.get("pk").equals("0")) {
                values.add(fitting(column.get("type"), literals.get((attempt + i) % literals.size()), row));
            } else {
                values.add(value(column.get("type"), row, i));
            }
        }
        String names = columns.stream()
                .map(column -> SchemaObject.quote(column.get("name")))
                .collect(Collectors.joining(", "));
        try {
            return statement.executeUpdate("INSERT INTO main." + SchemaObject.quote(table) + " (" + names + ") VALUES ("
                            + String.join(", ", values) + ")")
                    > 0;
        } catch (SQLException e) {
            return false;
        }
    }

    /** What a foreign key refers to in one of the parent's rows. */
    private static String reference(String parent, int row) {
        String[] names = parent.split("\0", 2);
        String table = "main." + SchemaObject.quote(names[0]);
        return "(SELECT " + SchemaObject.quote(names[1]) + " FROM " + table + " LIMIT 1 OFFSET " + (row - 1)
                + " % max(1, (SELECT count(*) FROM " + table + ")))";
    }

    private static String fitting(String type, String literal, int row) {
        boolean isText = Comparison.affinity(type).equals("TEXT");
        return isText == literal.startsWith("'") ? literal : value(type, row, 0);
    }

    private static String value(String type, int row, int column) {
        if (type.toUpperCase(Locale.ROOT).matches("(DATE|TIME).*")) {
            return "'2024-02-29 23:59:5" + row + ".000001'";
        }
        return switch (Comparison.affinity(type)) {
            case "TEXT" -> "'" + row + " l''été \"100 %\"; -- ' || char(10) || '\t\\ ✓ " + column + "'";
            case "BLOB" -> "x'00ff0" + row + "'";
            case "REAL" -> row + ".1";
            default -> String.valueOf(row == ROWS ? Integer.MAX_VALUE - column : row);
        };
    }

    private List<Map<String, String>> rows(String query) throws SQLException {
        var rows = new ArrayList<Map<String, String>>();
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                var row = new HashMap<String, String>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static String literal(String name) {
        return "'" + name.replace("'", "''") + "'";
    }
}
