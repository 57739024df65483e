package seedarr.db.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** An open database, in one transaction from here to {@link #commit()} or {@link #close()}. */
public final class Session implements AutoCloseable {

    /** What a session takes back when it ends without a commit. */
    interface Undo {

        /** Called after the rollback, with the connection still open. */
        default void beforeClose(Session session) throws SQLException {}

        /** Called with the connection closed. */
        default void afterClose() {}
    }

    private final Connection connection;
    private final Undo undo;
    private boolean committed;

    Session(Connection connection) {
        this(connection, new Undo() {});
    }

    Session(Connection connection, Undo undo) {
        this.connection = connection;
        this.undo = undo;
    }

    /** Returns the connection. Neither commit nor close it: that is the session's business. */
    public Connection connection() {
        return connection;
    }

    /** Makes the changes durable. When this throws, they are not. */
    public void commit() throws SQLException {
        // Not Connection.commit(): sqlite-jdbc would begin the next transaction at once and wait for its lock.
        connection.setAutoCommit(true);
        committed = true;
    }

    /** Ends the session; without a commit, all is as before. */
    @Override
    public void close() {
        try (connection) {
            if (!committed) {
                execute("ROLLBACK");
                undo.beforeClose(this);
            }
        } catch (SQLException e) {
            // The transaction ends with the connection, and SQLite or the server rolls it back.
        }
        if (!committed) {
            undo.afterClose();
        }
    }

    /** Runs a statement outside of the driver's own bookkeeping of transactions. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
