package seedarr.db.state;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import seedarr.db.sql.Rows;
import seedarr.db.state.StateReader.Query;

/**
 * What a database consists of, as far as a revision is recognised by it. Names are folded on SQLite, where their case does
 * not matter.
 *
 * @param all a table before what is in it; of a column how it is declared, of anything else null
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

        static String list(Collection<Part> parts) {
            return parts.stream().map(Part::toString).collect(joining(", "));
        }
    }

    /** How a column is declared: its type as written on SQLite, as the server writes it on PostgreSQL. */
    record Column(String type, boolean notNull, boolean generated) {}

    // lower() folds ASCII only, as SQLite itself does when it compares names.
    private static final String SQLITE_TABLES = """
            WITH t AS (SELECT name, lower(name) AS t, type = 'table' AS is_table FROM pragma_table_list
              WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\')
            """;

    private static final String SQLITE = SQLITE_TABLES + """
            , c AS (SELECT t, lower(c.name) AS name, c.type, "notnull", hidden > 1 AS generated, pk, cid
              FROM t JOIN pragma_table_xinfo(t.name, 'main') c WHERE is_table),
             i AS (SELECT t, lower(i.name) AS name, origin, "unique" AND NOT partial AS is_unique,
              (SELECT group_concat(name, ', ') FROM (SELECT coalesce(lower(name), '') AS name FROM pragma_index_info(i.name, 'main')
               ORDER BY 1)) AS columns
              FROM t JOIN pragma_index_list(t.name, 'main') i WHERE is_table AND origin <> 'pk')
            SELECT iif(is_table, 'TABLE', 'VIEW'), t, t, '', 0, 0, 0, 0 FROM t
            UNION ALL SELECT 'COLUMN', t, name, type, "notnull", generated, 1, cid FROM c
            UNION ALL SELECT 'KEY', t, name, '', 0, 0, 2, cid FROM c WHERE pk > 0
            UNION ALL SELECT 'UNIQUE', t, columns, '', 0, 0, 3, name FROM i WHERE is_unique
            UNION ALL SELECT 'INDEX', t, name, '', 0, 0, 4, name FROM i WHERE origin = 'c'
            UNION ALL SELECT 'TRIGGER', lower(tbl_name), lower(name), '', 0, 0, 5, name FROM main.sqlite_schema WHERE type = 'trigger'
            ORDER BY 2, 7, 8
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
            UNION ALL SELECT 'KEY', t, attname, '', false, false, 2, attnum, '' FROM c
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
        boolean isSqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
        return Rows.column(connection, (isSqlite ? SQLITE_TABLES : POSTGRESQL_TABLES) + "SELECT t.t FROM t");
    }

    /** Reads the main database of SQLite, or the current schema of PostgreSQL. Reads the catalogue only. */
    public static Schema read(Connection connection, String kind) throws SQLException {
        return of(Rows.of(connection, kind.equals("sqlite") ? SQLITE : POSTGRESQL));
    }

    static Schema read(Query query) {
        return of(query.rows(query.isSqlite() ? SQLITE : POSTGRESQL));
    }

    private static Schema of(List<List<String>> rows) {
        Map<Part, Column> all = new LinkedHashMap<>();
        for (List<String> row : rows) {
            Part part = new Part(Type.valueOf(row.get(0)), row.get(1), row.get(2));
            Column column = new Column(row.get(3), Rows.isTrue(row.get(4)), Rows.isTrue(row.get(5)));
            all.put(part, part.type() == Type.COLUMN ? column : null);
        }
        return new Schema(all);
    }

    /** Returns what a revision is recognised by: tables, columns and what is unique. */
    public Set<Part> parts() {
        return parts(Type.TABLE, Type.COLUMN, Type.UNIQUE);
    }

    Set<Part> parts(Type... types) {
        List<Type> wanted = List.of(types);
        return all.keySet().stream()
                .filter(part -> wanted.contains(part.type()))
                .collect(toCollection(LinkedHashSet::new));
    }

    List<Part> of(String table, Type type) {
        return parts(type).stream().filter(part -> part.table().equals(table)).toList();
    }

    /** Returns those parts that are not here; of a table that is not here, it alone. */
    public List<Part> lacking(Set<Part> parts) {
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
}
