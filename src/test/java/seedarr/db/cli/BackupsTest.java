package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which backups are listed and named, and which go. */
class BackupsTest {

    /** As much of a database as tells that it is one. */
    private static final String DATABASE = "SQLite format 3\0" + "x".repeat(16);

    @TempDir
    Path folder;

    private Sqlite database;
    private Command command;

    @BeforeEach
    void v1() throws Exception {
        database = Sqlite.v1(folder);
        command = Command.in(folder).on(database.url());
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }

    private Path backup(int second, String revision) throws Exception {
        return file("seedarr.db.20260101T00000" + second + "Z." + revision + ".bak", DATABASE);
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(name -> !name.equals("seedarr.db"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void backups_are_listed_newest_first_with_what_their_names_say() throws Exception {
        backup(1, "base");
        backup(3, "damaged");
        backup(2, "001_add_checkpoint_fields.unchecked");
        assertThat(command.succeed("backups", "-q")).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                  2026-01-01 00:00:03  damaged                                 0.00 MB  seedarr.db.20260101T000003Z.damaged.bak
                  2026-01-01 00:00:02  001_add_checkpoint_fields.unchecked     0.00 MB  seedarr.db.20260101T000002Z.001_add_checkpoint_fields.unchecked.bak
                  2026-01-01 00:00:01  base                                    0.00 MB  seedarr.db.20260101T000001Z.base.bak
                3 backups, newest first
                """.replace("DIR", folder.toString()));
        assertThat(command.succeed("backups", "--json"))
                .contains(
                        "\"time\": \"2026-01-01T00:00:03Z\", \"revision\": \"damaged\", \"bytes\": 32, \"damaged\": true")
                .contains("\"deleted\": []");
    }

    @Test
    void keep_deletes_the_older_ones_and_nothing_else() throws Exception {
        List<String> others = List.of(
                "other.db.20260101T000001Z.base.bak",
                "seedarr.db-wal",
                "seedarr.db.20260101T000001Z.base.bak.20260102T000001Z.base.bak",
                "seedarr.db.20260101T000001Z.stray-wal",
                "seedarr.db.20269901T000001Z.base.bak",
                "seedarr.db.bak",
                "seedarr.db.x.20260101T000001Z.base.bak",
                "seedarrxdb.20260101T000001Z.base.bak");
        for (String other : others) {
            file(other, other.endsWith("-wal") ? "" : DATABASE);
        }
        Files.createDirectory(folder.resolve("seedarr.db.20250101T000001Z.folder.bak"));
        Files.createSymbolicLink(folder.resolve("seedarr.db.20250101T000001Z.link.bak"), database.file());
        file("seedarr.db.20250101T000001Z.empty.bak", "");
        file("seedarr.db.20270101T000001Z.other.bak", "no database at all, whatever its name says");
        List<String> before = names();
        for (int second = 1; second <= 4; second++) {
            backup(second, "base");
        }
        assertThat(command.succeed("backups", "--keep", "2"))
                .contains("\ndeleted   seedarr.db.20260101T000002Z.base.bak\n")
                .contains("\n2 backups, newest first");
        assertThat(names())
                .containsAll(before)
                .hasSize(before.size() + 2)
                .contains("seedarr.db.20260101T000003Z.base.bak", "seedarr.db.20260101T000004Z.base.bak");
    }

    @Test
    void the_newest_that_is_not_damaged_stays_in_any_case() throws Exception {
        backup(1, "base");
        backup(2, "base");
        backup(3, "damaged");
        backup(4, "damaged");
        command.succeed("backups", "--keep", "1");
        assertThat(names())
                .containsExactly("seedarr.db.20260101T000002Z.base.bak", "seedarr.db.20260101T000004Z.damaged.bak");
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "update --adopt", "rollback base", "restore FILE"})
    void a_command_that_changed_the_database_keeps_as_many_as_it_was_told(String words) throws Exception {
        if (!words.startsWith("update")) {
            command.succeed("update", "--no-backup");
        }
        Path copy = Files.copy(database.file(), folder.resolve("copy"));
        backup(1, "base");
        backup(2, "base");
        String[] args = (words.replace("FILE", copy.toString()) + " --keep-backups 1").split(" ");
        assertThat(command.succeed(args)).contains("\ndeleted: 2 backups older than the newest 1\n");
        assertThat(names()).hasSize(2).allMatch(name -> name.matches("copy|seedarr\\.db\\.2026(?!0101).*"));
    }

    @Test
    void the_newest_in_which_somebody_has_looked_stays_as_well() throws Exception {
        backup(1, "base");
        backup(2, "004_mark_damaged_files");
        backup(3, "base.unchecked");
        backup(4, "damaged");
        command.succeed("backups", "--keep", "1");
        assertThat(names()).hasSize(3).doesNotContain("seedarr.db.20260101T000001Z.base.bak");
    }

    @Test
    void neither_what_was_just_made_nor_what_was_just_restored_goes() throws Exception {
        command.succeed("update", "001", "--no-backup");
        Path restored = Files.copy(database.file(), folder.resolve("seedarr.db.20260101T000001Z.base.bak"));
        file("seedarr.db.29990101T000001Z.base.bak", DATABASE);
        command.succeed("restore", "./" + restored.getFileName(), "--keep-backups", "1");
        assertThat(names()).hasSize(3);
        command.succeed("update", "--no-backup", "--keep-backups", "1");
        assertThat(names()).as("one that made none").hasSize(3);
    }

    @Test
    void a_backup_that_others_count_on_stays_when_the_commit_fails() throws Exception {
        backup(1, "base");
        try (OtherProcess reader = OtherProcess.holding(database.file(), "BEGIN; SELECT * FROM file_entries")) {
            Thread update = new Thread(() -> command.run("update", "--lock-timeout", "3"));
            update.start();
            while (names().stream()
                    .noneMatch(name -> name.matches("seedarr\\.db\\.(?!20260101)\\d+T\\d+Z\\.base\\.bak"))) {
                Thread.sleep(20);
            }
            command.succeed("backups", "--keep", "1");
            update.join();
            assertThat(reader.isRunning()).isTrue();
        }
        assertThat(names()).hasSize(1);
    }

    @Test
    void the_properties_say_it_for_every_command_and_nothing_to_do_deletes_nothing() throws Exception {
        new Folder(folder)
                .withChangelog()
                .replace("liquibase.properties", "changelogFile", "keepBackups = 1\nchangelogFile");
        backup(1, "base");
        backup(2, "base");
        command.succeed("update", "--dry-run", "--defaults-file", "liquibase.properties");
        assertThat(command.succeed("backups")).contains("\n2 backups, ");
        command.succeed("update", "--defaults-file", "liquibase.properties");
        assertThat(command.succeed("backups")).contains("\n1 backup, ");
        backup(3, "base");
        command.succeed("update", "--defaults-file", "liquibase.properties");
        assertThat(command.succeed("backups")).contains("\n2 backups, ");
        new Folder(folder).replace("liquibase.properties", "keepBackups = 1", "keepBackups = none");
        assertThat(command.run("status", "--defaults-file", "liquibase.properties")
                        .err())
                .contains("has keepBackups, with a value that is no number from 1 on");
    }

    @Test
    void restore_without_a_file_names_them() throws Exception {
        assertThat(command.run("restore")).isEqualTo(new Command.Result(2, "", """
                error: restore needs a backup: none lies beside the database
                try: seedarr-db restore FILE
                """));
        backup(1, "base");
        Path newest = backup(2, "001_add_checkpoint_fields");
        backup(3, "damaged");
        assertThat(command.run("restore").err()).isEqualTo("""
                error: restore needs a backup: seedarr.db.20260101T000002Z.001_add_checkpoint_fields.bak, \
                seedarr.db.20260101T000001Z.base.bak
                try: seedarr-db restore %s
                """.formatted(newest));
    }

    @Test
    void a_missing_database_with_backups_is_said_before_a_new_one_is_made() throws Exception {
        command.succeed("update");
        Files.delete(database.file());
        assertThat(command.run("update", "--must-exist").err())
                .startsWith("error: there is no database yet: " + database.url() + " is missing\n");
        assertThat(names()).hasSize(1);
        file("seedarr.db.29990101T000000Z.damaged.bak", DATABASE);
        assertThat(command.succeed("update"))
                .contains("\nnote      1 backup beside it: seedarr-db restore " + folder + "/seedarr.db.");
    }

    @Test
    void must_exist_takes_a_database_with_tables_alone() throws Exception {
        command.succeed("update", "--must-exist");
        Command empty = command.on("sqlite:///" + file("empty.db", ""));
        assertThat(empty.run("update", "--must-exist").err()).contains("empty.db has no tables");
        assertThat(folder.resolve("empty.db")).isEmptyFile();
    }

    @Test
    void a_database_that_is_ahead_is_told_the_backup_that_fits() throws Exception {
        command.succeed("update", "--no-backup");
        database.execute("INSERT INTO DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE,"
                + " MD5SUM) VALUES ('004_later', 'seedarr', 'changelog/004_later.yaml', '2999-01-01 00:00:00', 4,"
                + " 'EXECUTED', '9:0')");
        String alone = "try: the release of seedarr-db that applied it, to go up or down\n";
        assertThat(command.run("update").err()).endsWith(alone);
        backup(1, "004_later");
        backup(2, "damaged");
        assertThat(command.run("update").err()).endsWith(alone);
        Path fitting = backup(3, "003_add_tags_table");
        backup(4, "004_later");
        assertThat(command.run("rollback", "002").err())
                .endsWith("to go up or down; or seedarr-db restore " + fitting + "\n");
        assertThat(command.succeed("status")).endsWith("; or seedarr-db restore " + fitting + "\n");
    }
}
