package seedarr.db.database;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import seedarr.db.Refusal;

/** A database on a PostgreSQL server, 12 or newer. */
final class PostgresServer implements Target {

    private static final int OLDEST = 12;

    /** Any number will do, as long as every seedarr-db takes the same. The lock is of this database only. */
    private static final long ADVISORY_LOCK = 0x5eeda44db1L;

    /** The SQLSTATE lock_not_available. */
    private static final String LOCK_TIMEOUT = "55P03";

    private static final Duration POLL = Duration.ofMillis(500);

    private final PostgresUrl url;
    private Duration wait = Duration.ZERO;

    PostgresServer(PostgresUrl url) {
        this.url = url;
    }

    @Override
    public String kind() {
        return "postgresql";
    }

    @Override
    public Optional<Duration> lockTimeout() {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return url.toString();
    }

    @Override
    public void waitForServer(Duration atMost) {
        wait = atMost;
    }

    @Override
    public Session read(Duration lockTimeout) {
        Connection connection = connect();
        try {
            connection.setReadOnly(true);
            return begin(connection, lockTimeout);
        } catch (SQLException e) {
            throw failed(connection, e);
        }
    }

    @Override
    public Session write(Duration lockTimeout) {
        Connection connection = connect();
        Session session;
        try {
            session = begin(connection, lockTimeout);
        } catch (SQLException e) {
            throw failed(connection, e);
        }
        session.writing(() -> connection.unwrap(PGConnection.class).cancelQuery());
        try (Statement statement = connection.createStatement()) {
            if (query(statement, "SHOW transaction_read_only").equals("on")) {
                session.close();
                throw Refusal.failed(
                        this + " takes no writes: it is a standby or set to read-only", "the primary server");
            }
            statement.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
            return session;
        } catch (SQLException e) {
            session.close();
            throw LOCK_TIMEOUT.equals(e.getSQLState()) ? locked("").because(e) : explain(e);
        }
    }

    private Refusal locked(String statement) {
        return Refusal.failed(lockHolder(statement), "again when it is done; --lock-timeout SECONDS waits longer");
    }

    private Session begin(Connection connection, Duration lockTimeout) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            // Zero would mean to wait for ever.
            statement.execute("SET LOCAL lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
        }
        Session session = new Session(connection);
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST) {
            session.close();
            throw Refusal.failed("the server is PostgreSQL " + version, "a server of version " + OLDEST + " or newer");
        }
        String schema = connection.getSchema();
        if (schema == null || !schema.equals(schema.toLowerCase(Locale.ROOT))) {
            session.close();
            throw schema == null
                    ? Refusal.failed(
                            "no schema of the search_path exists in " + this,
                            "creating the schema, or another search_path")
                    : Refusal.failed(
                            "the schema " + schema + " has capital letters, which Liquibase does not find again",
                            "a schema in small letters");
        }
        return session;
    }

    private Refusal failed(Connection connection, SQLException error) {
        try {
            connection.close();
        } catch (SQLException e) {
            error.addSuppressed(e);
        }
        return explain(error);
    }

    private Connection connect() {
        Deadline deadline = Deadline.in(wait);
        while (true) {
            try {
                return new Driver().connect(jdbcUrl(), properties());
            } catch (SQLException e) {
                if (!isNotUpYet(e) || deadline.isOver()) {
                    throw explain(e);
                }
                Deadline.pause(POLL);
            }
        }
    }

    /** A server that starts up: nobody listens, its name is not known yet, or it says so (57P03). */
    private static boolean isNotUpYet(SQLException error) {
        return "57P03".equals(error.getSQLState())
                || error.getCause() instanceof ConnectException
                || error.getCause() instanceof UnknownHostException;
    }

    private String jdbcUrl() {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return "jdbc:postgresql://" + host + ":" + url.port() + "/"
                + URLEncoder.encode(url.database(), StandardCharsets.UTF_8);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.putAll(url.properties());
        properties.setProperty("user", url.user());
        url.password().ifPresent(password -> properties.setProperty("password", password));
        properties.putIfAbsent("ApplicationName", "seedarr-db");
        return properties;
    }

    @Override
    public Refusal explain(SQLException error, String statement) {
        return (Session.isStopping() ? Session.stopped() : reason(error, statement)).because(error);
    }

    private Refusal reason(SQLException error, String statement) {
        String state = String.valueOf(error.getSQLState());
        String server = url.host() + ":" + url.port();
        String message = firstLine(error);
        return switch (state) {
            case "28P01", "28000", "08004" ->
                Refusal.failed(server + " does not let " + url.user() + " in: " + message, "another user or password");
            case "3D000" ->
                Refusal.failed("there is no database " + url.database() + " on " + server, "createdb, or another name");
            case "57P03" ->
                Refusal.failed(server + " is not ready: " + message, "again in a moment, or --wait SECONDS");
            case "42501" -> Refusal.failed(message, "a user who owns the tables and may create in the schema");
            case "25006" -> Refusal.failed(this + " takes no writes: " + message, "the primary server");
            case LOCK_TIMEOUT -> locked(statement);
            case "42701", "42710", "42P07" ->
                Refusal.failed(message, "seedarr-db adopt --finish, if the application made it");
            case "2BP01" ->
                Refusal.failed(
                        message + ": " + detail(error),
                        "changing what it names so that it does without, then the same command again");
            case "53300" -> Refusal.failed(server + " has no connection left", "again in a moment");
            case "08001" ->
                Refusal.failed(
                        server + " cannot be reached: " + connectReason(error, message),
                        "starting the server; --wait SECONDS waits for it");
            case "08000", "08003", "08006", "08007", "57P01", "57P02" ->
                Refusal.failed("the connection to " + server + " was cut: " + message, "the same command again");
            default -> Refusal.failed(message, "mending what it names, then the same command again");
        };
    }

    /** Where the server says which objects depend on what would be dropped. */
    private static String detail(SQLException error) {
        ServerErrorMessage server = error instanceof PSQLException e ? e.getServerErrorMessage() : null;
        return server == null || server.getDetail() == null
                ? ""
                : server.getDetail().replace("\n", "; ");
    }

    private static String connectReason(SQLException error, String message) {
        if (error.getCause() instanceof UnknownHostException) {
            return "unknown host";
        }
        if (error.getCause() instanceof SocketTimeoutException) {
            return "no answer";
        }
        return error.getCause() instanceof ConnectException ? "connection refused" : message;
    }

    /**
     * Looks for who is in the way, on a connection of its own. Whoever has this program's lock is this very command,
     * unless the lock itself was not to be had.
     *
     * @param statement what waited for a table; empty when it was this program's lock
     */
    private String lockHolder(String statement) {
        String own =
                "(l.locktype = 'advisory' AND (l.classid::bigint << 32 | l.objid::bigint) = " + ADVISORY_LOCK + ")";
        String sql =
                "SELECT coalesce('the table ' || c.relname, 'the lock of seedarr-db') || ' is held by session ' || a.pid"
                        + " || ' (' || concat_ws(', ', nullif(a.application_name, ''), 'user ' || a.usename, a.state) || ')'"
                        + " FROM pg_locks l JOIN pg_stat_activity a USING (pid) LEFT JOIN pg_class c ON c.oid = l.relation"
                        + " WHERE l.granted AND a.pid <> pg_backend_pid() AND l.database ="
                        + " (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
                        + (statement.isEmpty()
                                ? own
                                : "c.relkind IN ('r', 'p') AND c.relnamespace = quote_ident(current_schema())::regnamespace"
                                        + " AND position(c.relname in lower(?)) > 0"
                                        + " AND a.pid NOT IN (SELECT pid FROM pg_locks l WHERE l.granted AND " + own
                                        + ")")
                        + " ORDER BY length(c.relname) DESC, a.xact_start LIMIT 1";
        try (Session session = read(Duration.ZERO);
                PreparedStatement query = session.connection().prepareStatement(sql)) {
            if (!statement.isEmpty()) {
                query.setString(1, statement);
            }
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? result.getString(1) : "another session held a lock, and is gone now";
            }
        } catch (SQLException | Refusal e) {
            return "a lock was not to be had in time";
        }
    }

    private static String query(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static String firstLine(SQLException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("").replaceFirst("^(ERROR|FATAL): ", "");
    }
}
