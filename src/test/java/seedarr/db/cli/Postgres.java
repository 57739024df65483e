package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A database of a test on the {@link PostgresTestServer}. */
record Postgres(String name, String user, String password) implements TestDatabase {

    /** What release 1.1 made, as its models declare it. */
    static final String V1 = """
            CREATE TYPE status AS ENUM ('PENDING', 'SCANNED', 'ANALYZED', 'PENDING_APPROVAL', 'APPROVED', 'PREPARING',
              'RENAMED', 'METADATA_GENERATED', 'UPLOADED', 'FAILED');
            CREATE TABLE file_entries (
              id SERIAL NOT NULL, file_path VARCHAR(1000) NOT NULL, status status NOT NULL, error_message TEXT,
              created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
              PRIMARY KEY (id), UNIQUE (file_path));
            INSERT INTO file_entries (file_path, status, error_message, created_at, updated_at) VALUES
              ('/média/l''été.mkv', 'PENDING', NULL, '2024-01-01', '2024-01-01 00:00:00.123456'),
              ('/y', 'FAILED', '', '0044-03-15 BC', 'infinity'),
              ('/z', 'UPLOADED', '✓', '2024-02-29', '2024-02-29');
            INSERT INTO file_entries VALUES (2147483647, '/last', 'APPROVED', NULL, '2024-01-01', '2024-01-01');
            """;

    /** Every object of the database, one a line. */
    private static final String OBJECTS = """
            WITH namespaces AS (SELECT oid, nspname FROM pg_namespace
              WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
            relations AS (SELECT c.*, n.nspname || '.' || c.relname AS name FROM pg_class c
              JOIN namespaces n ON n.oid = c.relnamespace)
            SELECT 'schema ' || nspname FROM namespaces
            UNION ALL SELECT concat_ws(' ', 'relation', relkind, name, relowner::regrole, relacl) FROM relations
            UNION ALL SELECT concat_ws(' ', 'column', r.name, a.attname, format_type(a.atttypid, a.atttypmod),
              a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attribute a
              JOIN relations r ON r.oid = a.attrelid
              LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
              WHERE a.attnum > 0 AND NOT a.attisdropped
            UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN relations r ON r.oid = i.indexrelid
            UNION ALL SELECT concat_ws(' ', 'constraint', r.name, k.conname, pg_get_constraintdef(k.oid))
              FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
            UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid
              WHERE NOT t.tgisinternal
            UNION ALL SELECT 'rule ' || pg_get_ruledef(w.oid) FROM pg_rewrite w JOIN relations r ON r.oid = w.ev_class
            UNION ALL SELECT concat_ws(' ', 'policy', r.name, p.polname) FROM pg_policy p
              JOIN relations r ON r.oid = p.polrelid
            UNION ALL SELECT 'statistics ' || pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s
            UNION ALL SELECT concat_ws(' ', 'comment', d.objsubid, r.name, d.description) FROM pg_description d
              JOIN relations r ON r.oid = d.objoid
            UNION ALL SELECT concat_ws(' ', 'function', n.nspname, p.proname) FROM pg_proc p
              JOIN namespaces n ON n.oid = p.pronamespace
            UNION ALL SELECT concat_ws(' ', 'enum', n.nspname, t.typname, e.enumsortorder, e.enumlabel, t.typowner::regrole)
              FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN namespaces n ON n.oid = t.typnamespace
            UNION ALL SELECT concat_ws(' ', 'sequence', pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(r.relname), a.attname),
              'of', r.name, a.attname) FROM pg_attribute a JOIN relations r ON r.oid = a.attrelid
              JOIN namespaces n ON n.oid = r.relnamespace WHERE r.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
              AND pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(r.relname), a.attname) IS NOT NULL
            UNION ALL SELECT concat_ws(' ', 'sequence', schemaname, sequencename, last_value, increment_by) FROM pg_sequences
            ORDER BY 1
            """;

    /** Makes an empty database that the tests' role owns. */
    static Postgres create() throws SQLException {
        return create(PostgresTestServer.newName(), PostgresTestServer.USER, PostgresTestServer.PASSWORD);
    }

    /** Makes an empty database of any name that a role owns. */
    static Postgres create(String name, String user, String password) throws SQLException {
        PostgresTestServer.execute(
                "CREATE DATABASE " + quoted(name) + " OWNER " + quoted(user) + " STRATEGY file_copy");
        return new Postgres(name, user, password);
    }

    static Postgres v1() throws SQLException {
        Postgres database = create();
        database.makeV1();
        return database;
    }

    /** Makes a database at the last revision, by copying one. */
    static Postgres atHead() throws SQLException {
        String name = PostgresTestServer.newName();
        PostgresTestServer.execute("CREATE DATABASE " + name + " OWNER " + PostgresTestServer.USER + " TEMPLATE "
                + Head.NAME + " STRATEGY file_copy");
        return new Postgres(name, PostgresTestServer.USER, PostgresTestServer.PASSWORD);
    }

    /** Made once, and never opened afterwards, for only then it can be copied. */
    private static final class Head {

        static final String NAME;

        static {
            try {
                Postgres head = v1();
                Command.in(Path.of("").toAbsolutePath()).on(head.url()).succeed("update");
                NAME = head.name;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static String server() {
        return "localhost:" + PostgresTestServer.PORT;
    }

    @Override
    public String url() {
        return "postgresql://" + encoded(user) + ":" + encoded(password) + "@" + server() + "/" + encoded(name);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String shown() {
        return "postgresql://" + user + "@" + server() + "/" + name;
    }

    private String jdbcUrl() {
        return "jdbc:postgresql://" + server() + "/" + encoded(name);
    }

    @Override
    public List<String> stockOptions() {
        return List.of("--url=" + jdbcUrl(), "--username=" + user, "--password=" + password);
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "the application");
        // A script goes to the server as it is.
        properties.setProperty("preferQueryMode", "simple");
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    /** Opens a transaction and runs SQL in it; closing the connection undoes it. */
    Connection holding(String sql) throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return connection;
    }

    @Override
    public void execute(String script) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    /** Runs one command that the driver would cut at the semicolons within. */
    void executeWhole(String sql) throws SQLException {
        execute("DO $do$ BEGIN EXECUTE $sql$" + sql + "$sql$; END $do$");
    }

    /** Runs SQL in this database as the superuser. */
    void executeAsAdministrator(String sql) throws SQLException {
        try (Connection connection = PostgresTestServer.connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void makeV1() throws SQLException {
        execute(V1);
    }

    @Override
    public void executeScript(String script) throws SQLException {
        assertThat(script).startsWith("\\set ON_ERROR_STOP on\nBEGIN;\n").endsWith("\nCOMMIT;\n");
        execute(script.substring(script.indexOf('\n') + 1));
    }

    /** The same after other settings, as a psql of the user's may have them. */
    void executeScriptAfter(String settings, String script) throws SQLException {
        assertThat(script).startsWith("\\set ON_ERROR_STOP on\nBEGIN;\n");
        execute(settings + ";" + script.substring(script.indexOf('\n') + 1));
    }

    @Override
    public Map<String, Object> schema() throws SQLException {
        Map<String, Object> schema = new TreeMap<>();
        try (Connection connection = connect()) {
            for (String table : TestDatabase.query(
                    connection,
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
                            + " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'databasechangelog%'")) {
                schema.put(
                        table,
                        Map.of(
                                "columns",
                                TestDatabase.rows(
                                        connection,
                                        "SELECT column_name AS name, data_type AS type, character_maximum_length AS length,"
                                                + " is_nullable AS nullable, column_default AS \"default\", is_identity AS identity"
                                                + " FROM information_schema.columns WHERE table_schema = 'public'"
                                                + " AND table_name = '" + table + "' ORDER BY ordinal_position"),
                                "indexes",
                                TestDatabase.rows(
                                        connection,
                                        "SELECT indexname AS name, indexdef AS definition FROM pg_indexes"
                                                + " WHERE schemaname = 'public' AND tablename = '" + table
                                                + "' ORDER BY 1")));
            }
        }
        return schema;
    }

    @Override
    public Map<String, Object> facts() throws IOException {
        return TestDatabase.facts("/schema-postgresql.json");
    }

    @Override
    public List<String> schemaText() throws SQLException {
        return query(OBJECTS).stream()
                .filter(line -> !line.contains("databasechangelog"))
                .toList();
    }

    /** On one connection, for each is a process of the server. */
    @Override
    public List<String> contents() throws SQLException {
        try (Connection connection = connect()) {
            List<String> contents = new ArrayList<>(TestDatabase.query(connection, OBJECTS));
            for (String table : TestDatabase.query(
                    connection,
                    "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r'"
                            + " AND c.relnamespace::regnamespace::text !~ '^pg_|^information_schema$' ORDER BY 1")) {
                TestDatabase.query(connection, "SELECT t::text FROM " + table + " t ORDER BY 1")
                        .forEach(row -> contents.add(table + " " + row));
            }
            return contents;
        }
    }
}
