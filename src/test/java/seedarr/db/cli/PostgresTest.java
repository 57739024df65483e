package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a server does: sessions in each other's way, logins, rights, schemas, being away. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresTest {

    private static final int AT_ONCE = 8;
    private static final String REVISIONS = "001_add_checkpoint_fields 002_add_tmdb_cache 003_add_tags_table";

    @TempDir
    Path folder;

    private Postgres database;

    @BeforeEach
    void v1() throws Exception {
        database = Postgres.v1();
    }

    private Command command() {
        return on(database.url());
    }

    private Command on(String url) {
        return Command.in(folder).on(url);
    }

    private void refuses(String err, String... args) throws Exception {
        List<String> before = database.contents();
        Command.Result result = command().run(args);
        assertThat(result.err()).isEqualTo(err);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(database.contents()).isEqualTo(before);
    }

    private CompletableFuture<Command.Result> start(String... args) {
        return CompletableFuture.supplyAsync(() -> command().run(args), work -> new Thread(work).start());
    }

    /** Waits until a session of seedarr-db waits for a lock, and returns its process. */
    private String waiting() throws Exception {
        while (true) {
            List<String> waiting = database.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND application_name = 'seedarr-db' AND wait_event_type = 'Lock'");
            if (!waiting.isEmpty()) {
                return waiting.get(0);
            }
            Thread.sleep(20);
        }
    }

    private static String session(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT pg_backend_pid()")) {
            result.next();
            return result.getString(1);
        }
    }

    // Several at once

    @Test
    void eight_updates_at_once_apply_each_revision_once_and_all_succeed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Command.Result>> runs = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            runs.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return command().run("update");
                    },
                    work -> new Thread(work).start()));
        }
        go.countDown();
        List<String> steps = new ArrayList<>();
        for (CompletableFuture<Command.Result> run : runs) {
            Command.Result result = run.join();
            assertThat(result.exitCode()).as(result.err()).isZero();
            result.out()
                    .lines()
                    .filter(line -> line.startsWith("  up "))
                    .forEach(line -> steps.add(line.split(" +")[2]));
        }
        assertThat(steps).containsExactly(REVISIONS.split(" "));
        assertThat(database.query("SELECT ID FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED"))
                .isEqualTo(steps);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void a_table_that_another_session_has_locked_is_named_with_the_session(String timeout) throws Exception {
        try (Connection application = database.holding("LOCK TABLE file_entries IN ACCESS SHARE MODE")) {
            refuses("""
                    error: 001_add_checkpoint_fields failed: the table file_entries is held by session %s \
                    (the application, user seedarr, idle in transaction)
                    nothing was changed; the database is still at base
                    try: again when it is done; --lock-timeout SECONDS waits longer
                    """.formatted(session(application)), "update", "--lock-timeout", timeout);
        }
        command().succeed("update", "--lock-timeout", "0");
    }

    @Test
    void the_session_that_is_named_is_the_one_in_the_way() throws Exception {
        database.execute("CREATE TABLE alembic_version (version_num text)");
        try (Connection bystander = database.holding("SELECT * FROM alembic_version");
                Connection application = database.holding("SELECT * FROM file_entries")) {
            Command.Result result = command().run("update", "--lock-timeout", "0");
            assertThat(result.firstErrorLine().orElseThrow())
                    .contains("the table file_entries is held by session " + session(application) + " ")
                    .doesNotContain(session(bystander));
        }
    }

    @Test
    void an_application_that_only_waits_for_a_moment_is_waited_for() throws Exception {
        Connection application = database.holding("LOCK TABLE file_entries");
        CompletableFuture<Command.Result> update = start("update");
        waiting();
        application.close();
        assertThat(update.join().exitCode()).as(update.join().err()).isZero();
    }

    @ParameterizedTest
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ValueSource(strings = {"update --lock-timeout 1", "rollback base --lock-timeout 0", "status"})
    void a_locked_history_ends_in_an_error_after_the_timeout(String args) throws Exception {
        command().succeed("update", "002");
        try (Connection application = database.holding("LOCK TABLE databasechangelog")) {
            Command.Result result = command().run(args.split(" "));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .startsWith("error: the table databasechangelog is held by session " + session(application) + " (");
        }
    }

    @Test
    void another_seedarr_db_is_named_when_it_takes_too_long() throws Exception {
        try (Connection other = database.holding("SELECT pg_advisory_xact_lock(" + 0x5eeda44db1L + ")")) {
            for (String timeout : List.of("0", "1")) {
                refuses("""
                        error: the lock of seedarr-db is held by session %s \
                        (the application, user seedarr, idle in transaction)
                        nothing was changed; the database is still at base
                        try: again when it is done; --lock-timeout SECONDS waits longer
                        """.formatted(session(other)), "update", "--lock-timeout", timeout);
            }
        }
    }

    @Test
    void the_lock_is_of_one_database_only() throws Exception {
        try (Connection other = Postgres.create().holding("SELECT pg_advisory_xact_lock(" + 0x5eeda44db1L + ")")) {
            command().succeed("update", "--lock-timeout", "0");
            assertThat(other.isClosed()).isFalse();
        }
    }

    @Test
    void the_lock_row_of_a_stock_liquibase_is_respected_and_left() throws Exception {
        command().succeed("update", "001");
        database.execute("UPDATE DATABASECHANGELOGLOCK SET LOCKED = TRUE, LOCKEDBY = 'nas (10.0.0.2)',"
                + " LOCKGRANTED = '2024-05-06 07:08:09'");
        refuses("""
                error: Liquibase on nas (10.0.0.2) holds the changelog lock since 2024-05-06 07:08:09
                nothing was changed; the database is still at 001_add_checkpoint_fields
                try: again when it is done; if it was killed, `liquibase release-locks`
                """, "update", "--lock-timeout", "0");
        CompletableFuture<Command.Result> update = start("update");
        Thread.sleep(300);
        database.execute("UPDATE DATABASECHANGELOGLOCK SET LOCKED = FALSE, LOCKEDBY = NULL, LOCKGRANTED = NULL");
        assertThat(update.join().exitCode()).as(update.join().err()).isZero();
    }

    @Test
    void a_connection_that_is_cut_in_the_middle_leaves_nothing() throws Exception {
        List<String> before = database.contents();
        try (Connection application = database.holding("SELECT * FROM file_entries")) {
            CompletableFuture<Command.Result> update = start("update");
            database.executeAsAdministrator("SELECT pg_terminate_backend(" + waiting() + ")");
            assertThat(update.join().err()).isEqualTo("""
                    error: 001_add_checkpoint_fields failed: the connection to %s was cut: \
                    terminating connection due to administrator command
                    nothing was changed; the database is still at base
                    try: the same command again
                    """.formatted(Postgres.server()));
            assertThat(application.isClosed()).isFalse();
        }
        assertThat(database.contents()).isEqualTo(before);
        command().succeed("update", "--lock-timeout", "0");
    }

    // What is the user's

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "index mine      | CREATE INDEX mine ON file_entries (status, uploaded_at)",
                "index mine      | CREATE INDEX mine ON file_entries (id) WHERE uploaded_at IS NULL",
                "index Mine      | CREATE INDEX \"Mine\" ON tags (lower(label))",
                "trigger mine    | CREATE TRIGGER mine AFTER DELETE ON tags EXECUTE FUNCTION f()",
                "trigger mine    | CREATE TRIGGER mine AFTER UPDATE OF uploaded_at ON file_entries EXECUTE FUNCTION f()",
                "constraint mine | ALTER TABLE file_entries ADD CONSTRAINT mine CHECK (uploaded_at > created_at)",
                "constraint mine | ALTER TABLE file_entries ADD CONSTRAINT mine UNIQUE (id, scanned_at)",
                "uploaded_at of  | ALTER TABLE file_entries ADD CONSTRAINT uploaded_at CHECK (uploaded_at > created_at)",
                "view mine       | CREATE VIEW mine AS SELECT label FROM tags",
                "view mine       | CREATE MATERIALIZED VIEW mine AS SELECT uploaded_at FROM file_entries",
                "constraint mine | CREATE TABLE other (tag int CONSTRAINT mine REFERENCES tags)",
                "constraint mine | CREATE SCHEMA s; CREATE TABLE s.other (tag int CONSTRAINT mine REFERENCES tags)",
                "mine            | ALTER TABLE file_entries ADD mine timestamp GENERATED ALWAYS AS (uploaded_at) STORED",
                "statistics mine | CREATE STATISTICS mine ON status, uploaded_at FROM file_entries",
                "rule mine       | CREATE RULE mine AS ON DELETE TO tags DO INSTEAD NOTHING",
                "policy mine     | CREATE POLICY mine ON tags USING (true)",
                "policy mine     | CREATE POLICY mine ON file_entries USING (uploaded_at IS NULL)",
                "table mine      | CREATE TABLE mine () INHERITS (tags)",
                "sequence mine   | CREATE SEQUENCE mine OWNED BY tags.label",
                "function mine() | CREATE FUNCTION mine() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM tags; END"
            })
    void what_is_the_users_is_named_and_nothing_is_undone(String named, String sql) throws Exception {
        database = Postgres.atHead();
        database.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        database.executeWhole(sql);
        List<String> before = database.contents();
        Command.Result result = command().run("rollback", "base");
        assertThat(result.firstErrorLine().orElse(result.out())).contains(named);
        assertThat(result.err()).endsWith("""

                        nothing was changed; the database is still at 003_add_tags_table
                        try: again without what it names; that can be made again afterwards
                        """);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void what_is_not_in_the_way_stays_as_it_is() throws Exception {
        database.execute("""
                CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE INDEX mine ON file_entries (error_message);
                CREATE VIEW mine_too AS SELECT id, file_path FROM file_entries;
                CREATE TABLE other (id int PRIMARY KEY, entry int REFERENCES file_entries);
                ALTER TABLE file_entries ADD COLUMN mine text DEFAULT 'x' CHECK (mine <> '');
                CREATE TRIGGER mine BEFORE UPDATE ON file_entries FOR EACH ROW EXECUTE FUNCTION f();
                CREATE STATISTICS mine_also ON status, created_at FROM file_entries;
                CREATE SCHEMA s; CREATE TABLE s.tags (id int); CREATE INDEX idx_tags_label ON s.tags (id);
                COMMENT ON TABLE file_entries IS 'mine';
                GRANT SELECT ON file_entries TO public;
                """);
        List<String> before = database.schemaText();
        command().succeed("update");
        command().succeed("rollback", "base");
        assertThat(database.schemaText()).isEqualTo(before);
    }

    // Schemas

    private String inSchemas(String path) {
        return database.url() + "?options=-csearch_path%3D" + path;
    }

    @Test
    void tables_and_history_go_to_the_schema_of_the_search_path() throws Exception {
        database = Postgres.create();
        database.execute("CREATE SCHEMA media");
        Command command = on(inSchemas("media"));
        command.succeed("update");
        command.succeed("status", "--check");
        assertThat(database.query("SELECT DISTINCT table_schema FROM information_schema.tables"
                        + " WHERE table_schema !~ '^pg_|^information_schema$'"))
                .containsExactly("media");
        assertThat(database.query(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'media' ORDER BY 1"))
                .containsExactly("databasechangelog", "databasechangeloglock", "file_entries", "tags", "tmdb_cache");
        assertThat(command().succeed("current")).isEqualTo("base\n");
        command.succeed("rollback", "base");
        database.executeScriptIn("media", command.succeed("update", "--sql"));
        command.succeed("status", "--check");
    }

    @Test
    void two_schemas_are_two_databases() throws Exception {
        database.execute("CREATE SCHEMA media");
        command().succeed("update");
        List<String> before = database.schemaText();
        Command command = on(inSchemas("media"));
        assertThat(command.succeed("current")).isEqualTo("base\n");
        command.succeed("update");
        command.succeed("rollback", "base");
        assertThat(database.schemaText()).containsAll(before);
        command().succeed("status", "--check");
    }

    @Test
    void an_underscore_in_the_name_of_a_schema_is_no_wildcard() throws Exception {
        database.execute(
                "CREATE SCHEMA my_media; CREATE SCHEMA myxmedia; CREATE TABLE myxmedia.databasechangelog (id int);"
                        + " CREATE TABLE myxmedia.databasechangeloglock (id int)");
        Command command = on(inSchemas("my_media"));
        assertThat(command.succeed("current")).isEqualTo("base\n");
        command.succeed("update");
        command.succeed("status", "--check");
        command.succeed("rollback", "base");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"with space\"", "média", "\"order\"", "\"a.b\""})
    void a_schema_of_any_name_will_do(String schema) throws Exception {
        database.execute("CREATE SCHEMA " + schema);
        database.executeAsAdministrator(
                "ALTER ROLE seedarr IN DATABASE " + database.name() + " SET search_path = " + schema);
        command().succeed("update");
        assertThat(database.query(
                        "SELECT count(*) FROM pg_tables WHERE schemaname = '" + schema.replace("\"", "") + "'"))
                .containsExactly("5");
        command().succeed("rollback-count", "1");
    }

    @Test
    void the_first_schema_of_the_search_path_that_exists_counts() throws Exception {
        database.execute("CREATE SCHEMA media");
        Command command = on(inSchemas("nothing,media,public"));
        command.succeed("update");
        assertThat(database.query("SELECT count(*) FROM media.databasechangelog"))
                .containsExactly("3");
        assertThat(database.query("SELECT count(*) FROM media.file_entries")).containsExactly("0");
        assertThat(database.query("SELECT count(*) FROM public.file_entries")).containsExactly("4");
        command.succeed("rollback", "base");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "update", "update --sql", "rollback base"})
    void a_schema_that_does_not_exist_is_refused(String args) throws Exception {
        Command.Result result = on(inSchemas("nothing")).run(args.split(" "));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("error: no schema of the search_path exists in " + database.shown() + "\n")
                .endsWith("try: creating the schema, or another search_path\n");
    }

    // Logins and rights

    @ParameterizedTest
    @ValueSource(strings = {"status", "update", "update --wait 600", "update --sql --wait 600"})
    void a_wrong_password_is_refused_and_not_waited_for(String args) {
        Command.Result result =
                on(new Postgres(database.name(), "seedarr", "not geheim").url()).run(args.split(" "));
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: %s does not let seedarr in: password authentication failed for user "seedarr"
                try: another user or password
                """.formatted(Postgres.server())));
    }

    @Test
    void no_password_is_refused() {
        Command.Result result = on("postgresql://seedarr@" + Postgres.server() + "/" + database.name())
                .run("status");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("error: " + Postgres.server() + " does not let seedarr in: ")
                .endsWith("\ntry: another user or password\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "update --wait 600"})
    void a_database_that_does_not_exist_is_refused_and_not_waited_for(String args) {
        Command.Result result = on(new Postgres("nothing", "seedarr", PostgresTestServer.PASSWORD).url())
                .run(args.split(" "));
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: there is no database nothing on %s
                try: createdb, or another name
                """.formatted(Postgres.server())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p@geheim:/?#",
                "geheim 100% + é ✓",
                "%41geheim&x=1",
                "'geheim\"\\",
                "://geheim@localhost:1/x?host=y"
            })
    void any_password_lets_in_by_its_percent_code_and_by_a_variable(String password) throws Exception {
        String role = PostgresTestServer.newName();
        PostgresTestServer.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + password.replace("'", "''") + "'");
        Postgres own = Postgres.create(role, role, password);
        assertThat(on(own.url()).succeed("status")).startsWith("database  " + own.shown() + "\n");
        assertThat(on("postgresql://" + role + "@" + Postgres.server() + "/" + role)
                        .with("PGPASSWORD", password)
                        .succeed("current"))
                .isEqualTo("base\n");
        assertThat(on("postgresql://" + Postgres.server() + "/" + role + "?user=" + role + "&password="
                                + Postgres.encoded(password))
                        .succeed("current"))
                .isEqualTo("base\n");
        // None of it in an error, whatever the details.
        own.execute("CREATE TABLE users (id int)");
        assertThat(on(own.url()).run("update", "--verbose").exitCode()).isEqualTo(1);
        assertThat(on(new Postgres(role, role, password + "x").url())
                        .run("update", "--verbose")
                        .exitCode())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p@geheim:/", "geheim?#[]", "ge://heim@geheim", "a:geheim@b@c"})
    void a_password_as_it_is_lets_in(String password) throws Exception {
        String role = PostgresTestServer.newName();
        PostgresTestServer.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + password + "'");
        Postgres.create(role, role, password);
        for (String scheme : List.of("postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg2")) {
            assertThat(on(scheme + "://" + role + ":" + password + "@" + Postgres.server() + "/" + role)
                            .succeed("current"))
                    .isEqualTo("base\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"My Database", "médias ✓", "Médias", "a/b 50%", "a\"b'c", "a+b&c=d?x#y"})
    void a_database_and_a_user_of_any_name_will_do(String name) throws Exception {
        PostgresTestServer.execute("CREATE ROLE " + Postgres.quoted("U " + name) + " LOGIN PASSWORD 'geheim'");
        Postgres odd = Postgres.create(name, "U " + name, "geheim");
        assertThat(on(odd.url()).succeed("update")).contains("done: the database is at ");
        assertThat(odd.query("SELECT count(*) FROM databasechangelog")).containsExactly("3");
        on(odd.url()).succeed("rollback-count", "1");
    }

    @Test
    void variables_name_what_the_url_leaves_out() {
        Command command = Command.in(folder)
                .with("PGHOST", "localhost")
                .with("PGPORT", "" + PostgresTestServer.PORT)
                .with("PGUSER", "seedarr")
                .with("PGPASSWORD", PostgresTestServer.PASSWORD)
                .with("PGDATABASE", database.name());
        for (String url : List.of(
                "postgresql://", "postgresql:///", "postgresql:///" + database.name(), "postgresql://localhost")) {
            assertThat(command.on(url).succeed("status")).startsWith("database  " + database.shown() + "\n");
        }
        // What the URL says counts more.
        assertThat(command.with("PGDATABASE", "nothing")
                        .with("PGUSER", "nobody")
                        .with("PGPORT", "1")
                        .with("PGHOST", "nowhere.invalid")
                        .with("PGPASSWORD", "not geheim")
                        .on(database.url())
                        .succeed("current"))
                .isEqualTo("base\n");
        assertThat(command.on("postgresql://nobody:x@nowhere.invalid:1/nothing?host=localhost&port="
                                + PostgresTestServer.PORT + "&user=seedarr&password=geheim&dbname=" + database.name())
                        .succeed("status"))
                .startsWith("database  " + database.shown() + "\n");
    }

    @Test
    void a_password_file_lets_in() throws Exception {
        Path file = Files.writeString(
                folder.resolve("pgpass"),
                "localhost:" + PostgresTestServer.PORT + ":" + database.name() + ":seedarr:geheim\n");
        System.setProperty("org.postgresql.pgpassfile", file.toString());
        try {
            assertThat(on("postgresql://seedarr@" + Postgres.server() + "/" + database.name())
                            .succeed("current"))
                    .isEqualTo("base\n");
        } finally {
            System.clearProperty("org.postgresql.pgpassfile");
        }
    }

    @Test
    void parameters_of_the_url_reach_the_server() throws Exception {
        Connection application = database.holding("LOCK TABLE file_entries");
        CompletableFuture<Command.Result> update = CompletableFuture.supplyAsync(
                () -> on(database.url() + "?application_name=my+updates&sslmode=disable&connect_timeout=9")
                        .run("update"));
        while (database.query("SELECT FROM pg_stat_activity WHERE application_name = 'my updates'")
                .isEmpty()) {
            Thread.sleep(20);
        }
        application.close();
        assertThat(update.join().exitCode()).isZero();
        assertThat(on(database.url() + "?sslmode=require").run("status").err())
                .startsWith("error: " + Postgres.server());
    }

    @Test
    void without_the_right_to_create_in_the_schema_update_is_refused() throws Exception {
        database.executeAsAdministrator(
                "ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM seedarr, public");
        refuses("""
                error: permission denied for schema public
                nothing was changed; the database is still at base
                try: a user who owns the tables and may create in the schema
                """, "update");
        assertThat(command().succeed("current")).isEqualTo("base\n");
    }

    @Test
    void a_table_of_another_user_is_refused() throws Exception {
        database.executeAsAdministrator(
                "ALTER TABLE file_entries OWNER TO postgres; GRANT ALL ON file_entries TO seedarr");
        refuses("""
                error: 001_add_checkpoint_fields failed: must be owner of table file_entries
                nothing was changed; the database is still at base
                try: a user who owns the tables and may create in the schema
                """, "update");
    }

    @Test
    void a_database_of_another_application_is_refused_though_its_tables_may_not_be_read() throws Exception {
        database = Postgres.create();
        database.executeAsAdministrator("CREATE TABLE users (id int)");
        Command.Result result = command().run("update");
        assertThat(result.err())
                .startsWith("error: this is not a database of Seedarr: it has no file_entries, but users\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "rollback base"})
    void a_server_that_takes_no_writes_is_named_and_can_be_read(String args) throws Exception {
        command().succeed("update", "002");
        PostgresTestServer.execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
        refuses("""
                error: %s takes no writes: it is a standby or set to read-only
                nothing was changed; the database is still at 002_add_tmdb_cache
                try: the primary server
                """.formatted(database.shown()), args.split(" "));
        assertThat(command().succeed("current")).isEqualTo("002_add_tmdb_cache\n");
        assertThat(command().succeed("update", "--sql")).contains("CREATE TABLE tags");
    }

    // Being away

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "update", "update --wait 1", "update --sql", "rollback base --wait 1"})
    void a_server_that_is_down_is_named(String args) throws Exception {
        int port = freePort();
        Command.Result result =
                on("postgresql://seedarr:geheim@localhost:" + port + "/seedarr").run(args.split(" "));
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: localhost:%s cannot be reached: connection refused
                try: starting the server; --wait SECONDS waits for it
                """.formatted(port)));
    }

    @Test
    void a_host_that_is_not_known_is_named() {
        Command.Result result =
                on("postgresql://seedarr:geheim@nowhere.invalid/seedarr").run("status", "--verbose");
        assertThat(result.err()).startsWith("""
                error: nowhere.invalid:5432 cannot be reached: unknown host
                try: starting the server; --wait SECONDS waits for it
                """);
    }

    @Test
    void a_server_that_starts_later_is_waited_for() throws Exception {
        int port = freePort();
        var server = CompletableFuture.supplyAsync(
                () -> PostgresTestServer.start(port), CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS));
        try {
            Command later = on("postgresql://postgres:geheim@localhost:" + port + "/postgres");
            assertThat(later.succeed("update", "--wait", "50")).contains("done: the database is at ");
            later.succeed("status", "--check");
        } finally {
            server.join().close();
        }
    }

    // Reading

    @Test
    void commands_that_read_do_so_in_a_read_only_transaction() throws Exception {
        command().succeed("update", "002");
        // The history can be read in a read-only transaction only.
        database.execute("""
                CREATE FUNCTION read_only() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
                  IF current_setting('transaction_read_only') = 'off' THEN RAISE 'may write'; END IF;
                  RETURN true;
                END $$;
                ALTER TABLE databasechangelog ENABLE ROW LEVEL SECURITY;
                ALTER TABLE databasechangelog FORCE ROW LEVEL SECURITY;
                CREATE POLICY p ON databasechangelog USING (read_only());
                """);
        List<String> before = database.schemaText();
        assertThat(command().succeed("current")).isEqualTo("002_add_tmdb_cache\n");
        assertThat(command().run("status", "--check").exitCode()).isEqualTo(3);
        command().succeed("history", "--json");
        assertThat(command().succeed("update", "--sql")).contains("CREATE TABLE tags");
        assertThat(command().succeed("rollback", "base", "--sql")).contains("DROP TABLE tmdb_cache");
        assertThat(command().run("update").err()).contains("may write");
        assertThat(database.schemaText()).isEqualTo(before);
    }

    @Test
    void times_are_utc_whatever_the_time_zone_of_the_server() throws Exception {
        PostgresTestServer.execute("ALTER DATABASE " + database.name() + " SET TimeZone = 'Pacific/Kiritimati'");
        String now = "SELECT (now() AT TIME ZONE 'UTC')::timestamp(0)::text";
        String before = database.query(now).get(0);
        database.executeScript(command().succeed("update", "--sql"));
        String after = database.query("SELECT (now() AT TIME ZONE 'UTC' + interval '1 s')::timestamp(0)::text")
                .get(0);
        for (String line : command().succeed("history").lines().toList()) {
            assertThat(line.substring(line.indexOf("  ") + 2).strip()).isBetween(before, after);
        }
    }
}
