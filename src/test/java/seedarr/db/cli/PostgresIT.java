package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command on PostgreSQL: real processes, real signals. */
class PostgresIT {

    @TempDir
    Path folder;

    private Postgres database;
    private Program program;

    @BeforeEach
    void v1() throws Exception {
        database = Postgres.v1();
        program = Program.packaged(folder).on(database);
    }

    private static Command.Result succeeded(Command.Result result) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).doesNotContain(PostgresTestServer.PASSWORD);
        return result;
    }

    /** Starts an update whose second revision takes a while, and waits until it is there. */
    private Program.Running updating(String slow) throws Exception {
        new Folder(folder)
                .withChangelog()
                .replace(
                        "changelog/002_add_tmdb_cache.yaml",
                        "CREATE TABLE tmdb_cache (",
                        slow + ";\n              CREATE TABLE tmdb_cache (");
        Program.Running run = program.start("update", "--defaults-file", "liquibase.properties");
        while (database.query("SELECT FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'seedarr-db' AND query LIKE '%pg_sleep%'")
                .isEmpty()) {
            assertThat(run.process().isAlive()).isTrue();
            Thread.sleep(20);
        }
        return run;
    }

    @Test
    void killed_in_the_middle_leaves_nothing_and_the_next_update_needs_no_help() throws Exception {
        List<String> before = database.contents();
        Program.Running run = updating("SELECT pg_sleep(3)");
        run.process().destroyForcibly();
        assertThat(run.process().waitFor()).isEqualTo(137);
        assertThat(database.contents()).isEqualTo(before);
        // The server goes on with the statement of the dead client until it is done; that is waited for.
        succeeded(program.run("update"));
        Command.in(folder).on(database.url()).succeed("status", "--check");
        assertThat(database.query("SELECT count(*) FROM databasechangelog")).containsExactly("3");
    }

    @Test
    void terminated_in_the_middle_ends_with_143_and_changes_nothing() throws Exception {
        List<String> before = database.contents();
        Program.Running run = updating("SELECT pg_sleep(3)");
        run.process().destroy();
        Command.Result result = run.result();
        assertThat(result.exitCode()).isEqualTo(143);
        assertThat(result.err()).isEqualTo("""
                error: 002_add_tmdb_cache failed: stopped by a signal
                nothing was changed; the database is still at base
                try: the same command again
                """);
        assertThat(database.contents()).isEqualTo(before);
        Command.in(folder).on(database.url()).succeed("update");
    }

    @Test
    void times_are_utc_whatever_the_time_zones_of_the_machine_and_the_server() throws Exception {
        PostgresTestServer.execute("ALTER DATABASE " + database.name() + " SET TimeZone = 'Pacific/Kiritimati'");
        String now = "SELECT (now() AT TIME ZONE 'UTC')::text";
        String before = database.query(now).get(0);
        succeeded(program.with("TZ", "Asia/Kathmandu").run("update"));
        String after = database.query(now).get(0);
        assertThat(database.query("SELECT dateexecuted::text FROM databasechangelog"))
                .hasSize(3)
                .allSatisfy(time -> assertThat(time).isBetween(before, after));
        assertThat(succeeded(program.with("TZ", "America/New_York").run("history"))
                        .out())
                .contains(database.query("SELECT dateexecuted::text FROM databasechangelog"));
    }
}
