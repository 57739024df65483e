package seedarr.db.author;

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
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.SchemaObject;
import seedarr.db.sql.TableText;
import seedarr.db.state.Comparison;

/**
 * Gives the tables of a SQLite database rows that a migration could spoil: awkward text, extreme numbers, NULLs where they
 * may be, foreign keys that hold.
 */
public final class Seed {

    private static final int ROWS = 3;

    private static final String TABLES = """
            SELECT s.name, s.sql
            FROM sqlite_schema s JOIN pragma_table_list t ON t.name = s.name AND t.schema = 'main' AND t.type = 'table'
            WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid
            """;
    private static final String COLUMNS = """
            SELECT name, type, "notnull", pk, (SELECT f."table" || char(0) || coalesce(f."to",
             (SELECT p.name FROM pragma_table_info(f."table") p WHERE p.pk = 1))
             FROM pragma_foreign_key_list(%1$s) f WHERE f."from" = c.name) AS parent
            FROM pragma_table_xinfo(%1$s) c WHERE hidden = 0
            """;

    private final Statement statement;

    private Seed(Statement statement) {
        this.statement = statement;
    }

    /**
     * Fills every table that has no rows yet, and every column that is NULL in all of them.
     *
     * @return the names of the tables that took no row
     */
    public static List<String> into(Connection connection, Set<String> except) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            var seed = new Seed(statement);
            List<String> empty = new ArrayList<>();
            // A second time, for tables that refer to later ones.
            for (int time = 0; time < 2; time++) {
                empty.clear();
                for (Map<String, String> table : seed.tables(except)) {
                    boolean hasRows = seed.count(table.get("name")) > 0;
                    for (int row = 1; row <= ROWS && !hasRows; row++) {
                        seed.insert(table, row);
                    }
                    if (seed.count(table.get("name")) == 0) {
                        empty.add(table.get("name"));
                    }
                    seed.fillColumns(table.get("name"));
                }
            }
            return empty;
        }
    }

    /** Adds a row to every table that takes one more, as an application does between an update and a rollback. */
    public static void more(Connection connection, Set<String> except) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            var seed = new Seed(statement);
            for (Map<String, String> table : seed.tables(except)) {
                seed.insert(table, 1000 + seed.count(table.get("name")));
            }
        }
    }

    private List<Map<String, String>> tables(Set<String> except) throws SQLException {
        return rows(TABLES).stream()
                .filter(table -> !except.contains(SchemaObject.fold(table.get("name"))))
                .toList();
    }

    private int count(String table) throws SQLException {
        return Integer.parseInt(rows("SELECT count(*) AS n FROM main." + SchemaObject.quote(table))
                .get(0)
                .get("n"));
    }

    private void fillColumns(String table) throws SQLException {
        String name = "main." + SchemaObject.quote(table);
        List<Map<String, String>> columns = columns(table);
        for (int i = 0; i < columns.size(); i++) {
            String column = SchemaObject.quote(columns.get(i).get("name"));
            if (rows("SELECT 1 AS n FROM " + name + " WHERE " + column + " IS NOT NULL LIMIT 1")
                    .isEmpty()) {
                for (int row : List.of(1, ROWS)) {
                    String value = columns.get(i).get("parent") == null
                            ? value(columns.get(i).get("type"), row, i)
                            : reference(table, columns.get(i).get("parent"), row);
                    execute("UPDATE " + name + " SET " + column + " = " + value + " WHERE rowid = (SELECT rowid FROM "
                            + name + " ORDER BY rowid LIMIT 1 OFFSET " + (row - 1) + ")");
                }
            }
        }
    }

    private List<Map<String, String>> columns(String table) throws SQLException {
        return rows(COLUMNS.formatted("'" + table.replace("'", "''") + "'"));
    }

    /** Tries values until the table's constraints let them in: its own literals are what its CHECKs ask for. */
    private void insert(Map<String, String> table, int row) throws SQLException {
        TableText text = TableText.of(table.get("sql"));
        List<Map<String, String>> columns = columns(table.get("name"));
        for (int attempt = 0; attempt <= 8; attempt++) {
            var values = new ArrayList<String>();
            for (int i = 0; i < columns.size(); i++) {
                values.add(value(table.get("name"), text, columns.get(i), i, row, attempt));
            }
            String names = columns.stream()
                    .map(column -> SchemaObject.quote(column.get("name")))
                    .collect(Collectors.joining(", "));
            if (execute("INSERT INTO main." + SchemaObject.quote(table.get("name")) + " (" + names + ") VALUES ("
                    + String.join(", ", values) + ")")) {
                return;
            }
        }
    }

    private static String value(
            String table, TableText text, Map<String, String> column, int place, int row, int attempt) {
        boolean mayBeNull =
                column.get("notnull").equals("0") && column.get("pk").equals("0");
        List<String> literals =
                ExecutedSql.words(text.columns().getOrDefault(SchemaObject.fold(column.get("name")), "")).stream()
                        .filter(word -> word.startsWith("'") || word.matches("\\d+"))
                        .toList();
        if (mayBeNull && (row == 2 || attempt > 4)) {
            return "NULL";
        }
        if (column.get("parent") != null) {
            return reference(table, column.get("parent"), row);
        }
        if (attempt > 0 && !literals.isEmpty()) {
            String literal = literals.get((attempt + row) % literals.size());
            boolean isText = Comparison.affinity(column.get("type")).equals("TEXT");
            // Next to a bound lies what it lets in.
            return isText ? literal : attempt % 2 == 0 ? literal : literal + " + " + row;
        }
        return value(column.get("type"), row, table.length() + place);
    }

    /** What a foreign key refers to in one of the parent's rows; a row of the same table to itself. */
    private static String reference(String table, String parent, int row) {
        String[] names = parent.split("\0", 2);
        if (SchemaObject.fold(names[0]).equals(SchemaObject.fold(table))) {
            return String.valueOf(row == ROWS ? Integer.MAX_VALUE : row);
        }
        String name = "main." + SchemaObject.quote(names[0]);
        return "(SELECT " + SchemaObject.quote(names[1]) + " FROM " + name + " LIMIT 1 OFFSET " + (row - 1)
                + " % max(1, (SELECT count(*) FROM " + name + ")))";
    }

    private static String value(String type, int row, int column) {
        if (type.toUpperCase(Locale.ROOT).matches("(DATE|TIME).*")) {
            return "'2024-02-29 23:59:" + (10 + row % 50) + ".000001'";
        }
        return switch (Comparison.affinity(type)) {
            case "TEXT" -> "'" + row + " l''été \"100 %\"; -- ' || char(10) || '\t\\ ✓ " + column + "'";
            case "BLOB" -> "x'00ff" + String.format(Locale.ROOT, "%04x", row) + "'";
            case "REAL" -> row + ".1";
            default -> String.valueOf(row == ROWS ? Integer.MAX_VALUE - column : row);
        };
    }

    private boolean execute(String sql) {
        try {
            return statement.executeUpdate(sql) > 0;
        } catch (SQLException e) {
            return false; // a constraint, or a trigger that forbids it
        }
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
}
