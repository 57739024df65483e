package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --sql prints for SQLite, beside what {@link MigrationContract} says about scripts. */
class ScriptTest {

    @TempDir
    Path folder;

    private Sqlite database(String name) throws Exception {
        return new Sqlite(Files.createDirectory(folder.resolve(name)).resolve("seedarr.db"));
    }

    private Command on(Sqlite database) {
        return Command.in(folder).on(database.url());
    }

    @Test
    void from_no_file() throws Exception {
        Sqlite database = database("none");
        database.executeScript(on(database).succeed("update", "--sql"));
        on(database).succeed("status", "--check");
    }

    @Test
    void after_a_rollback_by_hand_of_the_history_order() throws Exception {
        Sqlite database = database("order");
        on(database).succeed("update", "001");
        database.execute("UPDATE DATABASECHANGELOG SET ORDEREXECUTED = 41");
        database.executeScript(on(database).succeed("update", "--sql"));
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
}
