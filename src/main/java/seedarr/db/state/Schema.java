package seedarr.db.state;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tables of a database and what else a revision is recognised by. Names are folded on SQLite, where their case does
 * not matter.
 *
 * @param tables by name
 * @param notTables views and the like, whose names no table can take
 */
public record Schema(Map<String, Table> tables, Set<String> notTables) {

    /**
     * A table.
     *
     * @param primaryKey its columns; none where there is no primary key
     */
    public record Table(String name, Map<String, Column> columns, List<Index> indexes, List<String> primaryKey) {

        /** Returns the names of the indexes that somebody named. */
        public List<String> indexNames() {
            return indexes.stream()
                    .filter(index -> !index.constraint())
                    .map(Index::name)
                    .toList();
        }
    }

    /**
     * A column.
     *
     * @param type as declared on SQLite, as the server writes it on PostgreSQL
     */
    public record Column(String name, String type, boolean notNull, boolean generated) {}

    /**
     * An index.
     *
     * @param columns in order; an expression is empty
     * @param unique whether no two rows have the same; not so when it is partial
     * @param constraint whether a UNIQUE constraint made it, which also named it
     */
    public record Index(String name, List<String> columns, boolean unique, boolean constraint) {}

    /** What a schema consists of. What {@code column} and {@code key} leave out is the table itself. */
    public record Part(String table, Optional<String> column, Set<String> key) {

        /** Returns its name for people. */
        @Override
        public String toString() {
            return key.isEmpty()
                    ? column.map(name -> table + "." + name).orElse(table)
                    : "the uniqueness of " + table + " (" + String.join(", ", key) + ")";
        }

        /** Returns whether it is the table itself. */
        public boolean isTable() {
            return column.isEmpty() && key.isEmpty();
        }

        /** Returns their names for people. */
        public static String list(List<Part> parts) {
            return parts.stream().map(Part::toString).collect(joining(", "));
        }

        /** Leaves out the parts of tables that are in the list themselves. */
        public static List<Part> whole(List<Part> parts) {
            Set<String> tables = Set.copyOf(
                    parts.stream().filter(Part::isTable).map(Part::table).toList());
            return parts.stream()
                    .filter(part -> part.isTable() || !tables.contains(part.table()))
                    .toList();
        }
    }

    // lower() folds ASCII only, as SQLite itself does when it compares names.
    private static final String SQLITE_TABLES = """
            SELECT lower(name), type = 'table' FROM pragma_table_list
            WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
            """;
    private static final String SQLITE_COLUMNS = """
            SELECT lower(t.name), lower(c.name), c.type, c."notnull", c.hidden > 1, c.pk
            FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, 'main') c
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            ORDER BY t.name, c.cid
            """;
    private static final String SQLITE_INDEXES = """
            SELECT lower(t.name), lower(i.name), lower(c.name), i."unique" AND NOT i.partial, i.origin <> 'c', i.origin = 'pk'
            FROM pragma_table_list t JOIN pragma_index_list(t.name, 'main') i JOIN pragma_index_info(i.name, 'main') c
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            ORDER BY i.name, c.seqno
            """;

    private static final String POSTGRES_TABLES = """
            SELECT relname, relkind IN ('r', 'p') FROM pg_class
            WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm') ORDER BY 1
            """;
    private static final String POSTGRES_COLUMNS = """
            SELECT c.relname, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated <> '',
             EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary AND attnum = ANY (indkey))::int
            FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
            WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind IN ('r', 'p')
            ORDER BY attnum
            """;
    private static final String POSTGRES_INDEXES = """
            SELECT c.relname, i.relname, attname, indisunique AND indisvalid AND indpred IS NULL,
             EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid AND conrelid = c.oid), indisprimary
            FROM pg_index x JOIN pg_class c ON c.oid = indrelid JOIN pg_class i ON i.oid = indexrelid
            CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY k (number, place)
            LEFT JOIN pg_attribute ON attrelid = c.oid AND attnum = k.number
            WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind IN ('r', 'p')
             AND place <= indnkeyatts
            ORDER BY i.relname, place
            """;

    /** Reads the main database of SQLite, or the current schema of PostgreSQL. Reads the catalogue only. */
    public static Schema read(Connection connection, String kind) throws SQLException {
        boolean isSqlite = kind.equals("sqlite");
        var schema = new Schema(new LinkedHashMap<>(), new LinkedHashSet<>());
        try (Statement statement = connection.createStatement()) {
            schema.readTables(statement, isSqlite ? SQLITE_TABLES : POSTGRES_TABLES);
            schema.readColumns(statement, isSqlite ? SQLITE_COLUMNS : POSTGRES_COLUMNS);
            schema.readIndexes(statement, isSqlite ? SQLITE_INDEXES : POSTGRES_INDEXES);
        }
        return schema;
    }

    private void readTables(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                String name = rows.getString(1);
                if (rows.getBoolean(2)) {
                    tables.put(name, new Table(name, new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>()));
                } else {
                    notTables.add(name);
                }
            }
        }
    }

    private void readColumns(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                Table table = tables.get(rows.getString(1));
                String name = rows.getString(2);
                table.columns().put(name, new Column(name, rows.getString(3), rows.getBoolean(4), rows.getBoolean(5)));
                if (rows.getInt(6) > 0) {
                    table.primaryKey().add(name);
                }
            }
        }
    }

    private void readIndexes(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            Index last = null;
            while (rows.next()) {
                String name = rows.getString(2);
                if (rows.getBoolean(6)) {
                    continue;
                }
                if (last == null || !last.name().equals(name)) {
                    last = new Index(name, new ArrayList<>(), rows.getBoolean(4), rows.getBoolean(5));
                    tables.get(rows.getString(1)).indexes().add(last);
                }
                last.columns().add(rows.getString(3) == null ? "" : rows.getString(3));
            }
        }
    }

    /** Returns the names of all indexes that somebody named. */
    public Set<String> indexNames() {
        return tables.values().stream()
                .flatMap(table -> table.indexNames().stream())
                .collect(toSet());
    }

    /** Returns whether a table, a view or an index has this name. */
    public boolean hasName(String name) {
        return tables.containsKey(name)
                || notTables.contains(name)
                || indexNames().contains(name);
    }

    /** Returns all that this schema consists of, but for primary keys, a table before what is in it. */
    public Set<Part> parts() {
        var parts = new LinkedHashSet<Part>();
        for (Table table : tables.values()) {
            parts.add(new Part(table.name(), Optional.empty(), Set.of()));
            table.columns()
                    .keySet()
                    .forEach(column -> parts.add(new Part(table.name(), Optional.of(column), Set.of())));
            table.indexes().stream()
                    .filter(Index::unique)
                    .forEach(index ->
                            parts.add(new Part(table.name(), Optional.empty(), new TreeSet<>(index.columns()))));
        }
        return parts;
    }
}
