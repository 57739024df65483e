package seedarr.db.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * An object of a schema: a row of sqlite_schema, or what another catalogue has.
 *
 * @param type what the database calls it: table, index, trigger, view; or column
 * @param table the table an index or trigger belongs to; else the name once more
 * @param sql the statement that makes it; empty where that is not known
 * @param shadow whether it belongs to a virtual table, which makes and drops it by itself
 */
public record SchemaObject(String type, String name, String table, String sql, boolean shadow) {

    private static final String SQLITE = """
            SELECT type, name, tbl_name, sql,
             tbl_name IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
            FROM main.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid
            """;

    /** Reads the objects of the main database of SQLite, oldest first, without SQLite's own. */
    public static List<SchemaObject> read(Connection connection) throws SQLException {
        return Rows.of(connection, SQLITE).stream().map(SchemaObject::of).toList();
    }

    /** Returns the object of a row: type, name, table, text, and whether it is a shadow where that is said. */
    public static SchemaObject of(List<String> row) {
        String sql = row.get(3) == null ? "" : row.get(3);
        return new SchemaObject(row.get(0), row.get(1), row.get(2), sql, row.size() > 4 && Rows.isTrue(row.get(4)));
    }

    /** Returns the name as the object's own text writes it, with quotes where it needs them. */
    public String nameInText() {
        String text = sql.replaceFirst("CREATE (UNIQUE |VIRTUAL )?\\w+ ", "");
        return ExecutedSql.tokens(text).findFirst().orElseThrow();
    }

    /** Identifies an object: a trigger may have the name of a table, and names differ only in case for no two. */
    public String key() {
        return type + " " + fold(name);
    }

    /** The name for people; of a column, with its table before it. */
    public String label() {
        return isA("column") ? table + "." + name : name;
    }

    /** Whether it is of a type. */
    public boolean isA(String wanted) {
        return type.equals(wanted);
    }

    /** Whether it is a virtual table. SQLite stores the first words always in this form (sqlite.org/schematab.html). */
    public boolean virtual() {
        return sql.startsWith("CREATE VIRTUAL TABLE");
    }

    /** Lowers ASCII letters only, as SQLite does when it compares names. */
    public static String fold(String name) {
        char[] letters = name.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= 'A' && letters[i] <= 'Z') {
                letters[i] = (char) (letters[i] + ('a' - 'A'));
            }
        }
        return String.valueOf(letters);
    }

    /** Returns a name as SQL writes it in any case. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
