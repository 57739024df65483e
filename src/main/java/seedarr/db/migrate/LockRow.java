package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import liquibase.database.Database;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.CreateDatabaseChangeLogLockTableStatement;
import liquibase.statement.core.InitializeDatabaseChangeLogLockTableStatement;
import seedarr.db.Refusal;
import seedarr.db.database.Session;
import seedarr.db.database.Target;
import seedarr.db.database.Waiting;
import seedarr.db.sql.Rows;
import seedarr.db.state.Schema;

/**
 * The lock that a stock Liquibase takes for as long as it runs, and leaves behind when it is killed. Liquibase's own lock
 * service is not used: it looks the name of this host up, and commits the lock.
 *
 * @param holder the host that took it
 * @param since when, as that Liquibase wrote it
 */
public record LockRow(String holder, String since) {

    private static final String ROW = "SELECT LOCKED, LOCKEDBY, LOCKGRANTED FROM DATABASECHANGELOGLOCK WHERE ID = 1";

    Refusal refusal() {
        return Refusal.failed(
                "Liquibase on " + holder + " holds the changelog lock since " + since,
                "again when it is done; if it was killed, seedarr-db release-locks");
    }

    /** Frees the lock that a stock Liquibase leaves behind when it is killed, and returns who held it, if anybody. */
    public static Optional<LockRow> release(Target target, Duration lockTimeout) {
        Waiting waiting = Waiting.atMost(lockTimeout);
        target.recover(waiting);
        try {
            Optional<LockRow> held;
            try (Session reading = target.read(waiting)) {
                held = read(reading.connection());
            }
            if (held.isPresent()) {
                try (Session session = target.write(waiting)) {
                    session.execute("UPDATE DATABASECHANGELOGLOCK"
                            + " SET LOCKED = FALSE, LOCKGRANTED = NULL, LOCKEDBY = NULL WHERE ID = 1");
                    session.commit();
                }
            }
            return held;
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    static Optional<LockRow> read(Connection connection) throws SQLException {
        if (!Schema.names(connection).contains("databasechangeloglock")) {
            return Optional.empty();
        }
        return Rows.of(connection, ROW).stream()
                .filter(row -> Rows.isTrue(row.get(0)))
                .map(row -> new LockRow(
                        row.get(1) == null ? "an unknown host" : row.get(1),
                        row.get(2) == null ? "an unknown time" : row.get(2)))
                .findFirst();
    }

    /**
     * Returns the lock where it is held. Where it is not, a stock Liquibase waits until this transaction ends: on PostgreSQL
     * for the row, which is made if need be; on SQLite for the whole file, in which nothing is written before the backup.
     */
    static Optional<LockRow> readAndHold(Database database, Connection connection, Waiting waiting) throws Exception {
        if (!database.getShortName().equals("sqlite")) {
            // From here on others wait behind this command for as long as it waits itself.
            String turn = String.valueOf(waiting.turn().toMillis());
            Rows.of(connection, "SELECT set_config('lock_timeout', ?, true)", turn);
            makeTable(database, connection);
            Rows.of(connection, ROW + " FOR UPDATE");
            // Liquibase's next rollback returns to here, and would give back a row lock that is younger.
            database.commit();
        }
        return read(connection);
    }

    /** Makes the table and its row where they are missing, as Liquibase does. */
    static void makeTable(Database database, Connection connection) throws Exception {
        if (!Schema.names(connection).contains("databasechangeloglock")) {
            database.execute(new SqlStatement[] {new CreateDatabaseChangeLogLockTableStatement()}, List.of());
        }
        if (Rows.of(connection, ROW).isEmpty()) {
            database.execute(new SqlStatement[] {new InitializeDatabaseChangeLogLockTableStatement()}, List.of());
            database.commit();
        }
    }
}
