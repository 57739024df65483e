package seedarr.db.database;

import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
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
            WITH granted AS (SELECT *, locktype = 'advisory' AND objid = %d AS is_own FROM pg_locks WHERE granted)
            SELECT coalesce('the table ' || c.relname, 'the lock of seedarr-db') || ' is held by session ' || a.pid || ' ('
              || concat_ws(', ', nullif(a.application_name, ''), 'user ' || a.usename, a.state) || ')'
            FROM granted l JOIN pg_stat_activity a USING (pid) LEFT JOIN pg_class c ON c.oid = l.relation, lower(?) statement
            WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND CASE statement WHEN '' THEN l.is_own
              ELSE c.relkind IN ('r', 'p') AND c.relnamespace = quote_ident(current_schema())::regnamespace
              AND position(c.relname in statement) > 0 AND a.pid NOT IN (SELECT pid FROM granted WHERE is_own) END
            ORDER BY length(c.relname) DESC, a.xact_start LIMIT 1""".formatted(ADVISORY_LOCK & 0xffffffffL);

    /**
     * What is found in the SQLSTATE, of connections with all errors behind it; the problem, of the server %1, the user %2, the
     * sslmode %3 and the message %4; what to do.
     */
    private static final String REASONS = """
            ^28P01 -> %1$s does not let %2$s in: %4$s -> another user, password or database
            query_wait_timeout|server_login_retry|crashed -> the pooler before %1$s has no connection to it: %4$s -> the same command again
            does not support SSL -> %1$s has no TLS, which sslmode=%3$s asks for -> TLS in the server, or sslmode=prefer
            pg_hba -> %1$s lets nobody in so: %4$s -> a line in pg_hba.conf for this host, user and database, or another sslmode
            FATAL: .*certificate|fatal alert: -> %1$s does not take the certificate of sslcert: %4$s -> sslcert and sslkey with one for this user that it trusts
            CertificateExpired -> the certificate of %1$s has expired (%4$s) -> a new certificate for the server
            CertificateNotYetValid -> the certificate of %1$s is not valid yet (%4$s) -> setting the clock, or a new certificate
            CertPathBuilder -> the certificate of %1$s is not signed by one in sslrootcert -> sslrootcert with that of the authority that signed it
            SSL root cert -> no root certificate to trust %1$s by: %4$s -> sslrootcert with that of the authority that signed the server's
            hostnameverifier -> the certificate of %1$s is for another host -> the host as the certificate names it, or sslmode=verify-ca
            SSL error -> %1$s does not talk TLS in this way: %4$s -> another sslmode or sslnegotiation
            SSL cert|cert chain -> sslcert cannot be used: %4$s -> a certificate in PEM
            SSL key|rivate key|[Kk]ey ?[Mm]anager|X.509 CertificateFactory -> sslkey cannot be used: %4$s -> a key in PKCS#8, as of openssl pkcs8 -topk8 -nocrypt, that only its owner reads
            startup parameter -> %1$s does not let %2$s in: %4$s -> leaving it out, PGOPTIONS too; ALTER ROLE … SET does the same for a search_path
            ^(28000|08004|08P01|3D000) -> %1$s does not let %2$s in: %4$s -> another user, password or database
            ^(08001|57P03) -> %1$s cannot be reached: %4$s -> starting the server; --wait SECONDS waits for it
            ^(08|53300|57P0) -> the connection to %1$s was cut: %4$s -> the same command again
            ^(25001|2D000) -> %4$s: every command is one transaction -> leaving it out of the revision, or the form without CONCURRENTLY
            ^42501 -> %4$s -> a user who owns the tables and may create in the schema
            ^(42701|42710|42P07) -> %4$s -> seedarr-db adopt --finish, if the application made it
            ^2BP01 -> %4$s -> changing what it names so that it does without, then the same command again
            ^ -> %4$s -> mending what it names, then the same command again
            """;

    /** A pooler gives the session to others after a transaction: nothing is prepared in it, or set. */
    private static final String FOR_POOLERS = "jdbc:postgresql:///?prepareThreshold=0&preferQueryMode=extended"
            + "&readOnlyMode=transaction&assumeMinServerVersion=12";

    /** What the driver connects with, passwords among it. */
    final Properties properties;

    private Duration wait = Duration.ZERO;
    private Session writing;
    private String transaction;

    /**
     * @param properties of the JDBC driver, which adds its defaults. Without a password it looks into ~/.pgpass; an IPv6
     *     address has no brackets
     */
    PostgresServer(Properties properties) {
        properties.putIfAbsent("user", System.getProperty("user.name"));
        properties.putIfAbsent("ApplicationName", "seedarr-db");
        this.properties = Driver.parseURL(FOR_POOLERS, properties);
    }

    @Override
    public String toString() {
        String host = properties.getProperty("PGHOST").replaceFirst("(.*:.*)", "[$1]");
        return "postgresql://" + properties.getProperty("user") + "@" + host + ":" + properties.getProperty("PGPORT")
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
            connection.setReadOnly(!isWriting);
            connection.setAutoCommit(false);
            // Or the history would be that of before the wait for the lock.
            session.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
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
                session.execute("SAVEPOINT seedarr_db");
                transaction = Session.ask(connection, "SELECT txid_current()");
                writing = session;
            }
            return session;
        } catch (SQLException | Refusal e) {
            session.close();
            throw e instanceof SQLException error ? explain(error, "") : (Refusal) e;
        }
    }

    /** Of a transaction that failed, all is undone for the answer. */
    @Override
    public boolean isLeft() {
        if (writing == null) {
            return false;
        }
        Connection connection = writing.connection();
        try {
            if (connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
                writing.execute("ROLLBACK TO SAVEPOINT seedarr_db");
            }
            return !Session.ask(connection, "SELECT txid_current()").equals(transaction);
        } catch (SQLException e) {
            // Another transaction has no such savepoint. Where the connection is gone, the server undoes this one.
            return "3B001".equals(e.getSQLState());
        }
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
                // A server that starts up: its name is not known yet, nobody listens (both 08001), or it says so.
                if (!"08001, 57P03".contains(String.valueOf(e.getSQLState()))
                        || System.nanoTime() - since >= wait.toNanos()) {
                    throw explain(e);
                }
                LockSupport.parkNanos(500_000_000);
            }
        }
    }

    @Override
    public Refusal reason(SQLException error, String statement) {
        if (Waiting.isForLock(error)) {
            return Refusal.failed(lockHolder(statement), "again when it is done; --lock-timeout SECONDS waits longer");
        }
        String state = String.valueOf(error.getSQLState());
        StringBuilder text = new StringBuilder(state);
        Throwable last = error;
        for (Throwable cause = state.matches("(08|28).*") ? error : null; cause != null; cause = cause.getCause()) {
            text.append('\n').append(cause);
            last = cause.getMessage() == null ? last : cause;
        }
        String server = properties.getProperty("PGHOST") + ":" + properties.getProperty("PGPORT");
        String user = properties.getProperty("user");
        String mode = properties.getProperty("sslmode", "prefer");
        String message = message(last, state);
        return REASONS.lines()
                .map(line -> line.split(" -> "))
                .filter(row -> Pattern.compile(row[0]).matcher(text).find())
                .findFirst()
                .map(row -> Refusal.failed(row[1].formatted(server, user, mode, message), row[2]))
                .orElseThrow();
    }

    /** Returns the first line; where something depends on what would be dropped, also what that is. */
    private static String message(Throwable error, String state) {
        if (error instanceof UnknownHostException) {
            return "unknown host";
        }
        String message = String.valueOf(error.getMessage()).replaceFirst("^(ERROR|FATAL): ", "");
        return state.equals("2BP01")
                ? message.replaceFirst("(?s)\\n *Hint: .*", "")
                        .replaceFirst("\n *Detail: ", ": ")
                        .replace("\n", "; ")
                : message.lines().findFirst().orElse("");
    }

    /** Looks without the locks that this command has: behind a pooler, there may be no other connection to look on. */
    private String lockHolder(String statement) {
        try {
            boolean isOpen = writing != null && !writing.connection().isClosed();
            try (Session own = isOpen ? null : read(Waiting.atMost(Duration.ZERO));
                    var query = (isOpen ? writing : own).connection().prepareStatement(LOCK_HOLDER)) {
                if (isOpen) {
                    writing.execute("ROLLBACK TO SAVEPOINT seedarr_db");
                }
                query.setString(1, statement);
                var result = query.executeQuery();
                result.next();
                return result.getString(1);
            }
        } catch (SQLException | Refusal e) {
            return "another session held a lock";
        }
    }
}
