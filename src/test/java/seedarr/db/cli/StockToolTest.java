package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official Liquibase command line, on the same changelog and liquibase.properties: one history, both ways. */
class StockToolTest {

    @TempDir
    static Path classes;

    /** The same for all of them, for the tool stays in it. */
    @TempDir
    static Path checkout;

    private static StockTool tool;

    @TempDir
    Path folder;

    private TestDatabase database;
    private Command command;

    @BeforeAll
    static void start() throws Exception {
        tool = StockTool.in(checkout, classes);
    }

    @AfterAll
    static void stop() throws Exception {
        tool.close();
    }

    @BeforeEach
    void a_checkout() throws Exception {
        Path changelog = checkout.resolve("changelog");
        if (Files.exists(changelog)) {
            try (var files = Files.list(changelog)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(checkout.resolve("liquibase.properties"));
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

    private StockTool.Result liquibase(String... args) throws Exception {
        List<String> line = new ArrayList<>(database.stockOptions());
        line.addAll(List.of(args));
        return tool.run(line);
    }

    private void succeed(String... args) throws Exception {
        StockTool.Result stock = liquibase(args);
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
        StockTool.Result stock = liquibase("update");
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
        StockTool.Result stock = liquibase("update");
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

    /** Every kind of change and precondition that a changelog may have, and of the ways to write them. */
    private static final String EVERYTHING = """
            databaseChangeLog:
              - changeSet:
                  id: 004_everything
                  author: somebody else
                  logicalFilePath: changelog/004_everything.yaml
                  comment: Says more than 255 characters. %s
                  labels: destructive
                  preConditions:
                    - onFail: HALT
                    - or:
                        - sqlCheck: { expectedResult: 2, sql: SELECT 1 }
                        - and:
                            - sqlCheck: { expectedResult: 1, sql: SELECT count(*) FROM file_entries WHERE status = 'UPLOADED' }
                            - not:
                                - sqlCheck: { expectedResult: 1, sql: SELECT 2 }
                  changes:
                    - sql: { sql: "CREATE TABLE a (i INTEGER, t ${type.datetime}); INSERT INTO a VALUES (1, '2024-01-01');" }
                    - sql: { dbms: sqlite, sql: "CREATE TABLE b (x TEXT DEFAULT 'a;b')" }
                    - sql: { dbms: postgresql, sql: "CREATE TABLE b (x TEXT DEFAULT 'a;b')" }
                    - sql: { dbms: "h2, oracle", sql: "CREATE TABLE never (x TEXT)" }
                    - sql: { stripComments: true, sql: "-- a comment\n INSERT INTO b VALUES ('-- none'); /* another */" }
                    - sql: { splitStatements: false, sql: "INSERT INTO b VALUES ('x;y')" }
                    - sql: { endDelimiter: "@", sql: "INSERT INTO b VALUES ('1;2') @ INSERT INTO b VALUES ('3')" }
                    - sql: "INSERT INTO b VALUES ('short')"
                    - sqlFile: { path: more.sql, relativeToChangelogFile: true }
                    - sqlFile: { path: changelog/more.sql, dbms: sqlite, splitStatements: false }
                    - empty: {}
                    - tagDatabase: { tag: 004_everything }
                  rollback:
                    - sqlFile: { path: less.sql, relativeToChangelogFile: true }
                    - sql: { sql: DROP TABLE a }
              - changeSet:
                  id: 005_short
                  author: seedarr
                  logicalFilePath: changelog/005_short.yaml
                  changes:
                    - sql: { sql: CREATE TABLE c (x INTEGER) }
                    - tagDatabase: { tag: 005_short }
                  rollback: DROP TABLE c; SELECT 1;
            """;

    @ParameterizedTest
    @EnumSource
    void every_kind_of_statement_does_and_leaves_the_same_as_there(TestDatabase.Kind kind) throws Exception {
        v1(kind);
        Path changelog = checkout.resolve("changelog");
        Files.writeString(changelog.resolve("more.sql"), "-- from here\nINSERT INTO b VALUES ('from a file');\n");
        Files.writeString(changelog.resolve("less.sql"), "DELETE FROM b;\nDROP TABLE b;\n");
        Files.writeString(changelog.resolve("004_everything.yaml"), EVERYTHING.formatted("x".repeat(300)));
        Path master = changelog.resolve("master.yaml");
        Files.writeString(
                master,
                Files.readString(master)
                        + "  - include: { file: 004_everything.yaml, relativeToChangelogFile: true }\n");
        TestDatabase there = database;
        succeed("update");
        v1(kind);
        command = command.with(checkout.resolve("liquibase.properties"));
        command.succeed("update");
        assertThat(database.schemaText()).isEqualTo(there.schemaText());
        assertThat(database.query(TestDatabase.HISTORY)).isEqualTo(there.query(TestDatabase.HISTORY));
        assertThat(database.query("SELECT x FROM b")).isEqualTo(there.query("SELECT x FROM b"));
        assertThat(database.query("SELECT * FROM DATABASECHANGELOGLOCK"))
                .isEqualTo(there.query("SELECT * FROM DATABASECHANGELOGLOCK"));
        command.on(there.url()).succeed("status", "--check");
        command.on(there.url()).succeed("rollback", "003");
        succeed("rollback", "--tag=003_add_tags_table");
        assertThat(database.schemaText()).isEqualTo(there.schemaText());
        assertThat(database.query(TestDatabase.HISTORY)).isEqualTo(there.query(TestDatabase.HISTORY));
    }

    /** As Liquibase 3.0 made it. */
    @ParameterizedTest
    @EnumSource
    void an_old_history_table_is_completed_as_there(TestDatabase.Kind kind) throws Exception {
        List<List<String>> columns = new ArrayList<>();
        for (boolean isThere : List.of(true, false)) {
            v1(kind);
            command.succeed("update", "001");
            for (String column : List.of("CONTEXTS", "LABELS", "DEPLOYMENT_ID", "COMMENTS")) {
                database.execute("ALTER TABLE DATABASECHANGELOG DROP COLUMN " + column);
            }
            if (isThere) {
                succeed("update");
            } else {
                command.succeed("update");
            }
            columns.add(database.query(
                    kind == TestDatabase.Kind.SQLITE
                            ? "SELECT name, type, \"notnull\" FROM pragma_table_info('DATABASECHANGELOG')"
                            : "SELECT column_name, data_type, is_nullable, character_maximum_length"
                                    + " FROM information_schema.columns WHERE table_name = 'databasechangelog'"
                                    + " ORDER BY ordinal_position"));
            assertThat(database.query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("3");
        }
        assertThat(columns.get(1)).hasSize(14).isEqualTo(columns.get(0));
    }

    @Test
    void one_that_starts_there_meanwhile_waits_for_this_one() throws Exception {
        v1(TestDatabase.Kind.POSTGRESQL);
        // Where there is no history table yet, that one makes it before it asks for the lock, and fails.
        command.succeed("update", "001");
        // A wait for a lock would not do: each turn of it ends, and there the lock is taken in between.
        new Folder(checkout).add("004_slow", "SELECT pg_sleep(8); CREATE TABLE slow (id INTEGER)", "DROP TABLE slow");
        CompletableFuture<String> here = CompletableFuture.supplyAsync(
                () -> command.with(checkout.resolve("liquibase.properties")).succeed("update"));
        while (database.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
                        + " AND query LIKE 'SELECT pg_sleep%'")
                .isEmpty()) {
            assertThat(here).as("it has not begun").isNotDone();
            Thread.sleep(20);
        }
        StockTool.Result there = liquibase("update");
        assertThat(here.isDone()).as("there it waited").isTrue();
        assertThat(here.get()).endsWith("done: the database is at 004_slow\n");
        assertThat(there.exitCode()).as(there.output()).isZero();
        assertThat(database.query("SELECT count(*), max(ORDEREXECUTED) FROM DATABASECHANGELOG"))
                .containsExactly("4|4");
    }
}
