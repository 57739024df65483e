package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --sql prints does the same as the command itself, in one transaction. */
class ScriptTest {

    private static final String HISTORY = "SELECT ID, AUTHOR, FILENAME, ORDEREXECUTED, MD5SUM, DESCRIPTION, COMMENTS,"
            + " EXECTYPE, CONTEXTS, LABELS, LIQUIBASE, TAG FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED";

    @TempDir
    Path folder;

    private Sqlite database(String name) throws Exception {
        return new Sqlite(Files.createDirectory(folder.resolve(name)).resolve("seedarr.db"));
    }

    private Command on(Sqlite database) {
        return Command.in(folder).on(database.url());
    }

    /** Runs a script as the sqlite3 shell does, which alone knows the line that begins with a dot. */
    private static void execute(Sqlite database, String script) throws Exception {
        assertThat(script).startsWith(".bail on\nBEGIN IMMEDIATE;\n").endsWith("\nCOMMIT;\n");
        database.execute(script.substring(script.indexOf('\n') + 1));
    }

    private void script_does_what_the_command_does(String content) throws Exception {
        Sqlite byScript = database("script");
        Sqlite byCommand = database("command");
        byScript.execute(content);
        byCommand.execute(content);
        for (List<String> args : List.of(
                List.of("update", "001"),
                List.of("update"),
                List.of("rollback-count", "1"),
                List.of("rollback", "base"),
                List.of("update"),
                List.of("rollback", "001"))) {
            List<String> withSql = new java.util.ArrayList<>(args);
            withSql.add("--sql");
            String script = on(byScript).succeed(withSql.toArray(String[]::new));

            execute(byScript, script);
            on(byCommand).succeed(args.toArray(String[]::new));
            assertThat(byScript.schemaText()).as("%s", args).isEqualTo(byCommand.schemaText());
            assertThat(byScript.query(HISTORY)).as("%s", args).isEqualTo(byCommand.query(HISTORY));
            assertThat(byScript.query("SELECT * FROM file_entries"))
                    .isEqualTo(byCommand.query("SELECT * FROM file_entries"));
            assertThat(byScript.query("SELECT ID, LOCKED, LOCKEDBY FROM DATABASECHANGELOGLOCK"))
                    .as("the row of the lock")
                    .isEqualTo(byCommand.query("SELECT ID, LOCKED, LOCKEDBY FROM DATABASECHANGELOGLOCK"));
            assertThat(on(byScript).run("status", "--check").exitCode())
                    .as("%s", args)
                    .isEqualTo(on(byCommand).run("status", "--check").exitCode());
        }
        // And the command goes on from where the script left it.
        on(byScript).succeed("update");
        on(byScript).succeed("status", "--check");
        on(byScript).succeed("rollback", "base");
    }

    @Test
    void from_v1() throws Exception {
        script_does_what_the_command_does(Sqlite.V1);
    }

    @Test
    void from_an_empty_file() throws Exception {
        script_does_what_the_command_does("");
    }

    @Test
    void from_no_file() throws Exception {
        Sqlite database = database("none");
        execute(database, on(database).succeed("update", "--sql"));
        on(database).succeed("status", "--check");
    }

    @Test
    void after_a_rollback_by_hand_of_the_history_order() throws Exception {
        Sqlite database = database("order");
        on(database).succeed("update", "001");
        database.execute("UPDATE DATABASECHANGELOG SET ORDEREXECUTED = 41");
        execute(database, on(database).succeed("update", "--sql"));
        assertThat(database.query("SELECT ORDEREXECUTED FROM DATABASECHANGELOG ORDER BY 1"))
                .containsExactly("41", "42", "43");
    }

    @Test
    void a_script_names_the_revisions_and_neither_a_host_nor_a_time() throws Exception {
        Sqlite database = database("names");
        String script = on(database).succeed("update", "--sql");
        assertThat(script.lines().filter(line -> line.startsWith("--")))
                .containsExactly("-- 001_add_checkpoint_fields", "-- 002_add_tmdb_cache", "-- 003_add_tags_table");
        assertThat(script)
                .doesNotContain(java.net.InetAddress.getLocalHost().getHostName())
                .doesNotContain("Liquibase")
                .doesNotContain("LOCKEDBY =")
                .doesNotContain(folder.toString());
        on(database).succeed("update");
        assertThat(on(database).succeed("rollback", "base", "--sql").lines().filter(line -> line.startsWith("--")))
                .containsExactly("-- 003_add_tags_table", "-- 002_add_tmdb_cache", "-- 001_add_checkpoint_fields");
    }

    @Test
    void a_script_that_fails_in_the_middle_leaves_nothing() throws Exception {
        Sqlite database = database("fails");
        database.execute(Sqlite.V1);
        byte[] before = database.bytes();
        String script = on(database).succeed("update", "--sql").replace("ON tags (label)", "ON tags (labels)");
        assertThat(catchThrowable(() -> execute(database, script))).hasMessageContaining("labels");
        assertThat(database.bytes()).isEqualTo(before);
    }

    @Test
    void a_script_does_not_run_twice() throws Exception {
        Sqlite database = database("twice");
        database.execute(Sqlite.V1);
        String script = on(database).succeed("update", "--sql");
        execute(database, script);
        List<String> schema = database.schemaText();
        assertThat(catchThrowable(() -> execute(database, script))).isNotNull();
        assertThat(database.schemaText()).isEqualTo(schema);
        on(database).succeed("status", "--check");
    }
}
