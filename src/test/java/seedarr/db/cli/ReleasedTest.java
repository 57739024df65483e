package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What release 0.1.0 migrated on either kind of database: dumps of two such databases. Their checksums are in databases
 * out there, so every later program must know them, whatever is written anew.
 */
class ReleasedTest {

    @TempDir
    Path folder;

    private static final String CHECKSUMS =
            "SELECT ID, AUTHOR, FILENAME, MD5SUM FROM DATABASECHANGELOG WHERE ID < '004' ORDER BY ID";

    private TestDatabase released(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = kind.empty(folder);
        database.execute(Files.readString(
                Path.of("src/test/resources/databases/released/" + kind.name().toLowerCase(Locale.ROOT) + ".sql")));
        return database;
    }

    @ParameterizedTest
    @EnumSource
    void is_up_to_date_whole_and_goes_back_to_its_base(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = released(kind);
        List<String> rows = database.query(MigrationContract.ROWS);
        Command command = Command.in(folder).on(database.url());
        assertThat(command.succeed("status", "--check")).endsWith("up to date\n");
        assertThat(command.succeed("update")).startsWith("nothing to do: ");
        assertThat(command.succeed("verify")).endsWith("no faults\n");
        command.succeed("rollback", "base");
        assertThat(database.schema().keySet()).containsExactly("file_entries");
        assertThat(database.query(MigrationContract.ROWS)).isEqualTo(rows);
        command.succeed("update");
        assertThat(database.query(CHECKSUMS)).isEqualTo(released(kind).query(CHECKSUMS));
    }

    /** As git makes them on Windows, without the .gitattributes of the project. */
    @ParameterizedTest
    @EnumSource
    void files_with_crlf_are_the_same_revisions(TestDatabase.Kind kind) throws Exception {
        new Folder(folder).withChangelog();
        try (var files = Files.list(folder.resolve("changelog"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
            }
        }
        TestDatabase database = released(kind);
        Command command = Command.in(folder).on(database.url()).with(folder.resolve("liquibase.properties"));
        assertThat(command.succeed("status", "--check")).endsWith("up to date\n");
        command.succeed("rollback", "base");
        command.succeed("update");
        assertThat(database.query(CHECKSUMS)).isEqualTo(released(kind).query(CHECKSUMS));
        assertThat(command.succeed("verify")).endsWith("no faults\n");
    }

    /** The changelog of the project, not that of the tests. */
    @ParameterizedTest
    @EnumSource
    void the_changelog_has_the_identities_and_checksums_that_were_released(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = kind.empty(folder);
        ShippedChangelogTest.command(folder, database).succeed("update");
        assertThat(database.query(CHECKSUMS))
                .hasSize(3)
                .isEqualTo(released(kind).query(CHECKSUMS));
    }
}
