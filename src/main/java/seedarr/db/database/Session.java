package seedarr.db.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import seedarr.db.Refusal;

/** An open database, in one transaction from here to {@link #commit()} or {@link #close()}. */
public final class Session implements AutoCloseable {

    /** What lies beside the database because of a session, and stays only when it commits. */
    public interface Companion {

        /** Called before the commit: what has to be durable before the change is. */
        default void beforeCommit() throws SQLException {}

        /** Called with the connection closed. */
        default void afterClose(boolean committed) {}
    }

    public interface Step {
        void run() throws SQLException;
    }

    /** Sessions that hold a lock and may have changed something, with what ends a statement of theirs. */
    private static final Map<Session, Step> WRITING = new ConcurrentHashMap<>();

    private static volatile boolean stopping;
    private static volatile boolean anyCommitted;

    private final Connection connection;
    private final List<Companion> companions = new ArrayList<>();
    private boolean committed;

    public Session(Connection connection) {
        this.connection = connection;
    }

    public Session with(Companion companion) {
        companions.add(companion);
        return this;
    }

    /** Returns the connection. Neither commit nor close it: that is the session's business. */
    public Connection connection() {
        return connection;
    }

    /**
     * Makes this a session that {@link #stopAll} stops.
     *
     * @param cancellation ends the statement that is running, from another thread
     * @throws Refusal when the program was told to stop; then the session is closed
     */
    public Session writing(Step cancellation) {
        WRITING.put(this, cancellation);
        if (stopping) {
            close();
        }
        refuseIfStopping();
        return this;
    }

    /** Makes the changes durable. When this throws, they are not, or it says that nobody knows. */
    public void commit() throws SQLException {
        commitBy(() -> {
            try {
                // Not Connection.commit(): sqlite-jdbc would begin the next transaction at once and wait for its lock.
                connection.setAutoCommit(true);
            } catch (SQLException e) {
                if (!String.valueOf(e.getSQLState()).matches("08.*|57P.*")) {
                    throw e;
                }
                // A server may have committed, and its answer is lost.
                throw Refusal.failed("the connection was cut during the commit", "seedarr-db status")
                        .leaving("the change is there, whole, or nothing of it is")
                        .because(e);
            }
        });
    }

    /**
     * Makes a change that is whole or not at all. It is not cancelled once it was begun. When this throws, also because the
     * program was told to stop before, all is as before.
     */
    public void commitBy(Step change) throws SQLException {
        WRITING.replace(this, () -> {});
        refuseIfStopping();
        for (Companion companion : companions) {
            companion.beforeCommit();
        }
        change.run();
        committed = true;
        anyCommitted = true;
    }

    /** Ends the session; without a commit, all is as before. */
    @Override
    public void close() {
        WRITING.replace(this, () -> {});
        try (connection) {
            if (!committed && !connection.getAutoCommit()) {
                execute("ROLLBACK");
            }
        } catch (SQLException e) {
            // After some errors SQLite has done it already; the connection's end does it in any case.
        }
        companions.forEach(companion -> companion.afterClose(committed));
        WRITING.remove(this);
    }

    /** Refuses to begin anything that writes, once the program was told to stop. */
    public static void refuseIfStopping() {
        if (stopping) {
            throw stopped();
        }
    }

    public static boolean isStopping() {
        return stopping;
    }

    public static Refusal stopped() {
        return Refusal.failed("stopped by a signal", "the same command again");
    }

    /**
     * Stops every session that writes, so that it ends in a rollback: no commit is begun from now on, and what runs is
     * cancelled. Returns when they have ended, or after a while: then a killed one is what is left, which is as safe.
     */
    public static void stopAll(Duration atMost) {
        stopping = true;
        long since = System.nanoTime();
        while (!WRITING.isEmpty() && System.nanoTime() - since < atMost.toNanos()) {
            for (Step cancellation : WRITING.values()) {
                try {
                    cancellation.run();
                } catch (SQLException e) {
                    // It is closing already.
                }
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Returns how the database stands when the process ends now. */
    public static String standing() {
        return !WRITING.isEmpty()
                ? "the database is what it was, or what it was to be, once it is opened: leave a SQLite journal beside it"
                : anyCommitted ? "what was done stays done" : "nothing was changed";
    }

    /** Returns the first value of the first row that a query has. */
    public static String ask(Connection connection, String sql) throws SQLException {
        return read(connection, sql, new ArrayList<>()).get(0);
    }

    /** Adds the first values of all rows; those that are read before an error, too. */
    public static List<String> read(Connection connection, String query, List<String> rows) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    /** Runs a statement outside of the driver's own bookkeeping of transactions. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
