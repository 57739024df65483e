package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * The changelog that ships, whatever revisions it has: these tests find them. Every other test has a copy of 001 to 003 of
 * its own, so that a new revision breaks none of them.
 */
class ShippedChangelogTest {

    @TempDir
    Path folder;

    private static final String PATHS = "SELECT id, file_path FROM file_entries ORDER BY id";

    /** A command that works with the changelog of the project. */
    static Command command(Path folder, TestDatabase database) {
        return Command.in(folder)
                .on(database.url())
                .with(Path.of("liquibase.properties").toAbsolutePath());
    }

    @SuppressWarnings("unchecked")
    private static List<String> pending(Command command) {
        Map<String, Object> status = new Yaml().load(command.succeed("status", "--json"));
        return (List<String>) status.get("pending");
    }

    @ParameterizedTest
    @EnumSource
    void every_revision_goes_up_down_and_up_again(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = kind.empty(folder);
        database.makeV1();
        List<String> paths = database.query(PATHS);
        Command command = command(folder, database);
        List<List<String>> schemas = new ArrayList<>(List.of(database.schemaText()));
        List<String> revisions = pending(command);
        for (String revision : revisions) {
            command.succeed("update", revision);
            schemas.add(database.schemaText());
        }
        assertThat(command.succeed("status", "--check")).endsWith("up to date\n");
        assertThat(command.succeed("verify")).endsWith("no faults\n");
        for (int left = revisions.size() - 1; left >= 0; left--) {
            command.succeed("rollback-count", "1");
            assertThat(database.schemaText())
                    .as("after the rollback of " + revisions.get(left))
                    .isEqualTo(schemas.get(left));
        }
        command.succeed("update");
        assertThat(database.schemaText()).isEqualTo(schemas.get(revisions.size()));
        command.succeed("rollback", "base");
        assertThat(database.query(PATHS)).isEqualTo(paths);
    }

    /** As verify does on SQLite. The tests' own additions stand for revisions to come. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_revision_loses_a_row_on_postgresql(boolean withMore) throws Exception {
        Postgres database = Postgres.v1();
        Command command = command(folder, database);
        if (withMore) {
            new Folder(folder)
                    .withChangelog()
                    .add(
                            "004_more",
                            "CREATE TABLE more (id ${type.id}, tag_id INTEGER REFERENCES tags (id), good BOOLEAN DEFAULT ${value.true},"
                                    + " kind VARCHAR(3) CHECK (kind IN ('one', 'two')), at ${type.datetime}, PRIMARY KEY (id));"
                                    + " ALTER TABLE tags ADD COLUMN seen BOOLEAN DEFAULT ${value.false} NOT NULL",
                            "ALTER TABLE tags DROP COLUMN seen; DROP TABLE more")
                    .add("005_again", "CREATE INDEX again ON more (kind)", "DROP INDEX again");
            command = command.with(folder.resolve("liquibase.properties"));
        }
        List<String> revisions = pending(command);
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = database.connect()) {
            PostgresRows all = new PostgresRows(connection);
            for (String revision : revisions) {
                all.add(100 + rows.size());
                rows.add(all.all());
                command.succeed("update", revision);
            }
            all.add(200);
            for (int left = revisions.size() - 1; left >= 0; left--) {
                command.succeed("rollback-count", "1");
                Path file = command.installation().resolveSibling("changelog/" + revisions.get(left) + ".yaml");
                if (!Files.readString(file).contains("labels: destructive")) {
                    assertThat(all.all()).as(revisions.get(left)).containsAll(rows.get(left));
                }
            }
            command.succeed("update");
        }
    }

    @ParameterizedTest
    @EnumSource
    void all_of_it_comes_up_from_nothing(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = kind.empty(folder);
        Command command = command(folder, database);
        command.succeed("update");
        command.succeed("status", "--check");
        command.succeed("rollback", "base");
    }

    @ParameterizedTest
    @EnumSource
    void what_the_script_does_is_what_the_command_does(TestDatabase.Kind kind) throws Exception {
        TestDatabase byScript = kind.empty(folder);
        byScript.makeV1();
        byScript.executeScript(command(folder, byScript).succeed("update", "--sql"));
        TestDatabase byCommand = kind.empty(folder);
        byCommand.makeV1();
        command(folder, byCommand).succeed("update");
        assertThat(byScript.schemaText()).isEqualTo(byCommand.schemaText());
        byScript.executeScript(command(folder, byScript).succeed("rollback", "base", "--sql"));
        command(folder, byCommand).succeed("rollback", "base");
        assertThat(byScript.schemaText()).isEqualTo(byCommand.schemaText());
    }
}
