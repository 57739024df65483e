package seedarr.db.author;

import java.util.List;
import java.util.Set;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.SchemaObject;
import seedarr.db.sql.TableText;

/** Tells what PostgreSQL would make the same of, as far as the words of a statement tell it. */
public final class Portability {

    private static final Set<String> TYPES = Set.of(
            "smallint",
            "integer",
            "int",
            "bigint",
            "varchar",
            "char",
            "text",
            "json",
            "boolean",
            "date",
            "time",
            "timestamp",
            "float",
            "real",
            "numeric",
            "decimal",
            "double");
    private static final Set<String> OF_SQLITE = Set.of(
            "trigger", "virtual", "autoincrement", "collate", "without", "strict", "glob", "generated", "[", "`");

    private Portability() {}

    /**
     * Returns whether a statement that makes or drops something serves PostgreSQL as well.
     *
     * @param types further types that it serves, folded
     */
    public static boolean isPortable(String sql, Set<String> types) {
        List<String> words = ExecutedSql.words(sql);
        if (words.stream().anyMatch(OF_SQLITE::contains) || sql.matches("(?s).*[`\\[].*")) {
            return false;
        }
        if (words.size() > 2 && words.get(0).equals("create") && words.get(1).equals("table")) {
            return TableText.of(sql).columns().values().stream().allMatch(column -> isColumn(column, types));
        }
        int add = words.indexOf("add");
        if (words.get(0).equals("alter") && add > 0) {
            return isColumn(sql.replaceFirst("(?is)^.*?\\bADD\\s+COLUMN\\s+", ""), types);
        }
        // An expression needs brackets of its own there.
        return !(words.contains("index") && words.get(0).equals("create"))
                || words.indexOf("(") == words.lastIndexOf("(");
    }

    private static boolean isColumn(String definition, Set<String> types) {
        List<String> words = ExecutedSql.words(definition);
        String type = words.size() < 2 ? "" : words.get(1);
        int value = words.indexOf("default") + 1;
        boolean isNumberForBoolean =
                type.equals("boolean") && value > 0 && words.get(value).matches("\\d|\\(");
        return (TYPES.contains(type) || types.contains(type)) && !isNumberForBoolean;
    }

    /** Returns whether a statement has a name in it. */
    public static boolean mentions(String sql, String name) {
        return ExecutedSql.words(sql).contains(SchemaObject.fold(name));
    }

    /** Returns the name of the table that a statement makes; empty when it makes none. */
    public static String tableMadeBy(String sql) {
        List<String> words = ExecutedSql.words(sql);
        int table = words.indexOf("table");
        return words.get(0).equals("create") && table > 0 && table < 3 ? words.get(table + 1) : "";
    }
}
