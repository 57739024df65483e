package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import liquibase.Scope;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.Executor;
import liquibase.executor.ExecutorService;
import liquibase.statement.core.CreateDatabaseChangeLogLockTableStatement;
import liquibase.statement.core.InitializeDatabaseChangeLogLockTableStatement;
import seedarr.db.state.Catalogue;

/**
 * The lock that a stock Liquibase takes for as long as it runs, and leaves behind when it is killed. Liquibase's own lock
 * service is not used: it looks the name of this host up, and commits the lock.
 *
 * @param holder the host that took it
 * @param since when, as that Liquibase wrote it
 */
public record LockRow(String holder, String since) {

    private static final String ROW = "SELECT LOCKED, LOCKEDBY, LOCKGRANTED FROM DATABASECHANGELOGLOCK WHERE ID = 1";

    /** Returns the lock where it is held. */
    static Optional<LockRow> read(Connection connection) throws SQLException {
        return hasTable(connection) ? read(connection, ROW) : Optional.empty();
    }

    /**
     * Returns the lock where it is held. Where it is not, a stock Liquibase waits until this transaction ends: on PostgreSQL
     * for the row, which is made if need be; on SQLite for the whole file, in which nothing is written before the backup.
     */
    static Optional<LockRow> readAndHold(Database database, Connection connection)
            throws SQLException, DatabaseException {
        if (database.getShortName().equals("sqlite")) {
            return read(connection);
        }
        makeTable(database, connection);
        Optional<LockRow> held = read(connection, ROW + " FOR UPDATE");
        // Liquibase's next rollback returns to here, and would give back a row lock that is younger.
        database.commit();
        return held;
    }

    /** Makes the table and its row where they are missing, as Liquibase does. */
    static void makeTable(Database database, Connection connection) throws SQLException, DatabaseException {
        Executor executor =
                Scope.getCurrentScope().getSingleton(ExecutorService.class).getExecutor("jdbc", database);
        if (!hasTable(connection)) {
            executor.execute(new CreateDatabaseChangeLogLockTableStatement());
        }
        if (!hasRow(connection)) {
            executor.execute(new InitializeDatabaseChangeLogLockTableStatement());
            database.commit();
        }
    }

    private static boolean hasRow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(ROW)) {
            return result.next();
        }
    }

    /** Frees the lock. */
    static void release(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE DATABASECHANGELOGLOCK SET LOCKED = FALSE, LOCKGRANTED = NULL, LOCKEDBY = NULL"
                    + " WHERE ID = 1");
        }
    }

    private static boolean hasTable(Connection connection) throws SQLException {
        return Catalogue.hasTable(connection, "DATABASECHANGELOGLOCK");
    }

    private static Optional<LockRow> read(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() && result.getBoolean(1)
                    ? Optional.of(new LockRow(
                            Optional.ofNullable(result.getString(2)).orElse("an unknown host"),
                            Optional.ofNullable(result.getString(3)).orElse("an unknown time")))
                    : Optional.empty();
        }
    }
}
