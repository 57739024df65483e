package seedarr.db.author;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.Rows;
import seedarr.db.sql.SchemaObject;
import seedarr.db.sql.TableText;
import seedarr.db.state.Schema;

/**
 * Gives the tables of a SQLite database rows that a migration could spoil: awkward text, extreme numbers, NULLs where they
 * may be, foreign keys that hold.
 */
final class Seed {

    /** As many rows differ in kind: a plain one, one of NULLs, and one of extreme numbers. */
    private static final int ROWS = 3;

    private static final String COLUMNS = """
            SELECT name, type, "notnull" = 0 AND pk = 0 AS optional, f."table" AS parent,
             coalesce(f."to", (SELECT p.name FROM pragma_table_info(f."table") p WHERE p.pk = 1)) AS key
            FROM pragma_table_xinfo(?1) c LEFT JOIN pragma_foreign_key_list(?1) f ON f."from" = c.name
            WHERE hidden = 0 GROUP BY cid ORDER BY cid
            """;

    /** Of rows that are like those that it has, more would prove no more, and take most of the time. */
    private static final int ENOUGH = 24;

    /** By the text of a table, the attempt whose values it took last; none of those that leave out what may be NULL. */
    private final Map<String, Integer> taken = new HashMap<>();

    /**
     * Adds rows, from a number on, to each table of a picture that is reached and takes them. Several rows go also into tables
     * that have not enough, or not a value in each column: those may refer to what is reached.
     */
    void into(Connection connection, Picture picture, int rows, int number) throws SQLException {
        List<SchemaObject> tables = new ArrayList<>();
        for (SchemaObject object : picture.objects().values()) {
            boolean isReached = picture.rows().containsKey(SchemaObject.fold(object.name()));
            if (object.isA("table") && (isReached || rows > 1 && !hasEnough(object, connection))) {
                tables.add(object);
            }
        }
        // Row by row, for tables that refer to later ones.
        for (int i = 0; i < rows; i++) {
            for (SchemaObject table : tables) {
                insert(table, number, connection);
            }
        }
    }

    private static boolean hasEnough(SchemaObject table, Connection connection) throws SQLException {
        String columns = TableText.of(table.sql()).columns().keySet().stream()
                .map(column -> " AND max(" + SchemaObject.quote(column) + " IS NOT NULL)")
                .collect(joining());
        String name = " FROM main." + SchemaObject.quote(table.name());
        return Rows.isTrue(Rows.column(connection, "SELECT count(*) >= " + ENOUGH + columns + name)
                .get(0));
    }

    /** Tries values until the table's constraints let them in: its own literals are what its CHECKs ask for. */
    private void insert(SchemaObject table, int number, Connection connection) throws SQLException {
        String name = "main." + SchemaObject.quote(table.name());
        Map<String, String> definitions = TableText.of(table.sql()).columns();
        List<List<String>> columns = Rows.of(connection, COLUMNS, table.name());
        columns.forEach(column -> column.add(definitions.getOrDefault(SchemaObject.fold(column.get(0)), "")));
        int count = Integer.parseInt(
                Rows.column(connection, "SELECT count(*) FROM " + name).get(0));
        boolean isIn = false;
        int first = taken.getOrDefault(table.sql(), 0);
        for (int i = first > 0 ? -1 : 0; i <= 8 && !isIn; i++) {
            int attempt = i < 0 ? first : i;
            // Another number, for rows that were deleted leave a gap, and then the next is taken.
            int row = number + count + attempt * 101 * ROWS;
            var values = new ArrayList<String>();
            for (List<String> column : columns) {
                values.add(value(table.name(), column, values.size(), row, attempt));
            }
            isIn = changes(connection, "INSERT INTO " + name + " VALUES (" + String.join(", ", values) + ")");
            taken.put(table.sql(), isIn && attempt <= 4 ? attempt : 0);
        }
        for (int i = 0; i < columns.size() && !isIn; i++) {
            // A table that takes no more rows gets values where it has none.
            String column = SchemaObject.quote(columns.get(i).get(0));
            String value = value(table.name(), columns.get(i), i, ROWS, 0);
            changes(connection, "UPDATE " + name + " SET " + column + " = " + value + " WHERE " + column + " IS NULL");
        }
    }

    private static boolean changes(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql) > 0;
        } catch (SQLException e) {
            // A constraint, or a trigger that forbids it.
            return false;
        }
    }

    private static String value(String table, List<String> column, int place, int row, int attempt) {
        String type = column.get(1);
        String affinity = Schema.affinity(type);
        if (Rows.isTrue(column.get(2)) && (row % ROWS == 2 || attempt > 4)) {
            return "NULL";
        }
        if (column.get(3) != null) {
            // In one of the parent's rows; the first row of a table refers to itself.
            String parent = "main." + SchemaObject.quote(column.get(3));
            boolean isItself = SchemaObject.fold(column.get(3)).equals(SchemaObject.fold(table));
            return "coalesce((SELECT " + SchemaObject.quote(column.get(4)) + " FROM " + parent + " LIMIT 1 OFFSET "
                    + (row - 1) + " % max(1, (SELECT count(*) FROM " + parent + "))), " + (isItself ? row : "NULL")
                    + ")";
        }
        // Not the length of its type, which would be the same for every row: UNIQUE does not let that in.
        List<String> literals = ExecutedSql.words(attempt > 0 ? column.get(5) : "").stream()
                .dropWhile(word -> !word.matches("check|default"))
                .filter(word -> word.startsWith("'") || word.matches("\\d+"))
                .toList();
        if (!literals.isEmpty()) {
            String literal = literals.get((attempt + row) % literals.size());
            // Next to a bound lies what it lets in.
            return affinity.equals("TEXT") || attempt % 2 == 0 ? literal : literal + " + " + row;
        }
        if (type.toUpperCase(Locale.ROOT).matches("(DATE|TIME).*")) {
            return "'2024-02-29 23:59:" + (10 + row % 50) + ".000001'";
        }
        int other = table.length() + place;
        return switch (affinity) {
            case "TEXT" -> "'" + row + " l''été \"100 %\"; -- ' || char(10) || '\t\\ ✓ " + other + "'";
            case "BLOB" -> "x'00ff" + String.format(Locale.ROOT, "%04x", row) + "'";
            case "REAL" -> row + ".1";
            default -> String.valueOf(row % ROWS == 0 ? Integer.MAX_VALUE - other - row : row);
        };
    }
}
