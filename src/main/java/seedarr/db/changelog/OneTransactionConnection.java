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

    private Savepoint lastCommit;

    OneTransactionConnection(Connection connection) throws SQLException {
        super(connection);
        lastCommit = connection.setSavepoint();
    }

    @Override
    public void commit() throws DatabaseException {
        try {
            releaseSavepoint(lastCommit);
            lastCommit = setSavepoint();
        } catch (DatabaseException e) {
            if (!(e.getCause() instanceof SQLException sql && "25P02".equals(sql.getSQLState()))) {
                throw e;
            }
            // 25P02 is in_failed_sql_transaction: after a statement that failed, PostgreSQL's COMMIT is a rollback.
            rollback();
        }
    }

    @Override
    public void rollback() throws DatabaseException {
        rollback(lastCommit);
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
