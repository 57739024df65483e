package seedarr.db.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sqlite.SQLiteConnection;
import seedarr.db.Refusal;

/** An open database, in one transaction from here to {@link #commit()} or {@link #close()}. */
public final class Session implements AutoCloseable {

    /** What lies beside the database because of a session, and stays only when it commits. */
    public interface Companion {

        /** Called before the commit: what has to be durable before the change is. */
        default void beforeCommit() throws SQLException {}

        /** Called after the rollback, with the connection still open. */
        default void beforeClose(Session session) throws SQLException {}

        /** Called without a commit, with the connection closed. */
        default void afterClose() {}

        /** Called with the connection closed, with or without a commit. */
        default void afterEnd() {}
    }

    /** Something to do with the database. */
    public interface Step {
        void run() throws SQLException;
    }

    private static final Duration POLL = Duration.ofMillis(20);

    /** Sessions that hold a lock and may have changed something. */
    private static final Set<Session> WRITING = ConcurrentHashMap.newKeySet();

    private static volatile boolean stopping;
    private static volatile boolean anyCommitted;

    private final Connection connection;
    private final List<Companion> companions = new CopyOnWriteArrayList<>();
    private Step cancellation;
    private volatile boolean isEnding;
    private volatile boolean isCommitting;
    private boolean committed;

    /** Makes a session of a connection, which it closes when it ends. */
    public Session(Connection connection) {
        this.connection = connection;
    }

    /** Adds what stays only when this session commits. */
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
        this.cancellation = cancellation;
        WRITING.add(this);
        if (stopping) {
            close();
            throw stopped();
        }
        return this;
    }

    /** Makes the changes durable. When this throws, they are not. */
    public void commit() throws SQLException {
        // Not Connection.commit(): sqlite-jdbc would begin the next transaction at once and wait for its lock.
        commitBy(() -> connection.setAutoCommit(true));
    }

    /**
     * Makes a change that is whole or not at all. It is not cancelled once it was begun.
     *
     * @throws SQLException when a companion or the change throws it; then all is as before
     * @throws Refusal when the program was told to stop before; then all is as before
     */
    public void commitBy(Step change) throws SQLException {
        isEnding = true;
        if (stopping) {
            throw stopped();
        }
        for (Companion companion : companions) {
            companion.beforeCommit();
        }
        isCommitting = true;
        change.run();
        committed = true;
        anyCommitted = true;
    }

    /** Ends the session; without a commit, all is as before. */
    @Override
    public void close() {
        isEnding = true;
        try (connection) {
            if (!committed) {
                if (!connection.getAutoCommit()) {
                    rollBack();
                }
                for (Companion companion : companions) {
                    companion.beforeClose(this);
                }
            }
        } catch (SQLException e) {
            // What a companion could not take away stays.
        }
        if (!committed) {
            companions.forEach(Companion::afterClose);
        }
        companions.forEach(Companion::afterEnd);
        WRITING.remove(this);
    }

    private void rollBack() {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            // After some errors SQLite has done it already; the connection's end does it in any case.
        }
    }

    /** Refuses to begin anything that writes, once the program was told to stop. */
    public static void refuseIfStopping() {
        if (stopping) {
            throw stopped();
        }
    }

    /** Returns whether the program was told to stop. */
    public static boolean isStopping() {
        return stopping;
    }

    /** Returns the refusal of a command that a signal has stopped. */
    public static Refusal stopped() {
        return Refusal.failed("stopped by a signal", "the same command again");
    }

    /**
     * Stops every session that writes, so that it ends in a rollback: no commit is begun from now on, and what runs is
     * cancelled. Returns when they have ended, or after a while: then a killed one is what is left, which is as safe.
     */
    public static void stopAll(Duration atMost) {
        stopping = true;
        Deadline deadline = Deadline.in(atMost);
        try {
            while (!WRITING.isEmpty() && !deadline.isOver()) {
                for (Session session : WRITING) {
                    session.cancel();
                }
                Thread.sleep(POLL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how the database stands when the process ends now. */
    public static String standing() {
        if (WRITING.stream()
                .anyMatch(session -> session.isCommitting && session.connection instanceof SQLiteConnection)) {
            return "the database is what it was, or what it was to be, once SQLite opens it: leave its journal beside it";
        }
        if (WRITING.stream().anyMatch(session -> session.connection instanceof SQLiteConnection)) {
            return "SQLite puts back what was there when the database is opened next: leave its journal beside it";
        }
        if (!WRITING.isEmpty()) {
            return "the server rolls back what was not committed";
        }
        return anyCommitted ? "what was done stays done" : "nothing was changed";
    }

    private void cancel() {
        try {
            if (!isEnding) {
                cancellation.run();
            }
        } catch (SQLException e) {
            // It is closing already.
        }
    }

    /** Runs a statement outside of the driver's own bookkeeping of transactions. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
