package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A command answers by the index of revisions as it does when it parses the changelog. */
class IndexIT {

    private static final String MASTER = "changelog/master.yaml";

    /** What a copy of the program has in common with it. */
    private static final List<String> LINKS = List.of("libraries.jar", "org", "archives");

    @TempDir
    Path temporary;

    private Folder indexed;
    private Folder parsed;
    private Program program;

    @BeforeEach
    void changelogs() throws Exception {
        indexed = new Folder(Files.createDirectory(temporary.resolve("indexed"))).withChangelog();
        parsed = new Folder(Files.createDirectory(temporary.resolve("parsed"))).withChangelog();
        // A comment: another file, and no other changelog.
        parsed.replace(MASTER, "databaseChangeLog:", "# parsed\ndatabaseChangeLog:");
        program = Program.packaged(temporary);
    }

    /** JUnit warns of a link that leads out of its folder. */
    @AfterEach
    void removeLinks() throws Exception {
        for (String link : LINKS) {
            Files.deleteIfExists(temporary.resolve("lib").resolve(link));
        }
    }

    /** In memory: what ChangelogIndex has written counts as that of the packaged command does, for which the others are. */
    private List<String> answers(TestDatabase database, Folder changelog) throws Exception {
        Command command =
                Command.in(temporary).on(database.url()).with(changelog.path().resolve("liquibase.properties"));
        List<String> answers = new ArrayList<>();
        for (String words : List.of("status --json", "adopt --dry-run", "update --adopt --sql")) {
            Command.Result result = command.run(words.split(" "));
            assertThat(result.exitCode()).as(result.err()).isIn(0, 1, 3);
            answers.add(result.exitCode() + result.out() + result.err());
        }
        return answers;
    }

    @ParameterizedTest
    @EnumSource
    void every_sqlite_database_stands_the_same(AdoptionContract.Kind kind) throws Exception {
        Sqlite database = new Sqlite(temporary.resolve("any.db"));
        kind.make(database);
        assertThat(answers(database, indexed)).isEqualTo(answers(database, parsed));
    }

    @ParameterizedTest
    @EnumSource
    void every_postgresql_database_stands_the_same(AdoptionContract.Kind kind) throws Exception {
        Postgres database = Postgres.create();
        kind.make(database);
        assertThat(answers(database, indexed)).isEqualTo(answers(database, parsed));
    }

    private String history() throws Exception {
        return history(program, indexed.path());
    }

    private String history(Program program, Path changelog) throws Exception {
        Command.Result result = program.with("DATABASE_URL", "sqlite:///none.db")
                .run(
                        "history",
                        "--json",
                        "--defaults-file",
                        changelog.resolve("liquibase.properties").toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out();
    }

    /** A copy of the program, with an index that says something else than the changelog. */
    private Program withAnotherIndex() throws Exception {
        Path lib = Files.createDirectory(temporary.resolve("lib"));
        Path own = Program.distribution().resolve("lib");
        // Of the same time, for Java takes the archives with no other jar.
        Files.copy(own.resolve("seedarr-db.jar"), lib.resolve("seedarr-db.jar"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String link : LINKS) {
            Files.createSymbolicLink(lib.resolve(link), own.resolve(link));
        }
        String index = Files.readString(own.resolve("revisions.index"), StandardCharsets.ISO_8859_1);
        Files.writeString(
                lib.resolve("revisions.index"),
                // Not in the copy of the file, where the line is broken.
                index.replaceAll("Creates tags(?=.* has no hardcoded)", "INDEXED tags"),
                StandardCharsets.ISO_8859_1);
        return program.with("SEEDARR_DB_LIB", lib.toString());
    }

    @Test
    void the_index_counts_until_a_file_is_edited_added_or_moved() throws Exception {
        Program marked = withAnotherIndex();
        assertThat(history(marked, indexed.path())).contains("INDEXED tags").doesNotContain("Creates tags");
        assertThat(history(marked, parsed.path())).contains("Creates tags").doesNotContain("INDEXED");
    }

    @Test
    void an_edited_file_is_parsed() throws Exception {
        indexed.replace("changelog/003_add_tags_table.yaml", "Creates tags, the tracker's tags", "Makes the tags");
        assertThat(history()).contains("Makes the tags");
    }

    @Test
    void an_added_revision_is_seen() throws Exception {
        indexed.add("004_more", "CREATE TABLE more (id INTEGER)", "DROP TABLE more");
        assertThat(history()).contains("004_more");
    }

    @Test
    void another_order_is_seen() throws Exception {
        String second = "  - include: { file: 002_add_tmdb_cache.yaml, relativeToChangelogFile: true }\n";
        String third = "  - include: { file: 003_add_tags_table.yaml, relativeToChangelogFile: true }\n";
        indexed.replace(MASTER, second + third, third + second);
        assertThat(history()).containsSubsequence("001_", "003_", "002_");
    }

    @Test
    void an_index_that_is_not_whole_counts_for_nothing() throws Exception {
        Program marked = withAnotherIndex();
        Path index = temporary.resolve("lib/revisions.index");
        byte[] whole = Files.readAllBytes(index);
        for (int length : new int[] {0, 1, 4, 1000, whole.length / 2}) {
            Files.write(index, Arrays.copyOf(whole, length));
            assertThat(history(marked, indexed.path())).contains("Creates tags");
        }
    }
}
