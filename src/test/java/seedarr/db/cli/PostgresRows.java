package seedarr.db.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives each table of a PostgreSQL database a row, whatever its columns are. */
record PostgresRows(Connection connection) {

    private static final String COLUMNS = """
            SELECT format_type(a.atttypid, a.atttypmod) AS type,
              (SELECT 'SELECT ' || quote_ident(p.attname) || ' FROM ' || k.confrelid::regclass || ' LIMIT 1'
               FROM pg_constraint k JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = k.confkey[1]
               WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] LIMIT 1) AS parent,
              coalesce((SELECT enumlabel FROM pg_enum WHERE enumtypid = a.atttypid LIMIT 1),
               (SELECT (regexp_match(pg_get_constraintdef(k.oid), $$'([^']*)'$$))[1] FROM pg_constraint k
                WHERE k.conrelid = a.attrelid AND k.contype = 'c' AND a.attnum = ANY (k.conkey) LIMIT 1)) AS label
            FROM pg_attribute a WHERE a.attrelid = '%s'::regclass AND a.attnum > 0 AND NOT a.attisdropped
              AND a.attgenerated = '' ORDER BY a.attnum
            """;

    private static final String TABLES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
            + " AND relnamespace = current_schema()::regnamespace AND relname !~ 'databasechangelog|alembic' ORDER BY oid";

    void add(int number) throws SQLException {
        for (String table : TestDatabase.query(connection, TABLES)) {
            List<String> values = new ArrayList<>();
            for (Map<String, Object> column : TestDatabase.rows(connection, COLUMNS.formatted(table))) {
                values.add(value(column.get("type").toString(), column.get("parent"), column.get("label"), number));
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO " + table + " VALUES (" + String.join(", ", values) + ")");
            }
        }
    }

    private static String value(String type, Object parent, Object label, int number) {
        String text = type.startsWith("json")
                ? "{}"
                : type.matches("(timestamp|date).*")
                        ? "2024-02-29"
                        : type.matches("char.*|text") ? number + "é" : type.equals("boolean") ? "true" : "" + number;
        String literal = "CAST('" + (label == null ? text : label) + "' AS " + type + ")";
        return parent == null ? literal : "(" + parent + ")";
    }

    /** Returns every row, with its table. */
    List<String> all() throws SQLException {
        List<String> all = new ArrayList<>();
        for (String table : TestDatabase.query(connection, TABLES)) {
            TestDatabase.query(connection, "SELECT t::text FROM " + table + " t")
                    .forEach(row -> all.add(table + " " + row));
        }
        return all;
    }
}
