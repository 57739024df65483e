package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No revision leaves the one transaction that a command is; where one does all the same, that is told as it is. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresTransactionTest {

    @TempDir
    Path folder;

    private Postgres database;
    private Command command;

    @BeforeEach
    void at_head() throws Exception {
        database = Postgres.atHead();
        new Folder(folder).withChangelog();
        Files.writeString(
                folder.resolve("changelog/master.yaml"),
                Files.readString(folder.resolve("changelog/master.yaml"))
                        + "  - include: { file: 004_half.yaml, relativeToChangelogFile: true }\n");
        command = Command.in(folder).on(database.url()).with(folder.resolve("liquibase.properties"));
    }

    private void revision(String settings, String sql) throws Exception {
        Files.writeString(folder.resolve("changelog/004_half.yaml"), """
                databaseChangeLog:
                  - changeSet:
                      id: 004_half
                      author: seedarr
                      logicalFilePath: changelog/004_half.yaml
                %s
                      changes:
                        - sql: { splitStatements: false, sql: CREATE TABLE half (a INTEGER) }
                        - sql:
                            splitStatements: false
                            dbms: postgresql
                            sql: |
                              %s
                        - tagDatabase: { tag: 004_half }
                      rollback: [ { sql: { sql: DROP TABLE half } } ]
                """.formatted(settings, sql));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT 1; COMMIT                                        | COMMIT
            SELECT '; x'; -- ;\\n END                                | END
            SELECT $q$ ; $q$; Rollback                              | ROLLBACK
            ; ;ABORT                                                | ABORT
            /* /* */ */ START TRANSACTION                           | START
            PREPARE TRANSACTION 'zz'                                | PREPARE TRANSACTION
            {oj COMMIT}                                             | COMMIT
            RELEASE JDBC_SAVEPOINT_0                                | RELEASE
            VACUUM half                                             | VACUUM
            """)
    void what_ends_the_transaction_is_refused_before_anything_is_done(String sql, String named) throws Exception {
        revision("", sql.replace("\\n", "\n              "));
        List<String> before = database.contents();
        String problem = " the statement " + named + ", but every command is one transaction\n";
        for (String line : List.of("update", "update --sql")) {
            Command.Result result = command.run(line.split(" "));
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .startsWith("error: 004_half has" + problem)
                    .endsWith("\ntry: removing it from the revision\n");
        }
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void verify_finds_it_without_a_server() throws Exception {
        revision("", "SELECT 1; COMMIT");
        assertThat(command.run("verify", "--offline").out()).endsWith("""
                fault: changelog/004_half.yaml: for PostgreSQL, it has the statement COMMIT, but every command is one transaction
                  try: removing it from the revision
                2 faults
                """);
    }

    @Test
    void bodies_may_have_the_same_words() throws Exception {
        revision("", """
                DO $$ BEGIN PERFORM 1; END $$; SELECT 'COMMIT; ROLLBACK' AS "end; commit"; PREPARE p AS SELECT 1; \
                CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END""");
        command.succeed("update");
        assertThat(command.succeed("current")).isEqualTo("004_half\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "COMMIT AND CHAIN", "COMMIT; SELECT 1/0 --"})
    void where_a_revision_gets_out_nevertheless_it_is_said_what_stays(String end) throws Exception {
        // To this database, the quote behind the backslash does not end the text.
        PostgresTestServer.execute("ALTER DATABASE " + database.name() + " SET standard_conforming_strings = off");
        revision("", "SELECT 'x\\''; " + end + " --'");
        Command.Result result = command.run("update", "-q");
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: 004_half has ended the transaction, but every command is one
                what it did until then stays, and may be half a revision: see seedarr-db status
                try: undoing by hand what seedarr-db show 004_half lists and the database has, or a backup
                """));
        assertThat(database.query("SELECT count(*) FROM pg_tables WHERE tablename = 'half'"))
                .containsExactly("1");
    }

    @Test
    void a_precondition_does_not_get_out_either_without_being_told() throws Exception {
        revision(
                "      preConditions: [ { onFail: HALT }, { sqlCheck: { expectedResult: 1, sql: SELECT 1; COMMIT } } ]",
                "SELECT 1");
        assertThat(command.run("update", "-q").err()).startsWith("error: 004_half has ended the transaction, ");
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE INDEX CONCURRENTLY x ON half (a), CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
        "CREATE DATABASE q, CREATE DATABASE cannot run inside a transaction block",
        "DO $$ BEGIN COMMIT; END $$, invalid transaction termination",
    })
    void what_cannot_be_in_a_transaction_says_so(String sql, String problem) throws Exception {
        revision("", sql);
        assertThat(command.run("update", "-q")).isEqualTo(new Command.Result(1, "", """
                error: 004_half failed: %s: every command is one transaction
                nothing was changed; the database is still at 003_add_tags_table
                try: leaving it out of the revision, or the form without CONCURRENTLY
                """.formatted(problem)));
    }
}
