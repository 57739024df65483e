package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changelogs, links and arguments that once did harm. */
class OddCallsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"COMMIT, COMMIT", "PRAGMA journal_mode = off, PRAGMA", "PRAGMA 'journal_mode' = off, PRAGMA"})
    void a_revision_that_would_end_the_transaction_is_refused_and_nothing_changes(String statement, String named)
            throws Exception {
        Sqlite database = Sqlite.v1(folder);
        byte[] before = database.bytes();
        new Folder(folder)
                .withChangelog()
                .replace(
                        "changelog/003_add_tags_table.yaml",
                        "CREATE INDEX idx_tags_label",
                        statement + "; CREATE INDEX idx_tags_label");
        Command.Result result =
                Command.in(folder).on(database.url()).run("update", "--defaults-file", "liquibase.properties");
        assertThat(result.firstErrorLine().orElseThrow()).contains("003_add_tags_table has the statement " + named);
        assertThat(database.bytes()).isEqualTo(before);
    }

    @Test
    void a_relative_link_below_a_linked_folder_leads_where_the_system_leads() throws Exception {
        Path real = Files.createDirectories(folder.resolve("d/real"));
        Files.createDirectories(folder.resolve("d/y"));
        Files.createDirectories(folder.resolve("t"));
        Sqlite database = Sqlite.v1(real);
        Files.createSymbolicLink(folder.resolve("d/y/app.db"), Path.of("../real/seedarr.db"));
        Files.createSymbolicLink(folder.resolve("t/x"), Path.of("../d/y"));
        Command.in(folder).on("sqlite:///" + folder.resolve("t/x/app.db")).succeed("update");
        Command.in(folder).on(database.url()).succeed("status", "--check");
    }

    @Test
    void a_url_in_the_wrong_place_is_not_repeated() {
        for (String command : new String[] {"update", "rollback", "show", "rollback-count", "--ulr"}) {
            Command.Result result = Command.in(folder)
                    .on("sqlite:///" + folder.resolve("none.db"))
                    .run(command, "postgresql://u:geheim@h/db");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).doesNotContain("geheim");
        }
    }
}
