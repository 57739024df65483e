package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import seedarr.db.database.StrayLog;

/** A log or a journal that lies beside a database that is not its own may be the only copy of rows. */
class StrayLogTest {

    private static final String ROWS = "UPDATE file_entries SET error_message = 'only here'";

    @TempDir
    Path temporary;

    private Path folder;
    private Sqlite database;
    private Command command;

    @BeforeEach
    void a_database_whose_newest_rows_are_only_in_its_log() throws Exception {
        folder = Files.createDirectory(temporary.resolve("data"));
        database = Sqlite.v1(folder);
        command = Command.in(temporary).on(database.url());
    }

    private Path beside(String suffix) {
        return Path.of(database.file() + suffix);
    }

    /** Leaves rows in the log, as a killed program does. */
    private void leaveLog() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        database.dieAfter("PRAGMA wal_autocheckpoint = 0; " + ROWS);
        Files.deleteIfExists(beside("-shm"));
    }

    /** Leaves a hot journal with the pages that the database had. */
    private void leaveJournal() throws Exception {
        database.execute("PRAGMA journal_mode = DELETE; UPDATE file_entries SET error_message = hex(zeroblob(200000))");
        database.dieAfter("PRAGMA cache_size = 5; BEGIN IMMEDIATE; DELETE FROM file_entries");
        assertThat(ByteBuffer.wrap(Files.readAllBytes(beside("-journal"))).getInt(16))
                .isPositive();
    }

    private void leave(String suffix) throws Exception {
        if (suffix.equals("-wal")) {
            leaveLog();
        } else {
            leaveJournal();
        }
    }

    private void replace(String what) throws Exception {
        Files.delete(database.file());
        switch (what) {
            case "missing" -> {}
            case "empty" -> Files.createFile(database.file());
            case "packed" -> Files.write(database.file(), new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
            case "of another page size" -> putV1("PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = WAL");
            case "without a log" -> putV1("PRAGMA user_version = 1");
            default -> throw new IllegalArgumentException(what);
        }
    }

    private void putV1(String script) throws Exception {
        Sqlite other = Sqlite.v1(Files.createDirectory(temporary.resolve("other")));
        other.execute(script);
        Files.move(other.file(), database.file());
    }

    @ParameterizedTest
    @CsvSource({
        "missing, -wal, lies alone",
        "empty, -wal, lies alone",
        "packed, -wal, does not belong to seedarr.db",
        "of another page size, -wal, does not belong to seedarr.db",
        "missing, -journal, lies alone",
        "empty, -journal, lies alone",
        "packed, -journal, does not belong to seedarr.db"
    })
    void every_command_leaves_it_and_names_it(String what, String suffix, String problem) throws Exception {
        leave(suffix);
        replace(what);
        Map<String, String> before = new Folder(temporary).contents();
        for (String args : new String[] {
            "status",
            "update",
            "update --adopt",
            "adopt",
            "adopt --finish",
            "rollback base",
            "release-locks",
            "update --sql"
        }) {
            Command.Result result = command.run(args.split(" "));
            assertThat(result.err()).as(args).isEqualTo("""
                    error: %s %s: it may hold the newest rows of another file
                    nothing was changed
                    try: putting that file back beside it as seedarr.db, or moving it away
                    """.formatted(beside(suffix), problem));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(new Folder(temporary).contents()).isEqualTo(before);
        }
        assertThat(command.run("verify").exitCode()).isEqualTo(3);
        assertThat(new Folder(temporary).contents()).isEqualTo(before);
    }

    @Test
    void beside_a_database_that_keeps_no_log_it_is_not_written_into_it() throws Exception {
        leaveLog();
        replace("without a log");
        Map<String, String> before = new Folder(temporary).contents();
        assertThat(command.run("update").err()).contains("seedarr.db-wal does not belong to seedarr.db");
        assertThat(new Folder(temporary).contents()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty"})
    void restore_moves_it_aside_and_says_so(String what) throws Exception {
        Path copy = Files.copy(database.file(), temporary.resolve("copy.db"));
        leaveLog();
        byte[] log = Files.readAllBytes(beside("-wal"));
        Files.delete(beside("-wal"));
        leaveJournal();
        byte[] journal = Files.readAllBytes(beside("-journal"));
        Files.write(beside("-wal"), log);
        replace(what);

        String out = command.succeed("restore", copy.toString(), "--no-backup");

        Map<String, byte[]> moved = new TreeMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.filter(each -> !each.equals(database.file()))::iterator) {
                moved.put(file.toString().replaceFirst("\\d{8}T\\d{6}Z", "TIME"), Files.readAllBytes(file));
            }
        }
        assertThat(moved.keySet())
                .containsExactly(
                        beside(".TIME.stray-journal").toString(),
                        beside(".TIME.stray-wal").toString());
        assertThat(moved.get(beside(".TIME.stray-wal").toString())).isEqualTo(log);
        assertThat(moved.get(beside(".TIME.stray-journal").toString())).isEqualTo(journal);
        assertThat(out.replaceAll("\\d{8}T\\d{6}Z", "TIME"))
                .contains("moved: " + beside("-wal") + ", which may hold rows of another file, to "
                        + beside(".TIME.stray-wal") + "\n");
        assertThat(command.succeed("current")).isEqualTo("base\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"packed", "of another page size"})
    void restore_leaves_it_beside_another_file(String what) throws Exception {
        Path copy = Files.copy(database.file(), temporary.resolve("copy.db"));
        leaveLog();
        replace(what);
        Map<String, String> before = new Folder(temporary).contents();
        assertThat(command.run("restore", copy.toString()).exitCode()).isEqualTo(1);
        assertThat(new Folder(temporary).contents()).isEqualTo(before);
    }

    @Test
    void a_restore_that_fails_puts_it_back() throws Exception {
        Path copy = Files.copy(database.file(), temporary.resolve("copy.db"));
        leaveLog();
        Files.write(database.file(), new byte[0]);
        Map<String, String> before = new Folder(temporary).contents();
        try (OtherProcess application = OtherProcess.holding(temporary.resolve("copy.db"), "BEGIN EXCLUSIVE")) {
            Command.Result result = command.run("restore", copy.toString(), "--lock-timeout", "0");
            assertThat(result.exitCode()).as(result.out()).isEqualTo(1);
            assertThat(application.isRunning()).isTrue();
        }
        assertThat(new Folder(temporary).contents()).isEqualTo(before);
    }

    @Test
    void it_is_not_put_back_beside_a_database_that_somebody_has_filled_meanwhile() throws Exception {
        leaveLog();
        replace("missing");
        Map<Path, Path> moved = StrayLog.moveAway(database.file());
        putV1("PRAGMA journal_mode = WAL");
        Path live = Files.writeString(beside("-wal"), "the application's own");
        StrayLog.moveBack(database.file(), moved);
        assertThat(live).hasContent("the application's own");
        assertThat(moved.get(live)).isNotEmptyFile();
    }

    @Test
    void what_holds_nothing_is_in_nobodys_way() throws Exception {
        leaveJournal();
        byte[] journal = Files.readAllBytes(beside("-journal"));
        for (int kind = 0; kind < 3; kind++) {
            ByteBuffer changed = ByteBuffer.wrap(journal.clone());
            if (kind == 0) {
                // One that is done, where journals are kept (PRAGMA journal_mode = PERSIST).
                changed.put(0, new byte[28]);
            } else if (kind == 1) {
                // One of a database that was empty.
                changed.putInt(16, 0);
            } else {
                changed.limit(0);
            }
            Files.deleteIfExists(database.file());
            Files.write(beside("-journal"), Arrays.copyOf(changed.array(), changed.limit()));
            assertThat(command.succeed("status")).contains("not there yet");
            assertThat(command.succeed("update", "--no-backup")).contains("(new)");
            assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
        }
    }

    @Test
    void a_hot_journal_beside_a_database_is_sqlites_whatever_the_page_size() throws Exception {
        leaveJournal();
        byte[] journal = Files.readAllBytes(beside("-journal"));
        byte[] bytes = Files.readAllBytes(database.file());
        // As in a database that is being overwritten by one with other pages.
        ByteBuffer.wrap(bytes).putShort(16, (short) 1024);
        Files.write(database.file(), bytes);
        Files.write(beside("-journal"), journal);
        command.succeed("update", "--no-backup");
        assertThat(database.query("SELECT count(*) FROM file_entries")).containsExactly("3");
        assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void the_log_of_a_database_is_its_own() throws Exception {
        leaveLog();
        command.succeed("update", "--no-backup");
        assertThat(database.query("SELECT DISTINCT error_message FROM file_entries"))
                .containsExactly("only here");
    }
}
