package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code restore}: afterwards the database is what the backup is, or what it was. */
class RestoreTest {

    @TempDir
    Path temporary;

    private Path folder;
    private Sqlite database;
    private Sqlite copy;
    private Command command;

    @BeforeEach
    void a_database_at_003_and_a_copy_from_before() throws Exception {
        folder = Files.createDirectory(temporary.resolve("data"));
        database = Sqlite.v1(folder);
        command = Command.in(temporary).on(database.url());
        copy = new Sqlite(temporary.resolve("copy.db"));
        Files.copy(database.file(), copy.file());
        command.succeed("update", "--no-backup");
        database.execute("UPDATE file_entries SET error_message = hex(zeroblob(60000))");
    }

    private static List<String> dump(Sqlite database) throws Exception {
        List<String> dump = new ArrayList<>(database.query("SELECT * FROM sqlite_schema ORDER BY name"));
        dump.addAll(database.query("SELECT *, rowid FROM file_entries ORDER BY id"));
        dump.addAll(database.query("PRAGMA integrity_check"));
        return dump;
    }

    private void refuses(String err, String... args) throws Exception {
        Map<String, String> before = new Folder(temporary).contents();
        Command.Result result = command.run(args);
        assertThat(result.err()).isEqualTo(err.replace("DIR", temporary.toString()));
        assertThat(result.out()).isEmpty();
        assertThat(new Folder(temporary).contents()).isEqualTo(before);
    }

    private List<Path> backups() throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(file -> !file.equals(database.file())).sorted().toList();
        }
    }

    @Test
    void the_database_is_the_copy_and_what_was_there_is_backed_up() throws Exception {
        List<String> wanted = dump(copy);
        byte[] before = database.bytesOfContent();
        String out = command.succeed("restore", "copy.db");
        assertThat(out)
                .isEqualTo("""
                database  %s
                from      %s
                done: the database is at base
                backup: seedarr-db restore %s puts back what was there
                """.formatted(database.url(), copy.file(), backups().get(0)));
        assertThat(dump(database)).isEqualTo(wanted);
        assertThat(backups()).hasSize(1);
        assertThat(backups().get(0).toString()).endsWith(".003_add_tags_table.bak");
        assertThat(new Sqlite(backups().get(0)).bytesOfContent()).isEqualTo(before);

        command.succeed("restore", backups().get(0).toString(), "--no-backup");
        assertThat(command.succeed("current")).isEqualTo("003_add_tags_table\n");
        assertThat(backups()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "delete, 4096, delete, 1024",
        "delete, 1024, wal, 4096",
        "wal, 4096, delete, 4096",
        "wal, 512, delete, 65536",
        "wal, 65536, wal, 512",
        "delete, 65536, wal, 512"
    })
    void journal_modes_and_page_sizes_may_differ(String mode, int pageSize, String copyMode, int copyPageSize)
            throws Exception {
        rebuild(database, mode, pageSize);
        rebuild(copy, copyMode, copyPageSize);
        List<String> wanted = dump(copy);
        command.succeed("restore", "copy.db", "--no-backup");
        assertThat(backups()).isEmpty();
        assertThat(dump(database)).isEqualTo(wanted);
        String expected = mode.equals("wal") || copyMode.equals("wal") ? "wal" : "delete";
        assertThat(database.query("PRAGMA journal_mode")).containsExactly(expected);
        command.succeed("update", "--no-backup");
    }

    private static void rebuild(Sqlite database, String mode, int pageSize) throws Exception {
        database.execute("PRAGMA journal_mode = DELETE; PRAGMA page_size = " + pageSize
                + "; VACUUM; PRAGMA journal_mode = " + mode);
    }

    @Test
    void a_database_that_alembic_made_is_overwritten() throws Exception {
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)");
        List<String> wanted = dump(copy);
        command.succeed("restore", "copy.db");
        assertThat(dump(database)).isEqualTo(wanted);
    }

    @Test
    void a_write_ahead_log_beside_the_copy_is_part_of_it() throws Exception {
        copy.execute("PRAGMA journal_mode = WAL");
        copy.dieAfter("PRAGMA wal_autocheckpoint = 0; UPDATE file_entries SET error_message = 'in the log'");
        Map<String, String> before = new Folder(temporary).contents();
        command.succeed("restore", "copy.db", "--no-backup");
        assertThat(database.query("SELECT DISTINCT error_message FROM file_entries"))
                .containsExactly("in the log");
        before.keySet().removeIf(name -> name.startsWith("data"));
        assertThat(new Folder(temporary).contents()).containsAllEntriesOf(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"journal", "wal"})
    void what_a_killed_program_left_beside_the_database_cannot_corrupt_it(String left) throws Exception {
        List<String> wanted = dump(copy);
        if (left.equals("wal")) {
            database.execute("PRAGMA journal_mode = WAL");
        }
        database.dieAfter("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 1; BEGIN; DELETE FROM tags;"
                + "UPDATE file_entries SET error_message = hex(randomblob(90000));"
                + (left.equals("wal") ? "COMMIT" : ""));
        assertThat(Path.of(database.file() + "-" + left)).isNotEmptyFile();
        command.succeed("restore", "copy.db", "--no-backup");
        assertThat(backups()).isEmpty();
        assertThat(dump(database)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pages", "length", "schema", "page count"})
    void a_damaged_database_can_be_overwritten_and_is_kept(String damage) throws Exception {
        List<String> wanted = dump(copy);
        try (FileChannel file = FileChannel.open(database.file(), StandardOpenOption.WRITE)) {
            switch (damage) {
                case "pages" -> file.write(ByteBuffer.allocate(3 * 4096), 4096);
                case "length" -> file.truncate(50 * 4096);
                case "page count" -> file.write(ByteBuffer.allocate(4), 28);
                case "schema" -> file.write(ByteBuffer.allocate(3000), 1000);
                default -> throw new IllegalArgumentException(damage);
            }
        }
        // The header, which counts the pages, is made true.
        byte[] before = Arrays.copyOfRange(database.bytes(), 100, (int) Files.size(database.file()));
        command.succeed("restore", "copy.db");
        assertThat(dump(database)).isEqualTo(wanted);
        assertThat(backups()).hasSize(1);
        byte[] kept = Files.readAllBytes(backups().get(0));
        assertThat(Arrays.copyOfRange(kept, 100, kept.length)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty", "missing beside stale journals", "in a folder that is missing"})
    void a_database_that_is_not_there_is_made(String kind) throws Exception {
        List<String> wanted = dump(copy);
        Files.setPosixFilePermissions(copy.file(), PosixFilePermissions.fromString("r--r-----"));
        switch (kind) {
            case "missing" -> Files.delete(database.file());
            case "empty" -> Files.write(database.file(), new byte[0]);
            case "missing beside stale journals" -> {
                database.execute("PRAGMA journal_mode = WAL");
                database.dieAfter("PRAGMA wal_autocheckpoint = 0; UPDATE file_entries SET error_message = ''");
                Files.delete(database.file());
                Files.copy(Path.of(database.file() + "-wal"), Path.of(database.file() + "-journal"));
            }
            case "in a folder that is missing" -> {
                Files.delete(database.file());
                Files.delete(folder);
            }
            default -> throw new IllegalArgumentException(kind);
        }
        assertThat(command.succeed("restore", "copy.db")).contains("\ndone: the database is at base\n");
        assertThat(dump(database)).isEqualTo(wanted);
        assertThat(backups().stream().filter(file -> !file.toString().endsWith(".stray-wal")))
                .isEmpty();
        if (!kind.equals("empty")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database.file())))
                    .isEqualTo("rw-r-----");
        }
    }

    @Test
    void a_database_in_use_is_left_alone() throws Exception {
        try (OtherProcess application = OtherProcess.holding(database.file(), "BEGIN; SELECT * FROM tags")) {
            refuses("""
                    error: DIR/data/seedarr.db is locked by another program
                    nothing was changed
                    try: stopping Seedarr, then the same command again
                    """, "restore", "copy.db", "--lock-timeout", "1");
            assertThat(application.isRunning()).isTrue();
        }
    }

    @Test
    void a_database_with_a_write_ahead_log_that_is_open_elsewhere_is_left_alone() throws Exception {
        database.execute("PRAGMA journal_mode = WAL");
        try (OtherProcess application = OtherProcess.holding(database.file(), "SELECT * FROM tags")) {
            Command.Result result = command.run("restore", "copy.db", "--lock-timeout", "0");
            assertThat(result.err()).isEqualTo("""
                    error: %s is locked by another program
                    nothing was changed
                    try: stopping Seedarr, then the same command again
                    """.formatted(database.file()));
            assertThat(application.isRunning()).isTrue();
        }
        assertThat(command.succeed("current")).isEqualTo("003_add_tags_table\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 20})
    void a_database_whose_beginning_is_gone_has_to_be_moved_away(int from) throws Exception {
        byte[] bytes = database.bytes();
        Arrays.fill(bytes, from, 100, (byte) 0);
        Files.write(database.file(), bytes);
        refuses("""
                error: DIR/data/seedarr.db is not a SQLite database
                nothing was changed
                try: a URL that names Seedarr's database, or moving that file away
                """, "restore", "copy.db");
    }

    @Test
    void what_was_damaged_is_not_offered_to_be_put_back() throws Exception {
        try (FileChannel file = FileChannel.open(database.file(), StandardOpenOption.WRITE)) {
            file.truncate(6000);
        }
        assertThat(command.succeed("restore", "copy.db"))
                .endsWith("\nbackup: " + backups().get(0) + " is what was there, damaged\n");
        assertThat(backups().get(0).toString()).endsWith(".damaged.bak");
    }

    @Test
    void a_copy_whose_header_does_not_count_its_pages_is_as_good() throws Exception {
        try (FileChannel file = FileChannel.open(copy.file(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(4), 28);
        }
        List<String> wanted = dump(copy);
        command.succeed("restore", "copy.db", "--no-backup");
        assertThat(dump(database)).isEqualTo(wanted);
    }

    @Test
    void a_hard_link_is_the_database_itself() throws Exception {
        Files.createLink(temporary.resolve("link.db"), database.file());
        refuses("""
                error: DIR/link.db is the database itself
                nothing was changed
                try: a backup of it
                """, "restore", "link.db");
    }

    @Test
    void a_lock_row_is_respected() throws Exception {
        database.execute("UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1");
        refuses("""
                error: Liquibase on an unknown host holds the changelog lock since an unknown time
                nothing was changed
                try: again when it is done; if it was killed, seedarr-db release-locks
                """, "restore", "copy.db");
    }

    @Test
    void several_that_wait_for_the_same_lock_do_not_wait_for_each_other() throws Exception {
        List<CompletableFuture<Command.Result>> waiting = new ArrayList<>();
        try (OtherProcess application = OtherProcess.holding(database.file(), "BEGIN IMMEDIATE")) {
            for (int i = 0; i < 3; i++) {
                waiting.add(CompletableFuture.supplyAsync(
                        () -> command.run("restore", "copy.db", "--no-backup", "--lock-timeout", "20")));
            }
            Thread.sleep(1000);
            assertThat(application.isRunning()).isTrue();
        }
        for (CompletableFuture<Command.Result> each : waiting) {
            assertThat(each.join().err()).isEmpty();
        }
    }

    @Test
    void rows_that_break_a_rule_are_not_damage() throws Exception {
        copy.execute(
                "CREATE TABLE mine (a CHECK (a > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO mine VALUES (-1)");
        command.succeed("restore", "copy.db", "--no-backup");
        assertThat(database.query("SELECT a FROM mine")).containsExactly("-1");
    }

    @Test
    void what_is_no_intact_copy_of_a_seedarr_database_is_refused() throws Exception {
        String nothing = "nothing was changed\ntry: an intact backup of Seedarr's database\n";
        Files.writeString(temporary.resolve("text"), "hello");
        refuses("error: DIR/text is not a SQLite database\n" + nothing, "restore", "text");
        Files.writeString(temporary.resolve("empty"), "");
        refuses("error: DIR/empty cannot be restored: it has no tables\n" + nothing, "restore", "empty");
        new Sqlite(temporary.resolve("other.db")).execute("CREATE TABLE recipes (id)");
        refuses(
                "error: DIR/other.db cannot be restored: this is not a database of Seedarr: it has no file_entries,"
                        + " but recipes\n" + nothing,
                "restore",
                "other.db");
        refuses("""
                error: DIR/nowhere does not exist
                nothing was changed
                try: the path of a backup
                """, "restore", "nowhere");
        refuses("""
                error: DIR/data/seedarr.db is the database itself
                nothing was changed
                try: a backup of it
                """, "restore", "data/seedarr.db");
    }

    @Test
    void a_damaged_copy_is_refused() throws Exception {
        copy.execute("CREATE TABLE more (a); INSERT INTO more VALUES (hex(zeroblob(20000)))");
        try (FileChannel file = FileChannel.open(copy.file(), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 4096);
        }
        byte[] before = database.bytes();
        Command.Result result = command.run("restore", "copy.db");
        assertThat(result.err())
                .startsWith("error: " + copy.file())
                .endsWith("nothing was changed\ntry: an intact backup of Seedarr's database\n");
        assertThat(database.bytes()).isEqualTo(before);
    }

    @Test
    void a_copy_with_a_page_that_was_written_over_is_refused() throws Exception {
        copy.execute("CREATE TABLE more (a); INSERT INTO more VALUES (hex(zeroblob(20000)))");
        try (FileChannel file = FileChannel.open(copy.file(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(4096), file.size() - 4 * 4096);
        }
        byte[] before = database.bytes();
        Command.Result result = command.run("restore", "copy.db");
        assertThat(result.err())
                .startsWith("error: " + copy.file() + " is damaged: ")
                .endsWith("""
                nothing was changed
                try: another backup
                """);
        assertThat(database.bytes()).isEqualTo(before);
    }

    @Test
    void another_programs_database_is_not_overwritten() throws Exception {
        new Sqlite(temporary.resolve("other.db")).execute("CREATE TABLE recipes (id)");
        command = command.on("sqlite:///other.db");
        refuses("""
                error: this is not a database of Seedarr: it has no file_entries, but recipes
                nothing was changed
                try: check which database the URL names
                """, "restore", "copy.db");
        Files.writeString(temporary.resolve("text"), "hello");
        command = command.on("sqlite:///text");
        refuses("""
                error: DIR/text is not a SQLite database
                nothing was changed
                try: a URL that names Seedarr's database, or moving that file away
                """, "restore", "copy.db");
    }

    @Test
    void a_server_is_pointed_to_its_own_tools() throws Exception {
        command = command.on("postgresql://seedarr@localhost:1/db");
        refuses("""
                error: restore is for SQLite files, and postgresql://seedarr@localhost:1/db is a server's
                nothing was changed
                try: pg_restore, or psql
                """, "restore", "copy.db");
    }
}
