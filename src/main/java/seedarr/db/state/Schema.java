package seedarr.db.state;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.sqlite.SQLiteConnection;
import seedarr.db.sql.Rows;
import seedarr.db.sql.SchemaObject;
import seedarr.db.state.StateReader.Query;

/**
 * What a database consists of, as far as a revision is recognised by it. Names are folded on SQLite, where their case does
 * not matter.
 *
 * @param all a table before what is in it; of a column how it is declared, of anything else nothing
 */
public record Schema(Map<Part, Column> all) {

    /** Tables that are neither the changelog's nor the application's, by folded name. */
    public static final Set<String> TOOLS = Set.of("alembic_version", "databasechangelog", "databasechangeloglock");

    /** What a part is. A key is a column of the primary key, a view whatever takes a name from tables. */
    public enum Type {
        TABLE,
        VIEW,
        COLUMN,
        KEY,
        UNIQUE,
        INDEX,
        TRIGGER
    }

    /**
     * A part of a schema.
     *
     * @param table the table that it is in; of a table and a view, itself
     * @param name of what makes rows unique, its columns, sorted, with commas
     */
    public record Part(Type type, String table, String name) {

        /** By hand, as is hashCode: what a record has of its own takes 30 ms of the first start that compares two. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Part part
                    && type == part.type
                    && table.equals(part.table)
                    && name.equals(part.name);
        }

        @Override
        public int hashCode() {
            return table.hashCode() + 31 * name.hashCode() + type.ordinal();
        }

        /** Returns its name for people. */
        @Override
        public String toString() {
            return switch (type) {
                case COLUMN -> table + "." + name;
                case UNIQUE -> "the uniqueness of " + table + " (" + name + ")";
                case INDEX -> "index " + name + " of " + table;
                default -> name;
            };
        }

        static String list(String before, List<Part> parts) {
            return parts.isEmpty()
                    ? ""
                    : before + parts.stream().map(Part::toString).collect(joining(", "));
        }
    }

    /** How a column is declared: its type as written on SQLite, as the server writes it on PostgreSQL. */
    private record Column(String type, boolean notNull, boolean generated) {}

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

    /** What is in the tables of SQLite, by their texts. A schema is read again and again, and most of it stays the same. */
    private static final Map<String, List<List<String>>> KNOWN = new ConcurrentHashMap<>();

    private static final String SQLITE_NAMES = "SELECT lower(name) FROM main.sqlite_schema"
            + " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

    /** Asks for the tables whose names stand between slashes. lower() folds ASCII only, as SQLite does to compare names. */
    private static final String SQLITE = """
            WITH t AS (SELECT name, lower(name) AS t, type = 'table' AS is_table FROM pragma_table_list
              WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND instr(?1, '/' || lower(name) || '/')),
             c AS MATERIALIZED (SELECT t, lower(c.name) AS name, c.type, "notnull", hidden > 1 AS generated, pk, cid
              FROM t JOIN pragma_table_xinfo(t.name, 'main') c WHERE is_table),
             i AS MATERIALIZED (SELECT t, lower(i.name) AS name, origin, "unique" AND NOT partial AS is_unique,
              iif("unique" AND NOT partial, (SELECT group_concat(name, ', ') FROM (SELECT coalesce(lower(name), '') AS name
               FROM pragma_index_info(i.name, 'main') ORDER BY 1)), '') AS columns
              FROM t JOIN pragma_index_list(t.name, 'main') i WHERE is_table AND origin <> 'pk')
            SELECT iif(is_table, 'TABLE', 'VIEW'), t, t, '', 0, 0, 0, 0 FROM t
            UNION ALL SELECT 'COLUMN', t, name, type, "notnull", generated, 1, cid FROM c
            UNION ALL SELECT 'KEY', t, name, '', 0, 0, 2, name FROM c WHERE pk > 0
            UNION ALL SELECT 'UNIQUE', t, columns, '', 0, 0, 3, name FROM i WHERE is_unique
            UNION ALL SELECT 'INDEX', t, name, '', 0, 0, 4, name FROM i WHERE origin = 'c'
            UNION ALL SELECT 'TRIGGER', lower(tbl_name), lower(name), '', 0, 0, 5, name FROM main.sqlite_schema
             WHERE type = 'trigger' AND instr(?1, '/' || lower(tbl_name) || '/')
            ORDER BY 7, 8
            """;

    private static final String POSTGRESQL_TABLES = """
            WITH t AS (SELECT oid, relname AS t, relkind IN ('r', 'p') AS is_table FROM pg_class
              WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm'))
            """;

    private static final String POSTGRESQL = POSTGRESQL_TABLES + """
            , c AS (SELECT * FROM t JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped WHERE is_table),
             i AS (SELECT t, relname, x.*, (SELECT string_agg(coalesce(attname, ''), ', ' ORDER BY coalesce(attname, ''))
                FROM unnest(indkey) WITH ORDINALITY k (number, place) LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = number
                WHERE place <= indnkeyatts) AS columns
              FROM t JOIN pg_index x ON indrelid = t.oid JOIN pg_class i ON i.oid = indexrelid WHERE is_table)
            SELECT CASE WHEN is_table THEN 'TABLE' ELSE 'VIEW' END, t, t::text, '', false, false, 0, 0, '' FROM t
            UNION ALL SELECT 'COLUMN', t, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated <> '', 1, attnum, '' FROM c
            UNION ALL SELECT 'KEY', t, attname, '', false, false, 2, 0, attname FROM c
             WHERE EXISTS (SELECT FROM i WHERE indrelid = oid AND indisprimary AND attnum = ANY (indkey))
            UNION ALL SELECT 'UNIQUE', t, columns, '', false, false, 3, 0, relname FROM i
             WHERE indisunique AND indisvalid AND indpred IS NULL AND NOT indisprimary
            UNION ALL SELECT 'INDEX', t, relname, '', false, false, 4, 0, relname FROM i
             WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
            UNION ALL SELECT 'TRIGGER', t, tgname, '', false, false, 5, 0, tgname FROM t JOIN pg_trigger ON tgrelid = t.oid
            ORDER BY 2, 7, 8, 9
            """;

    /** Returns the folded names of the tables and views, Liquibase's and Alembic's as well. */
    public static List<String> names(Connection connection) throws SQLException {
        boolean isSqlite = connection instanceof SQLiteConnection;
        return Rows.column(connection, isSqlite ? SQLITE_NAMES : POSTGRESQL_TABLES + "SELECT t.t FROM t");
    }

    /** Reads the main database of SQLite, or the current schema of PostgreSQL. Reads the catalogue only. */
    public static Schema read(Connection connection) throws SQLException {
        boolean isSqlite = connection instanceof SQLiteConnection;
        List<List<String>> rows = isSqlite ? new ArrayList<>() : Rows.of(connection, POSTGRESQL);
        if (isSqlite) {
            Map<String, String> texts = new TreeMap<>();
            for (SchemaObject each : SchemaObject.read(connection)) {
                String text = each.type() + each.shadow() + each.name() + each.sql();
                texts.merge(SchemaObject.fold(each.table()), text, String::concat);
            }
            String unread = texts.keySet().stream()
                    .filter(table -> !KNOWN.containsKey(texts.get(table)))
                    .collect(joining("/", "/", "/"));
            KNOWN.putAll(
                    Rows.of(connection, SQLITE, unread).stream().collect(groupingBy(row -> texts.get(row.get(1)))));
            texts.values().forEach(text -> rows.addAll(KNOWN.getOrDefault(text, List.of())));
        }
        Map<Part, Column> all = new LinkedHashMap<>();
        for (List<String> row : rows) {
            Part part = new Part(Type.valueOf(row.get(0)), row.get(1), row.get(2));
            all.put(part, new Column(row.get(3), Rows.isTrue(row.get(4)), Rows.isTrue(row.get(5))));
        }
        return new Schema(all);
    }

    /** Returns what a revision is recognised by: tables, columns and what is unique. */
    public List<Part> parts() {
        return parts(Type.TABLE, Type.COLUMN, Type.UNIQUE);
    }

    List<Part> parts(Type... types) {
        List<Type> wanted = List.of(types);
        return all.keySet().stream()
                .filter(part -> wanted.contains(part.type()))
                .toList();
    }

    List<Part> of(String table, Type type) {
        return parts(type).stream().filter(part -> part.table().equals(table)).toList();
    }

    /** Returns those parts that are not here; of a table that is not here, it alone. */
    public List<Part> lacking(List<Part> parts) {
        return parts.stream()
                .filter(part -> !has(part))
                .filter(part -> part.type() == Type.TABLE
                        || hasTable(part.table())
                        || !parts.contains(new Part(Type.TABLE, part.table(), part.table())))
                .toList();
    }

    boolean has(Part part) {
        return all.containsKey(part);
    }

    boolean has(Type type, String table, String name) {
        return has(new Part(type, table, name));
    }

    boolean hasTable(String name) {
        return has(Type.TABLE, name, name);
    }

    boolean hasName(String name, Type... types) {
        return parts(types).stream().anyMatch(part -> part.name().equals(name));
    }

    /**
     * Returns what another schema has, but not as it is here, in sentences. The order of columns is no difference, nor are
     * defaults, and what the other has in addition. Rows are read where a NULL may be that must not be.
     */
    List<String> differences(Schema actual, Query query) {
        List<String> differences = new ArrayList<>();
        for (Part part : all.keySet()) {
            if (part.type() == Type.TABLE && actual.has(part)) {
                comparePrimaryKey(part.name(), actual, query.isSqlite(), differences);
            } else if (part.type() == Type.COLUMN && actual.has(part)) {
                compare(part, all.get(part), actual.all.get(part), query, differences);
            }
        }
        return differences;
    }

    /** On SQLite a unique index will not do: only an INTEGER PRIMARY KEY numbers the rows. */
    private void comparePrimaryKey(String table, Schema actual, boolean isSqlite, List<String> differences) {
        List<Part> key = of(table, Type.KEY);
        String columns = key.stream().map(Part::name).collect(joining(", "));
        boolean isUnique = !isSqlite && actual.has(Type.UNIQUE, table, columns);
        Part number = new Part(Type.COLUMN, table, columns);
        Column found = actual.all.get(number);
        if (!actual.of(table, Type.KEY).equals(key) && !isUnique) {
            differences.add(table + " has no PRIMARY KEY (" + columns + ")");
        } else if (isSqlite
                && found != null
                && all.get(number).type().equalsIgnoreCase("INTEGER")
                && !found.type().equalsIgnoreCase("INTEGER")) {
            differences.add(number + " is of type " + found.type() + ", not INTEGER, and numbers no rows");
        }
    }

    private static void compare(Part column, Column wanted, Column found, Query query, List<String> differences) {
        if (found.generated() != wanted.generated()) {
            differences.add(column + " is " + (found.generated() ? "" : "not ") + "a generated column");
        }
        // PostgreSQL's catalogue has no SERIAL, BIGSERIAL or SMALLSERIAL.
        String known = wanted.type()
                .replaceFirst("(?i)^(big|small|)serial$", "$1int")
                .replaceFirst("(?i)^datetime$", "timestamp");
        boolean fits = query.isSqlite()
                ? affinity(wanted.type()).equals(affinity(found.type()))
                // Of an expression, CREATE TABLE … AS SELECT has no type here.
                : known.isEmpty() || Rows.isTrue(query.value(FITS, known, found.type()));
        if (!fits) {
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

    /**
     * What SQLite makes of a declared type (sqlite.org/datatype3.html#determination_of_column_affinity). INTEGER differs
     * from NUMERIC in a CAST only.
     */
    public static String affinity(String type) {
        String upper = type.toUpperCase(Locale.ROOT);
        if (upper.contains("INT")) {
            return "NUMERIC";
        } else if (Stream.of("CHAR", "CLOB", "TEXT").anyMatch(upper::contains)) {
            return "TEXT";
        } else if (upper.isEmpty() || upper.contains("BLOB")) {
            return "BLOB";
        }
        return Stream.of("REAL", "FLOA", "DOUB").anyMatch(upper::contains) ? "REAL" : "NUMERIC";
    }
}
