package seedarr.db.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import seedarr.db.sql.SchemaObject;

/**
 * Compares a database with the schema that it should have, where both have something of the same name. The order of
 * columns is no difference, nor are defaults, and what the database has in addition.
 */
public final class Comparison {

    /** Whether a column of type a holds all values of type e: the same, a wider one, or an enum in the place of a string. */
    private static final String FITS = """
            SELECT coalesce(e.oid = a.oid
             OR e.typname IN ('varchar', 'text', 'bpchar') AND (a.typname IN ('varchar', 'text', 'bpchar') OR a.typtype = 'e')
             OR array_position('{int2,int4,int8,numeric}', e.typname::text) < array_position('{int2,int4,int8,numeric}', a.typname::text)
             OR e.typname = 'float4' AND a.typname = 'float8' OR e.typname = 'json' AND a.typname = 'jsonb', e.oid IS NULL)
            FROM (SELECT to_regtype(?)::oid AS e, to_regtype(?)::oid AS a) types LEFT JOIN pg_type e ON e.oid = types.e
            LEFT JOIN pg_type d ON d.oid = types.a LEFT JOIN pg_type a ON a.oid = coalesce(nullif(d.typbasetype, 0), d.oid)
            """;

    /** What PostgreSQL makes of types that the changelog may have and its catalogue has not. */
    private static final Map<String, String> OTHER_NAMES =
            Map.of("SERIAL", "integer", "BIGSERIAL", "bigint", "SMALLSERIAL", "smallint", "DATETIME", "timestamp");

    private static final Pattern LENGTH = Pattern.compile("(?i)char[a-z ]*\\((\\d+)\\)");

    private final Connection connection;
    private final boolean isSqlite;
    private final Map<String, Boolean> fitting = new HashMap<>();

    public Comparison(Connection connection, String kind) {
        this.connection = connection;
        this.isSqlite = kind.equals("sqlite");
    }

    /** Returns what is there but not as expected, in sentences. Rows are read where a NULL may be that must not be. */
    public List<String> differences(Schema expected, Schema actual) throws SQLException {
        List<String> differences = new ArrayList<>();
        for (Schema.Table table : expected.tables().values()) {
            Schema.Table found = actual.tables().get(table.name());
            Map<String, Schema.Column> columns = found == null ? Map.of() : found.columns();
            if (found != null) {
                comparePrimaryKey(table, found, differences);
            }
            for (Schema.Column column : table.columns().values()) {
                if (columns.containsKey(column.name())) {
                    compare(table.name(), column, columns.get(column.name()), differences);
                }
            }
        }
        return differences;
    }

    /** On SQLite a unique index will not do: only an INTEGER PRIMARY KEY numbers the rows. */
    private void comparePrimaryKey(Schema.Table expected, Schema.Table actual, List<String> differences) {
        List<String> key = expected.primaryKey();
        boolean isUnique = actual.indexes().stream()
                .anyMatch(index -> index.unique() && Set.copyOf(index.columns()).equals(Set.copyOf(key)));
        boolean isNumber = key.size() == 1 && isInteger(expected.columns().get(key.get(0)));
        Schema.Column column = isNumber ? actual.columns().get(key.get(0)) : null;
        if (!actual.primaryKey().equals(key) && (isSqlite || !isUnique)) {
            differences.add(actual.name() + " has no PRIMARY KEY (" + String.join(", ", key) + ")");
        } else if (isSqlite && column != null && !isInteger(column)) {
            differences.add(actual.name() + "." + column.name() + " is of type " + column.type()
                    + ", not INTEGER, and numbers no rows");
        }
    }

    private static boolean isInteger(Schema.Column column) {
        return column.type().equalsIgnoreCase("INTEGER");
    }

    private void compare(String table, Schema.Column expected, Schema.Column actual, List<String> differences)
            throws SQLException {
        String name = table + "." + actual.name();
        if (actual.generated() != expected.generated()) {
            differences.add(name + " is " + (actual.generated() ? "" : "not ") + "a generated column");
        }
        if (!fits(expected.type(), actual.type())) {
            differences.add(name + " is of " + (actual.type().isEmpty() ? "no type" : "type " + actual.type())
                    + ", not " + expected.type());
        }
        if (expected.notNull() && !actual.notNull()) {
            long count = nulls(table, actual.name());
            if (count > 0) {
                differences.add(name + " is NULL in " + (count == 1 ? "1 row" : count + " rows") + ", and must not be");
            }
        }
    }

    private boolean fits(String expected, String actual) throws SQLException {
        if (isSqlite) {
            return affinity(expected).equals(affinity(actual));
        }
        String both = expected + "\0" + actual;
        if (!fitting.containsKey(both)) {
            try (PreparedStatement query = connection.prepareStatement(FITS)) {
                query.setString(1, OTHER_NAMES.getOrDefault(expected.toUpperCase(Locale.ROOT), expected));
                query.setString(2, actual);
                try (ResultSet result = query.executeQuery()) {
                    fitting.put(both, result.next() && result.getBoolean(1) && length(expected) <= length(actual));
                }
            }
        }
        return fitting.get(both);
    }

    /** How many characters a string type holds. */
    private static long length(String type) {
        Matcher length = LENGTH.matcher(type);
        return length.find() ? Long.parseLong(length.group(1)) : Long.MAX_VALUE;
    }

    /**
     * What SQLite makes of a declared type (sqlite.org/datatype3.html#determination_of_column_affinity). INTEGER differs
     * from NUMERIC in a CAST only.
     */
    public static String affinity(String type) {
        String upper = type.toUpperCase(Locale.ROOT);
        if (upper.contains("INT")) {
            return "NUMERIC";
        }
        if (upper.contains("CHAR") || upper.contains("CLOB") || upper.contains("TEXT")) {
            return "TEXT";
        }
        if (upper.contains("BLOB") || upper.isEmpty()) {
            return "BLOB";
        }
        return upper.contains("REAL") || upper.contains("FLOA") || upper.contains("DOUB") ? "REAL" : "NUMERIC";
    }

    private long nulls(String table, String column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + SchemaObject.quote(table)
                        + " WHERE " + SchemaObject.quote(column) + " IS NULL")) {
            result.next();
            return result.getLong(1);
        }
    }
}
