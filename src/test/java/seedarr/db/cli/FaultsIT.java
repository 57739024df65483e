package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged command killed, stopped and short of room. src/test/faults/faults.py does so at length. */
class FaultsIT {

    private static final int KILLS = 6;

    @TempDir
    Path temporary;

    private Path folder;
    private Sqlite database;
    private Program program;

    @BeforeEach
    void v1() throws Exception {
        folder = Files.createDirectory(temporary.resolve("data"));
        database = Sqlite.v1(folder);
        program = Program.packaged(temporary).on(database);
    }

    /**
     * The same in memory, which is faster, to prepare a database, and to go on with what the packaged command has left
     * there: what a killed process holds is gone with it, so any other process finds the same.
     */
    private Command command() {
        return Command.in(temporary).on(database.url());
    }

    private static Command.Result succeeded(Command.Result result) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        return result;
    }

    @Test
    void killed_at_any_moment_leaves_the_schema_before_or_after_and_the_next_command_succeeds() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("FaultsIT: -Dseed=" + seed);
        Random random = new Random(seed);
        database.execute("PRAGMA journal_mode = " + (random.nextBoolean() ? "WAL" : "DELETE"));
        List<String> base = database.schemaText();
        command().succeed("update");
        List<String> head = database.schemaText();
        List<String> rows = database.query("SELECT id, file_path, status, created_at FROM file_entries");
        boolean isUp = true;
        for (int kill = 0; kill < KILLS; kill++) {
            List<String> before = isUp ? head : base;
            List<String> after = isUp ? base : head;
            String[] args = isUp ? new String[] {"rollback", "base"} : new String[] {"update"};
            Program.Running run = program.start(args);
            // From the plan to the end: after one of its lines, and a little.
            List<String> lines =
                    List.of("to  ", "1_add_checkpoint_fields  ", "2_add_tmdb_cache  ", "3_add_tags_table  ");
            run.awaitOutput(lines.get(random.nextInt(lines.size())));
            Thread.sleep(random.nextInt(100));
            run.process().destroyForcibly();
            run.process().waitFor();

            // A copy, so that it is the command that recovers what the killed process left.
            Sqlite copy = copy("kill" + kill);
            List<String> schema = copy.schemaText();
            assertThat(schema).as("seed %s, kill %s", seed, kill).isIn(before, after);
            assertThat(copy.query("PRAGMA integrity_check")).containsExactly("ok");
            assertThat(copy.query("SELECT id, file_path, status, created_at FROM file_entries"))
                    .isEqualTo(rows);

            List<String> next = new ArrayList<>(List.of(args));
            next.addAll(List.of("--lock-timeout", "0"));
            succeeded(command().run(next.toArray(String[]::new)));
            assertThat(database.schemaText()).as("seed %s, kill %s", seed, kill).isEqualTo(after);
            isUp = !isUp;
        }
    }

    private Sqlite copy(String name) throws Exception {
        Path to = Files.createDirectory(temporary.resolve(name));
        for (String suffix : List.of("", "-journal", "-wal")) {
            Path file = folder.resolve("seedarr.db" + suffix);
            if (Files.exists(file)) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return new Sqlite(to.resolve("seedarr.db"));
    }

    @Test
    void stopped_while_it_waits_for_a_lock_it_says_so() throws Exception {
        try (OtherProcess application = OtherProcess.holding(database.file(), "BEGIN IMMEDIATE")) {
            Program.Running run = program.start("update");
            Thread.sleep(2500);
            run.process().destroy();
            Command.Result result = run.result();
            assertThat(application.isRunning()).isTrue();
            assertThat(result).isEqualTo(new Command.Result(143, "", """
                    error: stopped by a signal
                    nothing was changed; the database is still at base
                    try: the same command again
                    """));
        }
    }

    @Test
    void restore_killed_at_any_moment_leaves_the_old_database_or_the_new_one() throws Exception {
        Random random = new Random();
        Path copy = Files.copy(database.file(), temporary.resolve("copy.db"));
        List<String> base = database.schemaText();
        for (int kill = 0; kill < KILLS; kill++) {
            command().succeed("update", "--no-backup");
            List<String> head = database.schemaText();
            Program.Running run = program.start("restore", copy.toString(), "--no-backup");
            // From when the database is opened to when it is overwritten, here within a second.
            while (run.process().isAlive() && !isOpen(run.process())) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(300));
            run.process().destroyForcibly();
            run.process().waitFor();
            assertThat(copy("restore" + kill).schemaText()).isIn(base, head);
            succeeded(command().run("restore", copy.toString(), "--no-backup", "--lock-timeout", "0"));
            assertThat(database.schemaText()).isEqualTo(base);
        }
        assertThat(folder.toFile().list()).containsExactly("seedarr.db");
    }

    /** SQLite writes pages before the commit where they do not fit into its cache. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_first_update_that_is_killed_is_in_nobodys_way(boolean isSpilled) throws Exception {
        Random random = new Random();
        new Folder(temporary).withChangelog();
        if (isSpilled) {
            new Folder(temporary)
                    .replace(
                            "changelog/002_add_tmdb_cache.yaml",
                            "CREATE TABLE tmdb_cache (",
                            "CREATE TABLE large AS SELECT randomblob(10000000) AS a; DROP TABLE large;\n"
                                    + "              CREATE TABLE tmdb_cache (");
        }
        for (int kill = 0; kill < KILLS; kill++) {
            Files.deleteIfExists(database.file());
            Program.Running run = program.start("update", "--defaults-file", "liquibase.properties");
            run.awaitOutput("  up    001_add_checkpoint_fields");
            boolean isAwaited = isSpilled && kill % 2 == 1;
            // Of what does not fit, half of the kills come while it is written, whenever that may be.
            while (isAwaited
                    && run.process().isAlive()
                    && database.file().toFile().length() == 0) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(isAwaited ? 70 : isSpilled ? 200 : 30));
            run.process().destroyForcibly();
            run.process().waitFor();
            Command.Result status = command().run("status", "--defaults-file", "liquibase.properties");
            assertThat(succeeded(status).out()).contains("current   ");
            succeeded(command().run("update", "--defaults-file", "liquibase.properties", "--lock-timeout", "0"));
            assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
            assertThat(folder.toFile().list()).containsExactly("seedarr.db");
        }
    }

    @ParameterizedTest
    @CsvSource({"1024, DELETE", "65536, WAL"})
    void restore_onto_another_page_size_killed_at_any_moment_is_in_nobodys_way(int pageSize, String mode)
            throws Exception {
        Random random = new Random();
        Sqlite copy = new Sqlite(Files.copy(database.file(), temporary.resolve("copy.db")));
        copy.execute("UPDATE file_entries SET error_message = hex(randomblob(2000000)); PRAGMA page_size = " + pageSize
                + "; VACUUM; PRAGMA journal_mode = " + mode);
        Path original = Files.copy(database.file(), temporary.resolve("original.db"));
        for (int kill = 0; kill < KILLS; kill++) {
            Files.copy(original, database.file(), StandardCopyOption.REPLACE_EXISTING);
            database.execute("UPDATE file_entries SET error_message = hex(randomblob(2000000))");
            Program.Running run = program.start("restore", copy.file().toString(), "--no-backup");
            while (run.process().isAlive() && !isOpen(run.process())) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(300));
            run.process().destroyForcibly();
            run.process().waitFor();
            assertThat(succeeded(command().run("status")).out()).contains("current   base\n");
            succeeded(command().run("update", "--no-backup", "--lock-timeout", "0"));
            assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 250, 400, 600})
    void restore_stopped_at_any_moment_says_how_the_database_stands(int milliseconds) throws Exception {
        Path copy = Files.copy(database.file(), temporary.resolve("copy.db"));
        List<String> base = database.schemaText();
        command().succeed("update", "--no-backup");
        database.execute("UPDATE file_entries SET error_message = hex(randomblob(5000000))");
        new Sqlite(copy).execute("UPDATE file_entries SET error_message = hex(randomblob(5000000))");
        List<String> head = database.schemaText();
        Program.Running run = program.start("restore", copy.toString(), "--no-backup");
        while (run.process().isAlive() && !isOpen(run.process())) {
            Thread.sleep(1);
        }
        Thread.sleep(milliseconds);
        run.process().destroy();
        Command.Result result = run.result();
        boolean isDone = result.out().contains("done: the database is at base\n");
        assertThat(result.exitCode()).isIn(isDone ? List.of(0, 143) : List.of(143));
        assertThat(result.err()).isEqualTo(isDone ? "" : """
                error: stopped by a signal
                nothing was changed
                try: the same command again
                """);
        assertThat(database.schemaText()).isEqualTo(isDone ? base : head);
        assertThat(folder.toFile().list()).containsExactly("seedarr.db");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 8})
    void without_room_for_the_backup_or_the_change_nothing_is_changed_or_left(int moreBlocks) throws Exception {
        Map<String, String> before = new Folder(folder).contents();
        Program limited = limited(Files.size(database.file()) / 512 - 8 + 8L * moreBlocks);
        for (String option : List.of("--quiet", "--no-backup")) {
            List<String> line = new ArrayList<>(program.line());
            line.addAll(List.of("update", option));
            Command.Result result = limited.run(line.toArray(String[]::new));
            assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
            assertThat(result.err())
                    .startsWith("error: ")
                    .contains("\nnothing was changed; the database is still at base\n");
            assertThat(new Folder(folder).contents()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void without_room_for_what_is_restored_nothing_is_changed_or_left(boolean isThere) throws Exception {
        Sqlite copy = new Sqlite(temporary.resolve("copy.db"));
        Files.copy(database.file(), copy.file());
        copy.execute("UPDATE file_entries SET error_message = hex(zeroblob(30000))");
        if (!isThere) {
            Files.delete(database.file());
        }
        Map<String, String> before = new Folder(folder).contents();
        Program limited = limited(48);
        List<String> line = new ArrayList<>(program.line());
        line.addAll(List.of("restore", copy.file().toString()));
        Command.Result result = limited.run(line.toArray(String[]::new));
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("error: " + database.file() + " could not be overwritten; what was there, ")
                .contains("\nnothing was changed\n");
        assertThat(new Folder(folder).contents()).isEqualTo(before);
    }

    private boolean isOpen(Process process) throws Exception {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(database.file())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // It has ended, or closed it.
        }
        return false;
    }

    /** A file that grows beyond this many blocks of 512 bytes is refused by the system, like one on a full disk. */
    private Program limited(long blocks) {
        return new Program(
                temporary, List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"), program.variables());
    }

    @Test
    void a_clock_that_jumped_back_changes_no_order() throws Exception {
        succeeded(command().run("update", "002", "--no-backup"));
        database.execute("UPDATE DATABASECHANGELOG SET DATEEXECUTED = '2999-01-01 00:00:00'");
        succeeded(command().run("update", "--no-backup"));
        assertThat(succeeded(command().run("current")).out()).isEqualTo("003_add_tags_table\n");
        succeeded(command().run("rollback-count", "1", "--no-backup"));
        assertThat(succeeded(command().run("current")).out()).isEqualTo("002_add_tmdb_cache\n");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143, true", "INT, 130, true", "HUP, 129, true", "TERM, 143, false"})
    void stopped_in_the_middle_it_rolls_back_and_says_so(String signal, int exitCode, boolean isThere)
            throws Exception {
        if (!isThere) {
            Files.delete(database.file());
        }
        Map<String, String> contents = new Folder(folder).contents();
        new Folder(temporary)
                .withChangelog()
                .replace(
                        "changelog/002_add_tmdb_cache.yaml",
                        "CREATE TABLE tmdb_cache (",
                        "CREATE TABLE slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9e9)"
                                + " SELECT count(*) FROM n;\n              CREATE TABLE tmdb_cache (");
        // What runs in the background inherits that SIGINT is ignored.
        Program.Running run = program.by("env", "--default-signal=" + signal)
                .start("update", "--defaults-file", "liquibase.properties");
        run.awaitOutput("  up    001_add_checkpoint_fields");
        Program.shell(temporary, "kill -" + signal + " " + run.process().pid()).run();
        Command.Result result = run.result();
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.err()).isEqualTo("""
                error: 002_add_tmdb_cache failed: stopped by a signal
                nothing was changed; the database is still at base
                try: the same command again
                """);
        assertThat(new Folder(folder).contents()).isEqualTo(contents);
        assertThat(succeeded(command().run("current")).out()).isEqualTo("base\n");
        succeeded(command().run("update", "--lock-timeout", "0"));
    }
}
