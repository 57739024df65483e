package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history whose times are out of order, or that another tool has touched. */
class HistoryOrderTest {

    @TempDir
    Path folder;

    private Sqlite database;
    private Command command;

    @BeforeEach
    void update() throws Exception {
        database = Sqlite.v1(folder);
        command = Command.in(folder).on(database.url());
        command.succeed("update");
    }

    @Test
    void the_last_revision_is_undone_also_when_the_clock_was_set_back_before_it() throws Exception {
        database.execute("UPDATE DATABASECHANGELOG SET DATEEXECUTED = '2001-01-01 00:00:00' WHERE ID LIKE '003%'");
        assertThat(command.succeed("current")).isEqualTo("003_add_tags_table\n");
        command.succeed("rollback-count", "1");
        assertThat(command.succeed("current")).isEqualTo("002_add_tmdb_cache\n");
        assertThat(database.query("SELECT name FROM sqlite_schema WHERE name IN ('tags', 'tmdb_cache')"))
                .containsExactly("tmdb_cache");
    }

    @Test
    void revisions_that_were_applied_out_of_order_are_undone_last_first() throws Exception {
        database.execute("UPDATE DATABASECHANGELOG SET ORDEREXECUTED = 9 WHERE ID LIKE '002%'");
        command.succeed("rollback-count", "1");
        assertThat(command.succeed("status")).contains("pending  002", "applied  003");
        command.succeed("rollback", "base");
        command.succeed("update");
    }

    @Test
    void checksums_of_an_older_liquibase_do_not_count_as_edited() throws Exception {
        database.execute("UPDATE DATABASECHANGELOG SET MD5SUM = '8:' || substr(MD5SUM, 3)");
        command.succeed("status", "--check");
    }

    @Test
    void a_revision_that_fails_without_failing_the_update_fails_it_here() throws Exception {
        new Folder(folder)
                .withChangelog()
                .replace(
                        "changelog/003_add_tags_table.yaml",
                        "      author: seedarr",
                        "      author: else\n      failOnError: false");
        Sqlite other = new Sqlite(folder.resolve("other.db"));
        other.execute("CREATE TABLE DATABASECHANGELOG_x (a); " + Sqlite.V1 + "CREATE TABLE idx_tags_label (a);");
        Command.Result result = Command.in(folder)
                .on(other.url())
                .run(
                        "update",
                        "--defaults-file",
                        folder.resolve("liquibase.properties").toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(other.query("SELECT name FROM sqlite_schema WHERE name = 'tmdb_cache'"))
                .isEmpty();
    }
}
