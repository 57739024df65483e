package seedarr.db.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares a database with the schema that it should have, where both have something of the same name. The order of
 * columns is no difference, nor are lengths, defaults, and what the database has in addition.
 */
public final class Comparison {

    /** Values of the expected type fit without a cast; what SQLAlchemy declares as an Enum is as good as its strings. */
    private static final String FITS = """
            SELECT coalesce(e.oid = a.oid
             OR EXISTS (SELECT FROM pg_cast WHERE castsource = e.oid AND casttarget = a.oid AND castcontext = 'i')
             OR e.typcategory = 'S' AND a.typtype = 'e' OR e.typname = 'json' AND a.typname = 'jsonb', true)
            FROM (SELECT to_regtype(?)::oid AS e, to_regtype(?)::oid AS a) types
            LEFT JOIN pg_type e ON e.oid = types.e LEFT JOIN pg_type a ON a.oid = types.a
            """;

    private final Connection connection;
    private final boolean isSqlite;

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
            for (Schema.Column column : table.columns().values()) {
                if (columns.containsKey(column.name())) {
                    compare(table.name(), column, columns.get(column.name()), differences);
                }
            }
        }
        return differences;
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
        try (PreparedStatement query = connection.prepareStatement(FITS)) {
            query.setString(1, expected);
            query.setString(2, actual);
            try (ResultSet result = query.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /**
     * What SQLite makes of a declared type (sqlite.org/datatype3.html#determination_of_column_affinity). INTEGER differs
     * from NUMERIC in a CAST only.
     */
    static String affinity(String type) {
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
