package seedarr.db.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** An open database, in one transaction from here to {@link #commit()} or {@link #close()}. */
public final class Session implements AutoCloseable {

    private final Connection connection;
    private final Runnable undo;
    private boolean committed;

    /** @param undo what to take back when the session ends without a commit, after the transaction was rolled back */
    Session(Connection connection, Runnable undo) {
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
                rollback();
            }
        } catch (SQLException e) {
            // The transaction ends with the connection, and SQLite or the server rolls it back.
        } finally {
            if (!committed) {
                undo.run();
            }
        }
    }

    private void rollback() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        }
    }
}
