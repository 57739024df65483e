package seedarr.db.state;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import seedarr.db.sql.Rows;
import seedarr.db.sql.SchemaObject;
import seedarr.db.state.Schema.Column;
import seedarr.db.state.Schema.Part;
import seedarr.db.state.Schema.Type;
import seedarr.db.state.StateReader.Query;

/**
 * Compares a database with the schema that it should have, where both have something of the same name. The order of
 * columns is no difference, nor are defaults, and what the database has in addition.
 */
public record Comparison(Query query, Schema expected, Schema actual) {

    /**
     * Whether a column of type a holds all values of type e: the same, a wider one, or an enum in the place of a string; and
     * no fewer characters.
     */
    private static final String FITS = """
            SELECT coalesce(e.oid = a.oid
             OR e.typname IN ('varchar', 'text', 'bpchar') AND (a.typname IN ('varchar', 'text', 'bpchar') OR a.typtype = 'e')
             OR array_position('{int2,int4,int8,numeric}', e.typname::text) < array_position('{int2,int4,int8,numeric}', a.typname::text)
             OR e.typname = 'float4' AND a.typname = 'float8' OR e.typname = 'json' AND a.typname = 'jsonb', e.oid IS NULL)
             AND coalesce(substring(lower(names.e) FROM 'char[a-z ]*\\((\\d+)\\)')::int, 2147483647)
              <= coalesce(substring(names.a FROM 'char[a-z ]*\\((\\d+)\\)')::int, 2147483647)
            FROM (SELECT ?::text AS e, ?::text AS a) names LEFT JOIN pg_type e ON e.oid = to_regtype(names.e)
            LEFT JOIN pg_type d ON d.oid = to_regtype(names.a)
            LEFT JOIN pg_type a ON a.oid = coalesce(nullif(d.typbasetype, 0), d.oid)
            """;

    /** Returns what is there but not as expected, in sentences. Rows are read where a NULL may be that must not be. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        for (Part part : expected.all().keySet()) {
            if (part.type() == Type.TABLE && actual.has(part)) {
                comparePrimaryKey(part.name(), differences);
            } else if (part.type() == Type.COLUMN && actual.has(part)) {
                compare(part, expected.all().get(part), actual.all().get(part), differences);
            }
        }
        return differences;
    }

    /** On SQLite a unique index will not do: only an INTEGER PRIMARY KEY numbers the rows. */
    private void comparePrimaryKey(String table, List<String> differences) {
        List<Part> key = expected.of(table, Type.KEY);
        String columns = key.stream().map(Part::name).collect(joining(", "));
        String sorted = key.stream().map(Part::name).sorted().collect(joining(", "));
        boolean isUnique = !query.isSqlite() && actual.has(Type.UNIQUE, table, sorted);
        Part number = new Part(Type.COLUMN, table, columns);
        Column found = actual.all().get(number);
        if (!actual.of(table, Type.KEY).equals(key) && !isUnique) {
            differences.add(table + " has no PRIMARY KEY (" + columns + ")");
        } else if (query.isSqlite() && found != null && isInteger(expected.all().get(number)) && !isInteger(found)) {
            differences.add(number + " is of type " + found.type() + ", not INTEGER, and numbers no rows");
        }
    }

    private static boolean isInteger(Column column) {
        return column.type().equalsIgnoreCase("INTEGER");
    }

    private void compare(Part column, Column wanted, Column found, List<String> differences) {
        if (found.generated() != wanted.generated()) {
            differences.add(column + " is " + (found.generated() ? "" : "not ") + "a generated column");
        }
        if (!fits(wanted.type(), found.type())) {
            differences.add(column + " is of " + (found.type().isEmpty() ? "no type" : "type " + found.type())
                    + ", not " + wanted.type());
        }
        if (wanted.notNull() && !found.notNull()) {
            String where = SchemaObject.quote(column.table()) + " WHERE " + SchemaObject.quote(column.name());
            String count = query.value("SELECT count(*) FROM " + where + " IS NULL");
            if (!count.equals("0")) {
                differences.add(column + " is NULL in " + (count.equals("1") ? "1 row" : count + " rows")
                        + ", and must not be");
            }
        }
    }

    private boolean fits(String wanted, String found) {
        if (query.isSqlite()) {
            return affinity(wanted).equals(affinity(found));
        }
        // Its catalogue has no SERIAL, BIGSERIAL or SMALLSERIAL.
        String known =
                wanted.replaceFirst("(?i)^(big|small|)serial$", "$1int").replaceFirst("(?i)^datetime$", "timestamp");
        return Rows.isTrue(query.value(FITS, known, found));
    }

    /**
     * What SQLite makes of a declared type (sqlite.org/datatype3.html#determination_of_column_affinity). INTEGER differs
     * from NUMERIC in a CAST only.
     */
    public static String affinity(String type) {
        String upper = type.toUpperCase(Locale.ROOT);
        if (upper.contains("INT")) {
            return "NUMERIC";
        } else if (upper.matches("(?s).*(CHAR|CLOB|TEXT).*")) {
            return "TEXT";
        } else if (upper.matches("|(?s).*BLOB.*")) {
            return "BLOB";
        }
        return upper.matches("(?s).*(REAL|FLOA|DOUB).*") ? "REAL" : "NUMERIC";
    }
}
