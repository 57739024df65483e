package seedarr.db.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The PostgreSQL server of the tests: one for all of them, from Maven, started by the first that asks. A test that
 * cannot have it fails; none is skipped.
 */
final class PostgresTestServer {

    /** The role that the tests log in by, no superuser. */
    static final String USER = "seedarr";

    /** Every password of the tests has this word in it, and {@link Command} finds it in any output. */
    static final String PASSWORD = "geheim";

    static final int PORT;

    private static final EmbeddedPostgres SERVER;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    static {
        try {
            // Passwords that are cheap to check.
            SERVER = builder().setServerConfig("scram_iterations", "1").start();
            PORT = SERVER.getPort();
            askForPasswords();
            execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'");
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the PostgreSQL server of the tests does not start", e);
        }
    }

    private PostgresTestServer() {}

    /**
     * Begins a server whose databases lie in memory: each is 300 files, and a disk takes longer to make and to remove those
     * of all tests than most of the tests take.
     */
    static EmbeddedPostgres.Builder builder() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(Memory.newFolder("epg"))
                .setServerConfig("autovacuum", "off")
                // Nothing is written twice.
                .setServerConfig("wal_level", "minimal")
                .setServerConfig("max_wal_senders", "0")
                .setServerConfig("full_page_writes", "off");
    }

    private static void askForPasswords() throws IOException, SQLException {
        Path rules;
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW hba_file")) {
            result.next();
            rules = Path.of(result.getString(1));
        }
        Files.write(rules, List.of("host all postgres all trust", "host all all all scram-sha-256"));
        execute("SELECT pg_reload_conf()");
    }

    /** Connects as the superuser. */
    static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(SERVER.getJdbcUrl("postgres", database));
    }

    /** Runs SQL as the superuser, beside the databases of the tests. */
    static void execute(String sql) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns a name that no other test has. */
    static String newName() {
        return "test_" + DATABASES.incrementAndGet();
    }

    /** Starts another server, which has no password. */
    static EmbeddedPostgres start(int port) {
        try {
            return builder().setPort(port).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
