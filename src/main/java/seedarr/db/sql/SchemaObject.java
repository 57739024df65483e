package seedarr.db.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object of a schema: a row of sqlite_schema, or what another catalogue has.
 *
 * @param type what the database calls it: table, index, trigger, view; or column
 * @param table the table an index or trigger belongs to; else the name once more
 * @param sql the statement that makes it; empty where that is not known
 * @param shadow whether it belongs to a virtual table, which makes and drops it by itself
 */
public record SchemaObject(String type, String name, String table, String sql, boolean shadow) {

    private static final Pattern NAME = Pattern.compile(
            "^CREATE\\s+(?:UNIQUE\\s+|VIRTUAL\\s+)?(?:TABLE|INDEX|VIEW|TRIGGER)\\s+", Pattern.CASE_INSENSITIVE);

    /** Reads the objects of the main database, oldest first, without SQLite's own. */
    public static List<SchemaObject> read(Statement statement) throws SQLException {
        var shadows = new HashSet<String>();
        try (ResultSet rows = statement.executeQuery(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'")) {
            while (rows.next()) {
                shadows.add(rows.getString(1));
            }
        }
        var objects = new ArrayList<SchemaObject>();
        try (ResultSet rows = statement.executeQuery("SELECT type, name, tbl_name, sql FROM main.sqlite_schema"
                + " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid")) {
            while (rows.next()) {
                objects.add(new SchemaObject(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        shadows.contains(rows.getString(3))));
            }
        }
        return objects;
    }

    /** Returns the name as the object's own text writes it, with quotes where it needs them. */
    public String nameInText() {
        Matcher name = NAME.matcher(sql);
        return name.find() ? ExecutedSql.firstName(sql.substring(name.end())) : quote(name());
    }

    /** Identifies an object: a trigger may have the name of a table, and names differ only in case for no two. */
    public String key() {
        return type + " " + fold(name);
    }

    /** The name for people; of a column, with its table before it. */
    public String label() {
        return isA("column") ? table + "." + name : name;
    }

    /** Whether it belongs to a table and goes with it, as an index does. */
    public boolean isOfATable() {
        return !name.equals(table) || isA("index") || isA("trigger");
    }

    public boolean isA(String wanted) {
        return type.equals(wanted);
    }

    /**
     * Whether it is an index that SQLAlchemy named, {@code ix_}, the table and the column (docs.sqlalchemy.org, "Configuring
     * Constraint Naming Conventions"). The application made it, and it may go with all that it indexes.
     */
    public boolean isNamedBySqlalchemy() {
        return isA("index") && fold(name).startsWith("ix_" + fold(table) + "_");
    }

    /** SQLite stores these first words always in this form (sqlite.org/schematab.html). */
    public boolean virtual() {
        return sql.startsWith("CREATE VIRTUAL TABLE");
    }

    /** Whether both texts say the same but for white space, quotes and comments. */
    public boolean sameWords(SchemaObject other) {
        return ExecutedSql.words(sql).equals(ExecutedSql.words(other.sql));
    }

    /** Lowers ASCII letters only, as SQLite does when it compares names. */
    public static String fold(String name) {
        var folded = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c + 32));
            }
        }
        return folded.toString();
    }

    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
