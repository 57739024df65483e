package seedarr.db.database;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import seedarr.db.Refusal;

/** A SQLite file that nobody else has open; it may be damaged. */
public final class ExclusiveAccess {

    private static final Duration RETRY = Duration.ofMillis(50);

    private ExclusiveAccess() {}

    /**
     * Connects, and keeps everybody out until the connection is closed. No transaction is begun.
     *
     * @param lockTimeout how long to try again while others have it open. It never waits inside SQLite: whoever waits for
     *     this lock there holds a shared one, and two would wait for each other
     * @throws SQLException with SQLITE_BUSY when others still have it open then
     * @throws Refusal when the program was told to stop
     */
    public static SQLiteConnection connect(Path file, Duration lockTimeout) throws SQLException {
        Deadline deadline = Deadline.in(lockTimeout);
        while (true) {
            SQLiteConnection connection =
                    SqliteFile.connect(SqliteFile.uri(file) + "?mode=rw", Duration.ZERO, TransactionMode.DEFERRED);
            try (Statement statement = connection.createStatement()) {
                // A file that is shorter than it says can be locked and copied all the same.
                statement.execute("PRAGMA writable_schema = ON");
                statement.execute("PRAGMA locking_mode = EXCLUSIVE");
                statement.execute("BEGIN EXCLUSIVE");
                // Not to be committed: it has made an empty file one page long.
                statement.execute("ROLLBACK");
                return connection;
            } catch (SQLException e) {
                connection.close();
                Session.refuseIfStopping();
                if (SqliteError.primary(e) != SQLiteErrorCode.SQLITE_BUSY || deadline.isOver()) {
                    throw e;
                }
                Deadline.pause(RETRY);
            }
        }
    }
}
