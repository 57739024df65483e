package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server is found and lets in, and what happens when it does not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresLoginTest {

    @TempDir
    Path folder;

    private Command on(String url) {
        return Command.in(folder).on(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "update --wait 600", "update --sql --wait 600"})
    void a_wrong_password_is_refused_and_not_waited_for(String args) {
        Command.Result result =
                on(new Postgres("postgres", "seedarr", "not geheim").url()).run(args.split(" "));
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: %s does not let seedarr in: password authentication failed for user "seedarr"
                try: another user, password or database
                """.formatted(Postgres.server())));
    }

    @Test
    void no_password_is_refused() {
        Command.Result result =
                on("postgresql://seedarr@" + Postgres.server() + "/postgres").run("status");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("error: " + Postgres.server() + " does not let seedarr in: ")
                .endsWith("\ntry: another user, password or database\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "update --wait 600"})
    void a_database_that_does_not_exist_is_refused_and_not_waited_for(String args) {
        Command.Result result = on(new Postgres("nothing", "seedarr", PostgresTestServer.PASSWORD).url())
                .run(args.split(" "));
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: %s does not let seedarr in: database "nothing" does not exist
                try: another user, password or database
                """.formatted(Postgres.server())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"p@geheim:/?#", "geheim 100% + é ✓", "%41geheim&x=1", "://geheim@localhost:1/x?host=y'\"\\"})
    void any_password_lets_in_by_its_percent_code_and_by_a_variable(String password) throws Exception {
        Postgres own = new Postgres("postgres", role(password), password);
        String address = Postgres.server() + "/postgres";
        assertThat(on(own.url()).succeed("status")).startsWith("database  " + own.shown() + "\n");
        assertThat(on("postgresql://" + own.user() + "@" + address)
                        .with("PGPASSWORD", password)
                        .succeed("current"))
                .isEqualTo("base\n");
        assertThat(on("postgresql://" + address + "?user=" + own.user() + "&password=" + Postgres.encoded(password))
                        .succeed("current"))
                .isEqualTo("base\n");
        // None of it in an error, whatever the details.
        assertThat(on(own.url()).run("update", "--verbose").err()).contains("permission denied", "\tat ");
        Command.Result wrong =
                on(new Postgres("postgres", own.user(), password + "x").url()).run("status", "--verbose");
        assertThat(wrong.err()).contains("does not let " + own.user() + " in", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p:geheim/", "geheim?#[]", "ge://heim:geheim", "a:geheim?b=c d"})
    void a_password_as_it_is_lets_in(String password) throws Exception {
        String role = role(password);
        for (String scheme : List.of("postgresql", "postgres", "postgresql+asyncpg")) {
            assertThat(on(scheme + "://" + role + ":" + password + "@" + Postgres.server() + "/postgres")
                            .succeed("current"))
                    .isEqualTo("base\n");
        }
    }

    private static String role(String password) throws Exception {
        String role = PostgresTestServer.newName();
        PostgresTestServer.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + password.replace("'", "''") + "'");
        return role;
    }

    @ParameterizedTest
    @ValueSource(strings = {"My Database", "médias ✓", "Médias", "a/b 50%", "a\"b'c", "a+b&c=d?x#y"})
    void a_database_and_a_user_of_any_name_will_do(String name) throws Exception {
        PostgresTestServer.execute("CREATE ROLE " + Postgres.quoted("U " + name) + " LOGIN PASSWORD 'geheim'");
        Postgres odd = Postgres.create(name, "U " + name, "geheim");
        assertThat(on(odd.url()).succeed("update")).contains("done: the database is at ");
        assertThat(odd.query("SELECT count(*) FROM databasechangelog")).containsExactly("3");
        on(odd.url()).succeed("rollback-count", "1");
    }

    @Test
    void variables_name_what_the_url_leaves_out() throws Exception {
        Postgres database = Postgres.create();
        Command command = Command.in(folder)
                .with("PGHOST", "localhost")
                .with("PGPORT", "" + PostgresTestServer.PORT)
                .with("PGUSER", "seedarr")
                .with("PGPASSWORD", PostgresTestServer.PASSWORD)
                .with("PGDATABASE", database.name());
        for (String url : List.of(
                "postgresql://", "postgresql:///", "postgresql:///" + database.name(), "postgresql://localhost")) {
            assertThat(command.on(url).succeed("status")).startsWith("database  " + database.shown() + "\n");
        }
        // What the URL says counts more.
        assertThat(command.with("PGDATABASE", "nothing")
                        .with("PGUSER", "nobody")
                        .with("PGPORT", "1")
                        .with("PGHOST", "nowhere.invalid")
                        .with("PGPASSWORD", "not geheim")
                        .on(database.url())
                        .succeed("current"))
                .isEqualTo("base\n");
        assertThat(command.on("postgresql://nobody:x@nowhere.invalid:1/nothing?host=localhost&port="
                                + PostgresTestServer.PORT + "&user=seedarr&password=geheim&dbname=" + database.name())
                        .succeed("status"))
                .startsWith("database  " + database.shown() + "\n");
    }

    @Test
    void a_password_file_lets_in() throws Exception {
        Postgres database = Postgres.create();
        Path file = Files.writeString(
                folder.resolve("pgpass"),
                "localhost:" + PostgresTestServer.PORT + ":" + database.name() + ":seedarr:geheim\n");
        System.setProperty("org.postgresql.pgpassfile", file.toString());
        try {
            assertThat(on("postgresql://seedarr@" + Postgres.server() + "/" + database.name())
                            .succeed("current"))
                    .isEqualTo("base\n");
        } finally {
            System.clearProperty("org.postgresql.pgpassfile");
        }
    }

    // Being away

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "update --wait 1", "update --sql"})
    void a_server_that_is_down_is_named(String args) throws Exception {
        int port = freePort();
        Command.Result result =
                on("postgresql://seedarr:geheim@localhost:" + port + "/seedarr").run(args.split(" "));
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: localhost:%s cannot be reached: Connection refused
                try: starting the server; --wait SECONDS waits for it
                """.formatted(port)));
    }

    @Test
    void a_host_that_is_not_known_is_named() {
        Command.Result result =
                on("postgresql://seedarr:geheim@nowhere.invalid/seedarr").run("status", "--verbose");
        assertThat(result.err()).startsWith("""
                error: nowhere.invalid:5432 cannot be reached: unknown host
                try: starting the server; --wait SECONDS waits for it
                """);
    }

    @Test
    void a_server_that_starts_later_is_waited_for() throws Exception {
        int port = freePort();
        var server = CompletableFuture.supplyAsync(
                () -> PostgresTestServer.start(port), CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS));
        try {
            Command later = on("postgresql://postgres:geheim@localhost:" + port + "/postgres");
            assertThat(later.succeed("update", "--wait", "50")).contains("done: the database is at ");
            later.succeed("status", "--check");
        } finally {
            server.join().close();
        }
    }
}
