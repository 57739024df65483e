package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a server does: sessions in each other's way, schemas, rights, reading. */
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

    /** Waits until nobody waits for a lock any more. */
    private void waitingIsOver() throws Exception {
        while (!database.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'seedarr-db' AND wait_event_type = 'Lock'")
                .isEmpty()) {
            Thread.sleep(20);
        }
    }

    @Test
    void readers_get_through_while_a_table_is_waited_for_and_each_line_comes_once() throws Exception {
        CompletableFuture<Command.Result> update;
        try (Connection application = database.holding("SELECT * FROM file_entries")) {
            update = start("update");
            waiting();
            // It stands behind the update, which would stand there for 30 seconds.
            database.execute("SET statement_timeout = '10s'; SELECT count(*) FROM file_entries");
            assertThat(update).isNotDone();
            assertThat(application.isClosed()).isFalse();
            waiting();
        }
        assertThat(update.join().exitCode()).as(update.join().err()).isZero();
        assertThat(update.join().out().replaceAll("\\d+ ms", "n ms")).isEqualTo("""
                database  %s
                from      base
                to        003_add_tags_table (3 revisions)
                  up    001_add_checkpoint_fields  n ms
                  up    002_add_tmdb_cache         n ms
                  up    003_add_tags_table         n ms
                done: the database is at 003_add_tags_table
                """.formatted(database.shown()));
    }

    @Test
    void an_attempt_after_the_first_finds_what_others_have_done_in_the_meantime() throws Exception {
        String script = command().succeed("update", "--sql");
        CompletableFuture<Command.Result> update;
        try (Connection faster = database.holding("SELECT * FROM file_entries")) {
            update = start("update");
            waiting();
            waitingIsOver();
            assertThat(update).isNotDone();
            assertThat(faster.isClosed()).isFalse();
        }
        database.executeScript(script);
        assertThat(update.join().out()).isEqualTo("nothing to do: " + database.shown() + " is at 003_add_tags_table\n");
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
                try: again when it is done; if it was killed, seedarr-db release-locks
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
        database.executeScriptAfter("SET search_path = media", command.succeed("update", "--sql"));
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

    // Rights

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
    void times_are_utc_whatever_the_time_zone_of_the_psql_that_runs_a_script() throws Exception {
        String now = "SELECT (now() AT TIME ZONE 'UTC')::text";
        String before = database.query(now).get(0);
        database.executeScriptAfter(
                "SET TimeZone = 'Pacific/Kiritimati'", command().succeed("update", "--sql"));
        String after = database.query(now).get(0);
        assertThat(database.query("SELECT dateexecuted::text FROM databasechangelog"))
                .hasSize(3)
                .allSatisfy(time -> assertThat(time).isBetween(before, after));
    }

    @Test
    void a_script_run_in_another_time_zone_does_not_change_the_order() throws Exception {
        database.executeScriptAfter(
                "SET TimeZone = 'Pacific/Kiritimati'", command().succeed("update", "002", "--sql"));
        command().succeed("update");
        assertThat(command().succeed("current")).isEqualTo("003_add_tags_table\n");
        command().succeed("rollback-count", "1");
        assertThat(command().succeed("current")).isEqualTo("002_add_tmdb_cache\n");
        command().succeed("rollback", "base");
    }
}
