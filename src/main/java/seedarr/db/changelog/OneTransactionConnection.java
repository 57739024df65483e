package seedarr.db.changelog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;

/**
 * Keeps all that Liquibase does in the one transaction that is already open: Liquibase's commits become savepoints, its
 * rollbacks return to the last of them. Whoever opened the transaction ends it.
 */
final class OneTransactionConnection extends JdbcConnection {

    /** The SQLSTATE in_failed_sql_transaction. */
    private static final String FAILED_TRANSACTION = "25P02";

    private Savepoint lastCommit;

    OneTransactionConnection(Connection connection) throws SQLException {
        super(connection);
        lastCommit = connection.setSavepoint();
    }

    @Override
    public void commit() throws DatabaseException {
        try {
            try {
                getUnderlyingConnection().releaseSavepoint(lastCommit);
            } catch (SQLException e) {
                if (!FAILED_TRANSACTION.equals(e.getSQLState())) {
                    throw e;
                }
                // After a statement that failed, PostgreSQL's COMMIT is a rollback.
                getUnderlyingConnection().rollback(lastCommit);
            }
            lastCommit = getUnderlyingConnection().setSavepoint();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    @Override
    public void rollback() throws DatabaseException {
        try {
            getUnderlyingConnection().rollback(lastCommit);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    @Override
    public boolean getAutoCommit() {
        return false;
    }

    @Override
    public void setAutoCommit(boolean autoCommit) {
        // The transaction stays open.
    }

    @Override
    public void close() {
        // The session closes it.
    }
}
