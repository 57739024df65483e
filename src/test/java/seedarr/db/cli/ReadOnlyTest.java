package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that read leave every file, its folder and their modification times as they were, and still see what is
 * committed, and no more.
 */
class ReadOnlyTest {

    /** Makes many pages dirty, more than the cache may hold, so that SQLite writes into the database before a commit. */
    private static final String SPILLED_WRITE = "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE;"
            + "DELETE FROM DATABASECHANGELOG; DROP TABLE tmdb_cache;"
            + "UPDATE file_entries SET error_message = hex(randomblob(4000));"
            + "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
            + " INSERT INTO file_entries (file_path, status, created_at, updated_at)"
            + " SELECT 'spilled' || i, hex(randomblob(2000)), 1, 1 FROM n;";

    @TempDir
    Path temporary;

    private Path folder;
    private Sqlite database;
    private Command command;

    @BeforeEach
    void database_at_002() throws Exception {
        folder = Files.createDirectory(temporary.resolve("data"));
        database = Sqlite.v1(folder);
        command = Command.in(temporary).on(database.url());
        command.succeed("update", "002", "--no-backup");
        // One row more than the command made, of several pages.
        database.execute("DELETE FROM file_entries WHERE typeof(file_path) = 'blob';"
                + "UPDATE file_entries SET error_message = hex(zeroblob(9000)) WHERE id = 1");
    }

    @Test
    void a_plain_file() throws Exception {
        reads_the_state_at("002_add_tmdb_cache", 2);
    }

    @Test
    void a_database_that_is_not_there() throws Exception {
        Files.delete(database.file());
        reads_the_state_at("base", 0);
        Files.delete(folder);
        Map<String, String> before = new Folder(temporary).contentsAndTimes();
        assertThat(command.succeed("current")).isEqualTo("base\n");
        assertThat(new Folder(temporary).contentsAndTimes()).isEqualTo(before);
    }

    @Test
    void an_empty_file() throws Exception {
        Files.write(database.file(), new byte[0]);
        reads_the_state_at("base", 0);
    }

    @Test
    void a_closed_database_in_wal_mode() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        reads_the_state_at("002_add_tmdb_cache", 2);
        assertThat(folder).isDirectoryContaining(file -> file.equals(database.file()));
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void a_database_in_wal_mode_that_another_program_has_open_with_commits_in_the_wal() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        try (OtherProcess application = OtherProcess.holding(
                database.file(),
                "PRAGMA wal_autocheckpoint = 0; DELETE FROM DATABASECHANGELOG WHERE ID LIKE '002%';"
                        + "DROP TABLE tmdb_cache;")) {
            assertThat(database.file().resolveSibling("seedarr.db-wal")).isNotEmptyFile();
            reads_the_state_at("001_add_checkpoint_fields", 1);
            assertThat(application.isRunning()).isTrue();
        }
    }

    @Test
    void a_database_in_wal_mode_while_another_program_is_writing() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        try (OtherProcess application = OtherProcess.holding(database.file(), SPILLED_WRITE)) {
            reads_the_state_at("002_add_tmdb_cache", 2);
            assertThat(application.isRunning()).isTrue();
        }
    }

    @Test
    void a_plain_file_that_another_program_has_begun_to_write() throws Exception {
        try (OtherProcess application =
                OtherProcess.holding(database.file(), "BEGIN IMMEDIATE; DELETE FROM DATABASECHANGELOG")) {
            reads_the_state_at("002_add_tmdb_cache", 2);
            assertThat(application.isRunning()).isTrue();
        }
    }

    @Test
    void a_hot_journal_that_a_killed_program_left() throws Exception {
        byte[] before = database.bytes();
        database.dieAfter(SPILLED_WRITE);
        assertThat(database.file().resolveSibling("seedarr.db-journal")).isNotEmptyFile();
        assertThat(database.bytes()).as("the spilled pages").isNotEqualTo(before);
        reads_the_state_at("002_add_tmdb_cache", 2);
        // SQLite still has all it needs to recover.
        command.succeed("update");
        assertThat(database.query("SELECT count(*) FROM file_entries")).containsExactly("2");
        assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
    }

    /** So it is where a restore was killed: the copy's mark is in the file before the rest of it is. */
    @Test
    void a_hot_journal_of_a_file_that_is_marked_as_having_a_log() throws Exception {
        database.dieAfter(SPILLED_WRITE);
        byte[] half = database.bytes();
        half[18] = 2;
        half[19] = 2;
        Files.write(database.file(), half);
        reads_the_state_at("002_add_tmdb_cache", 2);
        command.succeed("update");
        assertThat(database.query("SELECT count(*) FROM file_entries")).containsExactly("2");
        assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void a_wal_with_commits_and_half_a_transaction_that_a_killed_program_left() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        database.dieAfter("PRAGMA wal_autocheckpoint = 0; DELETE FROM DATABASECHANGELOG WHERE ID LIKE '002%';"
                + SPILLED_WRITE.replace("DROP TABLE tmdb_cache;", ""));
        assertThat(database.file().resolveSibling("seedarr.db-wal")).isNotEmptyFile();
        reads_the_state_at("001_add_checkpoint_fields", 1);
    }

    @Test
    void a_wal_that_was_copied_without_its_shared_memory() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        database.dieAfter("PRAGMA wal_autocheckpoint = 0; DELETE FROM DATABASECHANGELOG WHERE ID LIKE '002%';");
        Files.delete(database.file().resolveSibling("seedarr.db-shm"));
        reads_the_state_at("001_add_checkpoint_fields", 1);
    }

    @Test
    void a_symbolic_link_to_a_database_with_a_wal_beside_it() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        database.dieAfter("PRAGMA wal_autocheckpoint = 0; DELETE FROM DATABASECHANGELOG WHERE ID LIKE '002%';");
        Path link = Files.createSymbolicLink(temporary.resolve("link.db"), Path.of("data/seedarr.db"));
        command = command.on("sqlite:///" + link);
        reads_the_state_at("001_add_checkpoint_fields", 1);
    }

    private void reads_the_state_at(String current, int applied) throws Exception {
        if (Files.exists(folder)) {
            Files.setLastModifiedTime(folder, FileTime.from(Instant.parse("2024-01-02T03:04:05Z")));
        }
        Map<String, String> before = new Folder(temporary).contentsAndTimes();

        assertThat(command.succeed("current")).isEqualTo(current + "\n");
        assertThat(command.succeed("status"))
                .contains("current   " + current + "\n", (3 - applied) + " pending: seedarr-db update\n");
        assertThat(command.run("status", "--check", "--json").exitCode()).isEqualTo(3);
        assertThat(command.succeed("history").lines().filter(line -> !line.endsWith("  -")))
                .hasSize(applied);
        assertThat(command.succeed("show", "003")).contains("CREATE TABLE tags", "DROP TABLE tags");
        String up = command.succeed("update", "--sql");
        assertThat(up.lines().filter(line -> line.startsWith("INSERT INTO DATABASECHANGELOG ")))
                .hasSize(3 - applied);
        String down = command.succeed("rollback", "base", "--sql");
        assertThat(down.lines().filter(line -> line.startsWith("DELETE FROM DATABASECHANGELOG ")))
                .hasSize(applied);

        assertThat(new Folder(temporary).contentsAndTimes()).isEqualTo(before);
    }
}
