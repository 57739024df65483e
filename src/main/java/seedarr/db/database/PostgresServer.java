package seedarr.db.database;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import seedarr.db.Refusal;

/** A database on a PostgreSQL server, 12 or newer. */
final class PostgresServer implements Target {

    /** Any number will do, as long as every seedarr-db takes the same. The lock is of this database only. */
    private static final long ADVISORY_LOCK = 0x5eeda44db1L;

    /**
     * Who is in the way of a statement; without one, who has this program's lock. With one, whoever has that lock is this
     * very command.
     */
    private static final String LOCK_HOLDER = """
            WITH granted AS (
              SELECT *, locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = %d AS is_own FROM pg_locks
              WHERE granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            )
            SELECT coalesce('the table ' || c.relname, 'the lock of seedarr-db') || ' is held by session ' || a.pid || ' ('
              || concat_ws(', ', nullif(a.application_name, ''), 'user ' || a.usename, a.state) || ')'
            FROM granted l JOIN pg_stat_activity a USING (pid) LEFT JOIN pg_class c ON c.oid = l.relation, lower(?) statement
            WHERE a.pid <> pg_backend_pid() AND CASE statement WHEN '' THEN l.is_own ELSE
              c.relkind IN ('r', 'p') AND c.relnamespace = quote_ident(current_schema())::regnamespace
              AND position(c.relname in statement) > 0 AND a.pid NOT IN (SELECT pid FROM granted WHERE is_own) END
            ORDER BY length(c.relname) DESC, a.xact_start LIMIT 1""".formatted(ADVISORY_LOCK);

    /** A pooler gives the session to others after a transaction: nothing is prepared in it, or set. */
    private static final String FOR_POOLERS = "jdbc:postgresql:///?prepareThreshold=0&preferQueryMode=extended"
            + "&readOnlyMode=transaction&assumeMinServerVersion=12";

    /** What the driver connects with, passwords among it. */
    final Properties properties;

    private final String host;
    private Duration wait = Duration.ZERO;
    private PostgresTransaction transaction;

    /**
     * @param properties of the JDBC driver, which adds its defaults. Without a password it looks into ~/.pgpass; an IPv6
     *     address has no brackets
     */
    PostgresServer(Properties properties) {
        properties.putIfAbsent("user", System.getProperty("user.name"));
        properties.putIfAbsent("ApplicationName", "seedarr-db");
        this.properties = Driver.parseURL(FOR_POOLERS, properties);
        host = this.properties.getProperty("PGHOST");
    }

    @Override
    public String kind() {
        return "postgresql";
    }

    @Override
    public String toString() {
        String address = host.contains(":") ? "[" + host + "]" : host;
        return "postgresql://" + properties.getProperty("user") + "@" + address + ":" + properties.getProperty("PGPORT")
                + "/" + properties.getProperty("PGDBNAME");
    }

    @Override
    public void waitForServer(Duration atMost) {
        wait = atMost;
    }

    @Override
    public Session read(Waiting waiting) {
        return begin(waiting, false);
    }

    @Override
    public Session write(Waiting waiting) {
        return begin(waiting, true);
    }

    private Session begin(Waiting waiting, boolean isWriting) {
        Connection connection = connect();
        Session session = new Session(connection);
        try {
            if (!isWriting) {
                connection.setReadOnly(true);
            }
            connection.setAutoCommit(false);
            // Zero would mean to wait for ever.
            session.execute(
                    "SET LOCAL lock_timeout = " + Math.max(1, waiting.left().toMillis()));
            refuseUnlessFit(connection);
            if (isWriting) {
                session.writing(() -> connection.unwrap(PGConnection.class).cancelQuery());
                if (Session.ask(connection, "SHOW transaction_read_only").equals("on")) {
                    throw Refusal.failed(
                            this + " takes no writes: it is a standby or set to read-only", "the primary server");
                }
                long since = System.nanoTime();
                try {
                    session.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
                } finally {
                    waiting.spend(Duration.ofNanos(System.nanoTime() - since));
                }
                transaction = PostgresTransaction.in(session, this);
                session.endingBy(transaction::commit);
            }
            return session;
        } catch (SQLException | Refusal e) {
            session.close();
            throw e instanceof SQLException error ? explain(error, "") : (Refusal) e;
        }
    }

    @Override
    public boolean isLeft() {
        return transaction != null && transaction.isLeft();
    }

    private void refuseUnlessFit(Connection connection) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < 12) {
            throw Refusal.failed("the server is PostgreSQL " + version, "a server of version 12 or newer");
        }
        String schema = connection.getSchema();
        if (schema == null) {
            throw Refusal.failed(
                    "no schema of the search_path exists in " + this, "creating the schema, or another search_path");
        }
        if (!schema.equals(schema.toLowerCase(Locale.ROOT))) {
            throw Refusal.failed(
                    "the schema " + schema + " has capital letters, which Liquibase does not find again",
                    "a schema in small letters");
        }
    }

    private Connection connect() {
        long since = System.nanoTime();
        while (true) {
            try {
                return new Driver().connect("jdbc:postgresql:///", properties);
            } catch (SQLException e) {
                // A server that starts up: nobody listens, its name is not known yet, or it says so (57P03).
                boolean isNotUpYet = "57P03".equals(e.getSQLState())
                        || e.getCause() instanceof ConnectException
                        || e.getCause() instanceof UnknownHostException;
                if (!isNotUpYet || System.nanoTime() - since >= wait.toNanos()) {
                    throw PostgresTls.reason(e, properties).orElseGet(() -> explain(e));
                }
                LockSupport.parkNanos(500_000_000);
            }
        }
    }

    @Override
    public Refusal reason(SQLException error, String statement) {
        String server = host + ":" + properties.getProperty("PGPORT");
        String message = message(error);
        return switch (String.valueOf(error.getSQLState())) {
            case "28P01", "28000", "08004", "3D000" ->
                Refusal.failed(
                        server + " does not let " + properties.getProperty("user") + " in: " + message,
                        "another user, password or database");
            case "25001", "2D000" ->
                Refusal.failed(
                        message + ": every command is one transaction",
                        "leaving it out of the revision, or the form without CONCURRENTLY");
            case "42501" -> Refusal.failed(message, "a user who owns the tables and may create in the schema");
            case "55P03", "40P01" ->
                Refusal.failed(lockHolder(statement), "again when it is done; --lock-timeout SECONDS waits longer");
            case "42701", "42710", "42P07" ->
                Refusal.failed(message, "seedarr-db adopt --finish, if the application made it");
            // PgBouncer's.
            case "08P01" ->
                Refusal.failed(
                        server + " does not let " + properties.getProperty("user") + " in: " + message,
                        message.contains("startup parameter")
                                ? "leaving it out, PGOPTIONS too; ALTER ROLE … SET does the same for a search_path"
                                : "another user, password or database");
            case "08001", "57P03" ->
                Refusal.failed(
                        server + " cannot be reached: " + message, "starting the server; --wait SECONDS waits for it");
            case "08000", "08003", "08006", "08007", "53300", "57P01", "57P02" ->
                Refusal.failed("the connection to " + server + " was cut: " + message, "the same command again");
            case "2BP01" ->
                Refusal.failed(message, "changing what it names so that it does without, then the same command again");
            default -> Refusal.failed(message, "mending what it names, then the same command again");
        };
    }

    /** Looks on a connection of its own. */
    private String lockHolder(String statement) {
        try (Session session = read(Waiting.atMost(Duration.ZERO));
                var query = session.connection().prepareStatement(LOCK_HOLDER)) {
            query.setString(1, statement);
            var result = query.executeQuery();
            return result.next() ? result.getString(1) : "another session held a lock, and is gone now";
        } catch (SQLException | Refusal e) {
            return "a lock was not to be had in time";
        }
    }

    /** Returns the first line; where something depends on what would be dropped, also what that is. */
    private static String message(SQLException error) {
        if (error.getCause() instanceof UnknownHostException) {
            return "unknown host";
        }
        Throwable said = error.getCause() instanceof IOException cause && cause.getMessage() != null ? cause : error;
        String message = String.valueOf(said.getMessage()).replaceFirst("^(ERROR|FATAL): ", "");
        return "2BP01".equals(error.getSQLState())
                ? message.replaceFirst("(?s)\\n *Hint: .*", "")
                        .replaceFirst("\n *Detail: ", ": ")
                        .replace("\n", "; ")
                : message.lines().findFirst().orElse("");
    }
}
