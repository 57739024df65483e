package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import seedarr.db.Refusal;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Waiting;

/** What a command waits for others on SQLite, all of it together. */
class WaitingTest {

    private static final Duration BUDGET = Duration.ofMillis(300);

    private static final String MANY_ROWS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                    + " INSERT INTO large SELECT i, hex(randomblob(50)) FROM n";

    @TempDir
    Path folder;

    private Sqlite large() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        database.execute("CREATE TABLE large (i, text); " + MANY_ROWS);
        return database;
    }

    @Test
    void a_change_that_does_not_fit_into_the_cache_does_not_wait_anew_for_each_part_of_it() throws Exception {
        Sqlite database = large();
        try (OtherProcess reader = OtherProcess.holding(database.file(), "BEGIN; SELECT * FROM large")) {
            Waiting waiting = Waiting.atMost(BUDGET);
            try (Session session = SqliteFile.of(database.file()).write(waiting)) {
                session.execute("PRAGMA cache_size = 10");
                assertThat(waiting.left()).isEqualTo(BUDGET);
                assertThatThrownBy(() -> session.execute(MANY_ROWS)).isInstanceOf(SQLException.class);
                assertThat(waiting.left()).isZero();
            }
            assertThat(reader.isRunning()).isTrue();
        }
        assertThat(database.query("SELECT count(*) FROM large")).containsExactly("20000");
    }

    @Test
    void what_was_waited_for_one_lock_is_not_there_for_the_next() throws Exception {
        Sqlite database = large();
        Waiting waiting = Waiting.atMost(BUDGET);
        try (OtherProcess writer = OtherProcess.holding(database.file(), "BEGIN EXCLUSIVE")) {
            SqliteFile file = SqliteFile.of(database.file());
            assertThatThrownBy(() -> file.read(waiting))
                    .isInstanceOf(Refusal.class)
                    .hasMessageEndingWith("is locked by another program");
            assertThat(waiting.left()).isZero();
            assertThatThrownBy(() -> file.write(waiting)).isInstanceOf(Refusal.class);
            assertThat(writer.isRunning()).isTrue();
        }
    }

    @Test
    void a_reader_that_stays_until_the_commit_ends_the_command_which_leaves_nothing() throws Exception {
        Sqlite database = large();
        Command command = Command.in(folder).on(database.url());
        try (OtherProcess reader = OtherProcess.holding(database.file(), "BEGIN; SELECT * FROM large")) {
            Command.Result result = command.run("update", "--lock-timeout", "1");
            assertThat(result.err()).isEqualTo("""
                    error: %s is locked by another program
                    nothing was changed; the database is still at base
                    try: stopping Seedarr, then the same command again
                    """.formatted(database.file()));
            assertThat(reader.isRunning()).isTrue();
        }
        assertThat(command.succeed("current")).isEqualTo("base\n");
        assertThat(new Folder(folder).contents()).containsOnlyKeys("", "seedarr.db");
        command.succeed("update", "--lock-timeout", "0");
    }

    @Test
    void a_person_sees_what_the_command_waits_for_and_then_no_more() throws Exception {
        Sqlite database = large();
        Command command = Command.in(folder).on(database.url()).onTerminal();
        try (OtherProcess writer = OtherProcess.holding(database.file(), "BEGIN IMMEDIATE")) {
            String err = command.run("update", "--lock-timeout", "3").err();
            assertThat(err).startsWith("\rwaiting for the database  1 s\u001b[K\r");
            assertThat(err).contains("\r\u001b[K\u001b[31merror:");
            assertThat(command.run("update", "--lock-timeout", "2", "-q").err()).doesNotContain("waiting for the");
            assertThat(writer.isRunning()).isTrue();
        }
    }

    @Test
    void work_does_not_count() throws Exception {
        Waiting waiting = Waiting.atMost(BUDGET);
        Sqlite database = large();
        try (Session session = SqliteFile.of(database.file()).write(waiting)) {
            session.execute(MANY_ROWS);
            Thread.sleep(BUDGET.toMillis());
            session.execute(MANY_ROWS);
            session.commit();
        }
        assertThat(waiting.left()).isEqualTo(BUDGET);
    }
}
