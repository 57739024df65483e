package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies beside a database when a command has changed it, or has not. */
class BackupTest {

    @TempDir
    Path temporary;

    private Path folder;
    private Sqlite database;
    private Command command;

    @BeforeEach
    void v1() throws Exception {
        folder = Files.createDirectory(temporary.resolve("data"));
        database = Sqlite.v1(folder);
        command = Command.in(temporary).on(database.url());
    }

    /** Returns what lies beside the database. */
    private List<Path> backups() throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(file -> !file.equals(database.file())).sorted().toList();
        }
    }

    private Sqlite onlyBackup() throws Exception {
        assertThat(backups()).hasSize(1);
        return new Sqlite(backups().get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "DELETE", "WAL"})
    void a_rehearsal_leaves_no_file_and_makes_no_database(String journal) throws Exception {
        if (journal.isEmpty()) {
            command = command.on("sqlite:///" + folder.resolve("none/none.db"));
        } else {
            database.query("PRAGMA journal_mode = " + journal);
        }
        Map<String, String> before = contents(folder);
        assertThat(command.succeed("update", "--dry-run", "--adopt")).contains("\n  up    003_add_tags_table");
        assertThat(contents(folder)).isEqualTo(before);
    }

    private static Map<String, String> contents(Path folder) throws Exception {
        return new Folder(folder).contents();
    }

    @Test
    void an_update_leaves_a_copy_of_what_was_there_named_by_time_and_revision() throws Exception {
        byte[] before = database.bytesOfContent();
        String out = command.succeed("update", "001");
        assertThat(onlyBackup().bytesOfContent()).isEqualTo(before);
        assertThat(onlyBackup().file().getFileName().toString())
                .matches("seedarr\\.db\\.20\\d{6}T\\d{6}Z\\.base\\.bak");
        assertThat(out).endsWith("\nbackup: seedarr-db restore " + onlyBackup().file() + " puts back what was there\n");
    }

    @Test
    void each_command_that_changes_the_database_leaves_one() throws Exception {
        AdoptionContract.Kind.ALEMBIC_001.make(new Sqlite(folder.resolve("other.db")));
        Command other = command.on("sqlite:///" + folder.resolve("other.db"));
        other.succeed("adopt");
        other.succeed("update");
        other.succeed("rollback-count", "1");
        other.succeed("rollback", "base");
        assertThat(backups().stream().map(file -> file.getFileName().toString().replaceFirst("20.*?Z", "TIME")))
                .containsExactlyInAnyOrder(
                        "other.db",
                        "other.db.TIME.base.bak",
                        "other.db.TIME.001_add_checkpoint_fields.bak",
                        "other.db.TIME.003_add_tags_table.bak",
                        "other.db.TIME.002_add_tmdb_cache.bak");
    }

    @Test
    void no_backup_takes_the_name_of_another() throws Exception {
        DateTimeFormatter time =
                DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
        Instant now = Instant.now();
        for (int second = -1; second < 30; second++) {
            Files.createFile(folder.resolve("seedarr.db." + time.format(now.plusSeconds(second)) + ".base.bak"));
        }
        command.succeed("update");
        assertThat(backups()).hasSize(32);
        assertThat(Files.size(backups().get(30))).isZero();
        assertThat(Files.size(backups().get(31))).isEqualTo(12288);
    }

    @Test
    void the_line_that_puts_it_back_names_the_same_database_and_changelog() {
        Path properties = Folder.INSTALLATION.resolve("liquibase.properties");
        String out = command.on("sqlite:///other.db")
                .succeed("update", "--url", database.url(), "--defaults-file", properties.toString());
        assertThat(out)
                .contains("\nbackup: seedarr-db --url " + database.url() + " --defaults-file " + properties
                        + " restore ");
    }

    @Test
    void what_a_killed_command_left_is_taken_away_without_a_backup_as_well() throws Exception {
        Files.writeString(folder.resolve("seedarr.db.partial-backup"), "half");
        command.succeed("update", "--no-backup");
        assertThat(backups()).isEmpty();
    }

    @Test
    void nothing_is_left_when_nothing_is_pending_or_no_backup_is_wanted() throws Exception {
        command.succeed("update", "--no-backup");
        command.succeed("update");
        command.succeed("adopt");
        command.succeed("update", "--sql");
        command.succeed("rollback-count", "1", "--sql");
        assertThat(backups()).isEmpty();
    }

    @Test
    void a_new_or_empty_database_is_not_backed_up() throws Exception {
        Files.write(database.file(), new byte[0]);
        assertThat(command.succeed("update")).doesNotContain("backup");
        assertThat(backups()).isEmpty();
    }

    @Test
    void what_is_in_the_write_ahead_log_is_in_the_backup() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        database.dieAfter("PRAGMA wal_autocheckpoint = 0; UPDATE file_entries SET error_message = 'in the log'");
        try (OtherProcess application = OtherProcess.holding(database.file(), "SELECT 1 FROM file_entries")) {
            command.succeed("update");
            assertThat(application.isRunning()).isTrue();
        }
        Path copy = temporary.resolve("copy.db");
        try (var files = Files.newDirectoryStream(folder, "*.bak")) {
            Files.copy(files.iterator().next(), copy);
        }
        assertThat(new Sqlite(copy).query("SELECT DISTINCT error_message FROM file_entries"))
                .containsExactly("in the log");
        assertThat(new Sqlite(copy).query("PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void a_command_that_fails_takes_its_backup_away() throws Exception {
        new Folder(temporary).withChangelog().add("004_fails", "CREATE TABLE a (b); SELECT nonsense", "DROP TABLE a");
        Map<String, String> before = contents(folder);
        Command.Result result = command.run(
                "update",
                "--defaults-file",
                temporary.resolve("liquibase.properties").toString());
        assertThat(result.err()).startsWith("error: 004_fails failed: ");
        assertThat(contents(folder)).isEqualTo(before);
    }

    @Test
    void what_a_killed_command_left_is_taken_away_by_the_next() throws Exception {
        Files.writeString(folder.resolve("seedarr.db.partial-backup"), "half");
        Files.writeString(folder.resolve("seedarr.db.partial-backup-journal"), "half");
        byte[] before = database.bytesOfContent();
        command.succeed("update");
        assertThat(onlyBackup().bytesOfContent()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "rw-rw-r--"})
    void a_backup_has_the_permissions_of_the_original(String permissions) throws Exception {
        Files.setPosixFilePermissions(database.file(), PosixFilePermissions.fromString(permissions));
        command.succeed("update");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(onlyBackup().file())))
                .isEqualTo(permissions);
        assertThat(Files.getOwner(onlyBackup().file())).isEqualTo(Files.getOwner(database.file()));
    }

    @Test
    void the_backup_lies_beside_the_file_that_a_link_leads_to() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link.db"), Path.of("data/seedarr.db"));
        command.on("sqlite:///" + link).succeed("update");
        assertThat(backups()).hasSize(1);
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    @Test
    void a_backup_that_cannot_be_made_stops_the_command() throws Exception {
        // What no command takes away is in the place of the copy.
        Files.createDirectories(folder.resolve("seedarr.db.partial-backup/in the way"));
        Map<String, String> before = contents(folder);
        assertThat(command.run("update").err().replaceAll("[0-9.]+ MB", "N MB"))
                .isEqualTo("""
                error: no backup of DIR, N MB where N MB are free, could be made: DIR.partial-backup is in the way
                nothing was changed; the database is still at base
                try: mending that, or more room there; or --no-backup, where you have a backup of your own
                """.replace("DIR", database.file().toString()));
        assertThat(contents(folder)).isEqualTo(before);
        command.succeed("update", "--no-backup");
    }
}
