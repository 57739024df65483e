package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire: a pooler such as PgBouncer gives the session to others after each transaction. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresPoolerTest {

    @TempDir
    Path folder;

    private Postgres database;

    @BeforeEach
    void v1() throws Exception {
        database = Postgres.v1();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&application_name=mine"})
    void nothing_is_prepared_or_set_beyond_a_transaction(String parameter) throws Exception {
        try (PostgresWire wire = new PostgresWire(PostgresWire.Cut.NEVER)) {
            Command command = Command.in(folder).on(wire.url(database) + parameter);
            for (String line : List.of(
                    "update 002",
                    "update",
                    "update",
                    "status --check",
                    "history",
                    "rollback-count 1 --sql",
                    "rollback base",
                    "release-locks")) {
                command.succeed(line.split(" "));
            }
            database.execute("DROP INDEX IF EXISTS idx_tags_label");
            command.run("adopt");
            // What PgBouncer takes.
            assertThat(wire.logIns)
                    .isNotEmpty()
                    .allSatisfy(logIn -> assertThat(IntStream.range(0, logIn.size())
                                    .filter(i -> i % 2 == 0)
                                    .mapToObj(logIn::get))
                            .containsExactlyInAnyOrder(
                                    "user",
                                    "database",
                                    "client_encoding",
                                    "DateStyle",
                                    "TimeZone",
                                    "application_name"));
            boolean isInTransaction = false;
            for (String statement : wire.statements) {
                assertThat(statement)
                        .as("a name, or a setting")
                        .matches("(?is):(?!SET (?!LOCAL |TRANSACTION )|LISTEN|PREPARE).*");
                boolean isEnd = statement.matches(":(COMMIT|ROLLBACK)");
                assertThat(statement.startsWith(":BEGIN") || isInTransaction)
                        .as(statement)
                        .isTrue();
                isInTransaction = !isEnd;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PostgresWire.Cut.class,
            names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
    void a_connection_that_is_cut_at_the_commit_is_told_as_it_is(PostgresWire.Cut cut) throws Exception {
        try (PostgresWire wire = new PostgresWire(cut)) {
            Command.Result result = Command.in(folder).on(wire.url(database)).run("update", "-q");
            boolean isCommitted = !database.query("SELECT to_regclass('tags')").equals(List.of("null"));
            assertThat(isCommitted).isEqualTo(cut != PostgresWire.Cut.BEFORE_COMMIT);
            assertThat(result).isEqualTo(new Command.Result(1, "", """
                    error: the connection was cut during the commit
                    the change is there, whole, or nothing of it is
                    try: seedarr-db status
                    """));
        }
    }

    @Test
    void a_parameter_that_a_pooler_does_not_take_is_named() throws Exception {
        try (PostgresWire wire = new PostgresWire(PostgresWire.Cut.NEVER)) {
            wire.refusal = "unsupported startup parameter: options";
            Command command = Command.in(folder).on(wire.url(database)).with("PGOPTIONS", "-csearch_path=media");
            assertThat(command.run("status").err()).endsWith("""
                     does not let seedarr in: unsupported startup parameter: options
                    try: leaving it out, PGOPTIONS too; ALTER ROLE … SET does the same for a search_path
                    """);
        }
    }
}
