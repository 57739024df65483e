package seedarr.db.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.core.DB;
import seedarr.db.Refusal;
import seedarr.db.database.NewFile;
import seedarr.db.database.PrivateCopy;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteError;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.StrayLog;
import seedarr.db.database.Waiting;

/**
 * Puts a copy in the place of a database, in one transaction of SQLite's own: whoever opens it sees the old or the new
 * one, also after a kill. What is there may be damaged.
 *
 * @param waiting how long to wait until nobody else has the database open
 * @param look says what the database is at, or that it is damaged, before anything changes, with everybody else locked
 *     out; what it throws stops the restore
 * @param withBackup whether what is there is backed up
 */
public record Restore(
        SqliteFile target,
        Waiting waiting,
        Function<Connection, String> look,
        boolean withBackup,
        Backup.Progress progress) {

    private static final String LEFT_TO_SQLITE = "SQLite puts back what was there when it is opened next";

    /**
     * Overwrites the database with a copy, whole or not at all.
     *
     * @throws Refusal when the copy is damaged, the database in use, or there is no room; then nothing was changed, unless
     *     it says how the database stands
     */
    public void from(SqliteFile copy) {
        try {
            if (Files.exists(target.file()) && Files.isSameFile(target.file(), copy.file())) {
                throw Refusal.usage(copy.file() + " is the database itself", "a backup of it");
            }
            try (PrivateCopy made = copy.hasJournal() ? PrivateCopy.of(copy.file()) : null) {
                from(made == null ? copy : made.recovered(waiting), copy.file());
            }
        } catch (IOException e) {
            throw SqliteError.failed(
                    copy.file() + " could not be restored",
                    e,
                    "room in " + System.getProperty("java.io.tmpdir") + ", or another backup");
        }
    }

    /** Messages name the original, and a new file gets its permissions. The whole has no log beside it. */
    private void from(SqliteFile whole, Path original) throws IOException {
        try (Session reading = whole.read(waiting)) {
            Damage.in(reading.connection(), "integrity_check").ifPresent(damage -> {
                throw Refusal.failed(original + " is damaged: " + damage, "another backup");
            });
        } catch (SQLException e) {
            throw SqliteFile.of(original).explain(e);
        }
        Map<Path, Path> moved = StrayLog.moveAway(target.file());
        boolean isDone = false;
        NewFile made = null;
        try {
            made = new NewFile(target.file(), Optional.of(original));
            target.refuseUnlessWritable();
            try (FileChannel file = FileChannel.open(target.file());
                    FileChannel copy = FileChannel.open(whole.file())) {
                Content wanted = new Content(copy);
                // To read one that is marked as having a log, SQLite would make it.
                String uri = SqliteFile.uri(whole.file()) + (wanted.hasLog() ? "?mode=ro&immutable=1" : "?mode=ro");
                overwrite(new Content(file), wanted, uri);
            }
            moved.forEach(progress::moved);
            isDone = true;
        } catch (SQLException e) {
            throw target.explain(e);
        } finally {
            if (made != null) {
                made.afterClose(isDone);
            }
            if (!isDone) {
                StrayLog.moveBack(target.file(), moved);
            }
        }
    }

    /**
     * Opens the database, which may be damaged, and keeps everybody out until the session is closed. No transaction is
     * begun. It never waits inside SQLite: whoever waits for this lock there holds a shared one, and two would wait for
     * each other.
     *
     * @throws SQLException with SQLITE_BUSY when others still have it open then
     * @throws Refusal when the program was told to stop
     */
    private Session exclusive() throws SQLException {
        while (true) {
            Session session = new Session(SqliteFile.connect(target.file()));
            try {
                // A file that is shorter than it says can be locked and copied all the same.
                session.execute("PRAGMA writable_schema = ON");
                session.execute("PRAGMA locking_mode = EXCLUSIVE");
                session.execute("BEGIN EXCLUSIVE");
                // Not to be committed: it has made an empty file one page long.
                session.execute("ROLLBACK");
                return session;
            } catch (SQLException e) {
                session.close();
                Session.refuseIfStopping();
                boolean isBusy = SqliteError.primary(e) == SQLiteErrorCode.SQLITE_BUSY;
                if (!isBusy || !waiting.pause(Duration.ofMillis(50))) {
                    throw e;
                }
            }
        }
    }

    private void overwrite(Content now, Content wanted, String copy) throws SQLException, IOException {
        Optional<Path> backup = Optional.empty();
        boolean[] isDone = {false};
        try (Session session = exclusive().writing(() -> {})) {
            SQLiteConnection connection = (SQLiteConnection) session.connection();
            Backup.removeRemains(target);
            // Of a log that nobody uses any more: SQLite takes it away only where it has used it.
            Path.of(target.file() + "-shm").toFile().delete();
            String revision = look.apply(connection);
            // To look may have begun a transaction, in which nothing could be overwritten.
            connection.setAutoCommit(true);
            if (withBackup) {
                backup = Backup.of(session, connection, target.file(), revision, progress);
            }
            boolean hasLog = Session.ask(connection, "PRAGMA journal_mode").equals("wal");
            try {
                if (hasLog) {
                    // The file is not all that there is to compare, and pages of another size cannot be written.
                    Session.ask(connection, "PRAGMA journal_mode = DELETE");
                    // SQLite reports success even where the header could not be written.
                    if (now.hasLog()) {
                        throw notOverwritten();
                    }
                }
                session.commitBy(() -> isDone[0] = write(connection, copy, now, wanted));
            } finally {
                tidy(connection, now, hasLog);
            }
        } catch (Refusal refusal) {
            throw recovers() ? refusal : refusal.leaving(LEFT_TO_SQLITE);
        }
        if (!isDone[0]) {
            recovers();
            throw notOverwritten()
                    .leaving(backup.map(kept -> kept + " is what was there").orElse(LEFT_TO_SQLITE));
        }
    }

    /**
     * Overwrites the file in one transaction.
     *
     * @return whether the file is what the copy is; nobody knows what it is where it is not
     * @throws Refusal when the file is what it was
     */
    private boolean write(SQLiteConnection connection, String copy, Content now, Content wanted) throws SQLException {
        try {
            long size = now.channel().size();
            var header = now.bytes(0, Content.HEADER);
            long pageSize = Long.parseLong(Session.ask(connection, "PRAGMA page_size"));
            boolean[] isCommitted = {false};
            progress.started("overwriting");
            DB.ProgressObserver observer = (left, total) -> {
                // The driver tells that nothing is left only after the commit.
                isCommitted[0] = left == 0;
                progress.copied((total - left) * pageSize, total * pageSize);
            };
            // What it returns is the state of the copy, not of the file.
            connection.getDatabase().restore("main", copy, observer, 0, 0, Backup.PAGES_AT_A_TIME);
            if (isCommitted[0] && now.isSameAs(wanted)) {
                return true;
            }
            if (now.channel().size() == size
                    && now.bytes(0, Content.HEADER).equals(header)
                    && StrayLog.pagesIn(Path.of(target.file() + "-journal")) < 0) {
                throw notOverwritten();
            }
        } catch (IOException e) {
            // Then nobody knows.
        }
        return false;
    }

    /** Leaves a log where there was one, and no journal that has nothing to put back. */
    private void tidy(SQLiteConnection connection, Content now, boolean hadLog) {
        try {
            if (hadLog && !now.hasLog()) {
                Session.ask(connection, "PRAGMA journal_mode = WAL");
            }
        } catch (SQLException | IOException e) {
            // The database is the old or the new one all the same.
        }
        try {
            // SQLite does so as well, but not after every error. Only with the lock: another's begins like a spent one.
            Path journal = Path.of(target.file() + "-journal");
            if (StrayLog.pagesIn(journal) < 0) {
                journal.toFile().delete();
            }
        } catch (Refusal e) {
            // Then SQLite looks at it.
        }
    }

    /** Lets SQLite put back what was there after a failure. */
    private boolean recovers() {
        try {
            target.recover(Waiting.atMost(Duration.ZERO));
            return true;
        } catch (Refusal refusal) {
            return false;
        }
    }

    private Refusal notOverwritten() {
        return Refusal.failed(
                target.file() + " could not be overwritten; what was there, " + Backup.room(target.file())
                        + ", has to be kept beside it meanwhile",
                "more room, or a look at the disk, then the same command again");
    }
}
