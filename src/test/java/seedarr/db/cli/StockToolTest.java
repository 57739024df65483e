package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official Liquibase command line, on the same changelog and liquibase.properties: one history, both ways. */
class StockToolTest {

    @TempDir
    Path folder;

    private Path checkout;
    private TestDatabase database;
    private Command command;

    @BeforeEach
    void a_checkout() throws Exception {
        checkout = Files.createDirectory(folder.resolve("checkout"));
        new Folder(checkout).withChangelog();
    }

    private void use(TestDatabase.Kind kind) throws Exception {
        database = kind.empty(folder);
        command = Command.in(folder).on(database.url());
    }

    private void v1(TestDatabase.Kind kind) throws Exception {
        use(kind);
        database.makeV1();
    }

    private record Stock(int exitCode, String output) {}

    private Stock liquibase(String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "liquibase.integration.commandline.LiquibaseCommandLine"));
        line.addAll(database.stockOptions());
        line.addAll(List.of(args));
        Process process = new ProcessBuilder(line)
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Stock(process.waitFor(), output);
    }

    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                List.of(classPath.split(File.pathSeparator)).stream()
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    private void succeed(String... args) throws Exception {
        Stock stock = liquibase(args);
        assertThat(stock.exitCode()).as(stock.output()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void an_update_there_is_seen_and_undone_here(TestDatabase.Kind kind) throws Exception {
        v1(kind);
        List<String> v1 = database.schemaText();
        List<String> rows = database.query(MigrationContract.ROWS);
        succeed("update");
        command.succeed("status", "--check");
        assertThat(command.succeed("update")).startsWith("nothing to do");

        TestDatabase own = kind.empty(folder);
        own.makeV1();
        Command.in(folder).on(own.url()).succeed("update");
        assertThat(database.schemaText()).isEqualTo(own.schemaText());
        assertThat(database.query(TestDatabase.HISTORY)).isEqualTo(own.query(TestDatabase.HISTORY));

        command.succeed("rollback", "base");
        assertThat(database.schemaText()).isEqualTo(v1);
        assertThat(database.query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("0");
        assertThat(database.query(MigrationContract.ROWS)).isEqualTo(rows);
    }

    @ParameterizedTest
    @EnumSource
    void an_update_here_is_seen_and_undone_there(TestDatabase.Kind kind) throws Exception {
        v1(kind);
        List<String> v1 = database.schemaText();
        command.succeed("update");
        assertThat(liquibase("status").output()).contains("is up to date");
        succeed("validate");
        succeed("rollback", "--tag=001_add_checkpoint_fields");
        assertThat(command.succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
        assertThat(liquibase("status").output()).contains("2 changesets have not been applied");
        succeed("rollback-count", "1");
        assertThat(database.schemaText()).isEqualTo(v1);
        assertThat(command.succeed("current")).isEqualTo("base\n");
        command.succeed("update");
        command.succeed("status", "--check");
    }

    @ParameterizedTest
    @EnumSource
    void a_foreign_database_is_refused_there_with_the_same_sentence(TestDatabase.Kind kind) throws Exception {
        use(kind);
        database.execute("CREATE TABLE users (id INTEGER); CREATE TABLE posts (id INTEGER)");
        List<String> schema = database.schemaText();
        Stock stock = liquibase("update");
        assertThat(stock.exitCode()).isNotZero();
        assertThat(stock.output())
                .contains("this is not a database of Seedarr: it has no file_entries, but posts, users."
                        + " Check which database the URL names");
        assertThat(database.schemaText()).isEqualTo(schema);
        // What that tool leaves behind does not matter here.
        assertThat(command.run("update").firstErrorLine())
                .contains("error: this is not a database of Seedarr: it has no file_entries, but posts, users");
    }

    @Test
    void a_database_of_alembic_is_refused_there_until_it_is_adopted_here() throws Exception {
        use(TestDatabase.Kind.POSTGRESQL);
        AdoptionContract.Kind.ALEMBIC_002.make(database);
        List<String> schema = database.schemaText();
        Stock stock = liquibase("update");
        assertThat(stock.exitCode()).isEqualTo(1);
        assertThat(stock.output()).contains("no record of them: file_entries.", "tmdb_cache. seedarr-db adopt, which");
        assertThat(database.schemaText()).isEqualTo(schema);
        command.succeed("adopt");
        succeed("update");
        command.succeed("status", "--check");
        succeed("rollback", "--tag=001_add_checkpoint_fields");
        assertThat(command.succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
    }

    @Test
    void an_update_there_from_nothing_is_the_same_as_here() throws Exception {
        use(TestDatabase.Kind.SQLITE);
        succeed("update-to-tag", "--tag=002_add_tmdb_cache");
        assertThat(command.succeed("current")).isEqualTo("002_add_tmdb_cache\n");
        command.succeed("update");
        assertThat(liquibase("status").output()).contains("is up to date");
    }
}
