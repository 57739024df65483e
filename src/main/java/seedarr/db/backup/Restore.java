package seedarr.db.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;
import seedarr.db.Refusal;
import seedarr.db.database.ExclusiveAccess;
import seedarr.db.database.FileAccess;
import seedarr.db.database.NewFile;
import seedarr.db.database.Pragma;
import seedarr.db.database.PrivateCopy;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteError;
import seedarr.db.database.SqliteFile;

/**
 * Puts a copy in the place of a database, in one transaction of SQLite's own: whoever opens it sees the old or the new
 * one, also after a kill. What is there may be damaged.
 *
 * @param lockTimeout how long to wait until nobody else has the database open
 * @param look says what the database is at, before anything changes, with everybody else locked out; what it throws stops
 *     the restore
 * @param withBackup whether what is there is backed up
 */
public record Restore(
        SqliteFile target,
        Duration lockTimeout,
        Function<Connection, String> look,
        boolean withBackup,
        Backup.Progress progress) {

    private static final String DAMAGED = "damaged";

    private static final String MOVE_AWAY = "moving it away, then the same command again";

    private static final String LEFT_TO_SQLITE = "SQLite puts back what was there when it is opened next";

    /**
     * Overwrites the database with a copy, whole or not at all.
     *
     * @return the backup of what was there; empty where nothing was, or none was wanted
     * @throws Refusal when the copy is damaged, the database in use, or there is no room; then nothing was changed, unless
     *     it says how the database stands
     */
    public Optional<Backup> from(SqliteFile copy) {
        try {
            if (Files.exists(file()) && Files.isSameFile(file(), copy.file())) {
                throw Refusal.usage(copy.file() + " is the database itself", "a backup of it");
            }
            if (!copy.hasJournal()) {
                return from(copy, copy.file());
            }
            try (PrivateCopy made = PrivateCopy.of(copy.file())) {
                return from(made.recovered(lockTimeout), copy.file());
            }
        } catch (IOException e) {
            throw Refusal.failed(
                            copy.file() + " could not be restored: " + SqliteError.reason(e),
                            "room in " + System.getProperty("java.io.tmpdir") + ", or another backup")
                    .because(e);
        }
    }

    /**
     * @param whole the copy as one file, without a log beside it
     * @param original what the copy is called, and whose permissions a new file gets
     */
    private Optional<Backup> from(SqliteFile whole, Path original) throws IOException {
        try (Session reading = whole.read(lockTimeout)) {
            Optional<String> damage = Pragma.damage(reading.connection(), "integrity_check");
            if (damage.isPresent()) {
                throw Refusal.failed(original + " is damaged: " + damage.get(), "another backup");
            }
        } catch (SQLException e) {
            throw SqliteError.explain(e, original);
        }
        NewFile made = new NewFile(file());
        if (Files.notExists(file())) {
            made.make(FileAccess::createPrivate);
            FileAccess.inheritPermissions(original, file());
        }
        target.refuseUnlessWritable(MOVE_AWAY);
        try (Content now = Content.of(file());
                Content wanted = Content.of(whole.file())) {
            // To read one that is marked as having a log, SQLite would make it.
            String uri = SqliteFile.uri(whole.file()) + (wanted.hasLog() ? "?mode=ro&immutable=1" : "?mode=ro");
            return overwrite(now, wanted, uri, made);
        } catch (SQLException e) {
            throw switch (SqliteError.primary(e)) {
                case SQLITE_BUSY -> SqliteError.inUse(file(), lockTimeout).because(e);
                case SQLITE_NOTADB ->
                    SqliteError.notADatabase(file(), MOVE_AWAY).because(e);
                default -> target.explain(e);
            };
        }
    }

    private Optional<Backup> overwrite(Content now, Content wanted, String copy, NewFile made)
            throws SQLException, IOException {
        Optional<Backup> backup = Optional.empty();
        boolean[] isDone = {false};
        try (Session session = new Session(ExclusiveAccess.connect(file(), lockTimeout))
                .with(made)
                .writing(() -> {})) {
            SQLiteConnection connection = (SQLiteConnection) session.connection();
            Backup.removeRemains(file());
            // Of a log that nobody uses any more: SQLite takes it away only where it has used it.
            Path.of(file() + "-shm").toFile().delete();
            String revision = revision(connection);
            if (withBackup) {
                backup = Backup.of(session, connection, file(), revision, progress);
            }
            boolean hasLog = Pragma.ask(connection, "PRAGMA journal_mode").equals("wal");
            try {
                if (hasLog) {
                    leaveLog(connection, now);
                }
                session.commitBy(() -> isDone[0] = write(connection, copy, now, wanted));
            } finally {
                tidy(connection, now, hasLog);
            }
        } catch (Refusal refusal) {
            throw recovers() ? refusal : refusal.leaving(LEFT_TO_SQLITE);
        }
        if (isDone[0]) {
            return backup;
        }
        recovers();
        throw notOverwritten(now.size())
                .leaving(backup.map(kept -> kept.file() + " is what was there").orElse(LEFT_TO_SQLITE));
    }

    /**
     * Overwrites the file in one transaction.
     *
     * @return whether the file is what the copy is; nobody knows what it is where it is not
     * @throws Refusal when the file is what it was
     */
    private boolean write(SQLiteConnection connection, String copy, Content now, Content wanted) throws SQLException {
        try {
            long size = now.size();
            ByteBuffer header = now.header();
            DB.ProgressObserver listener = Backup.listener(connection, progress);
            boolean[] isCommitted = {false};
            DB.ProgressObserver observer = (left, total) -> {
                // The driver tells that nothing is left only after the commit.
                isCommitted[0] = left == 0;
                listener.progress(left, total);
            };
            // What it returns is the state of the copy, not of the file.
            connection.getDatabase().restore("main", copy, observer, 0, 0, Backup.PAGES_AT_A_TIME);
            if (isCommitted[0] && now.isSameAs(wanted)) {
                return true;
            }
            if (now.size() == size && now.header().equals(header) && Content.isSpent(journal())) {
                throw notOverwritten(size);
            }
        } catch (IOException e) {
            // Then nobody knows.
        }
        return false;
    }

    /** With a log, the file is not all that there is to compare, and pages of another size cannot be written. */
    private void leaveLog(SQLiteConnection connection, Content now) throws SQLException, IOException {
        Pragma.ask(connection, "PRAGMA journal_mode = DELETE");
        // SQLite reports success even where the header could not be written.
        if (now.hasLog()) {
            throw notOverwritten(now.size());
        }
    }

    /** Leaves a log where there was one, and no journal that has nothing to put back. */
    private void tidy(SQLiteConnection connection, Content now, boolean hadLog) {
        try {
            if (hadLog && !now.hasLog()) {
                Pragma.ask(connection, "PRAGMA journal_mode = WAL");
            }
        } catch (SQLException | IOException e) {
            // The database is the old or the new one all the same.
        }
        // SQLite does so as well, but not after every error. Only with the lock: another's begins like a spent one.
        if (Content.isSpent(journal())) {
            journal().toFile().delete();
        }
    }

    /** Lets SQLite put back what was there after a failure. */
    private boolean recovers() {
        try {
            target.recover(Duration.ZERO);
            return true;
        } catch (Refusal refusal) {
            return false;
        }
    }

    private Path file() {
        return target.file();
    }

    private Path journal() {
        return Path.of(file() + "-journal");
    }

    /** A damaged database has no revision that could be named. */
    private String revision(SQLiteConnection connection) throws SQLException {
        String revision = look.apply(connection);
        try {
            return Pragma.damage(connection, "quick_check").isPresent() ? DAMAGED : revision;
        } catch (SQLException e) {
            return DAMAGED;
        }
    }

    private Refusal notOverwritten(long size) throws IOException {
        long free =
                Files.getFileStore(file()).getUsableSpace() + journal().toFile().length();
        return Refusal.failed(
                file() + " could not be overwritten; what was there, " + SqliteError.size(size)
                        + ", is kept beside it for that time, where " + SqliteError.size(free) + " are free",
                "more room, or a look at the disk, then the same command again");
    }
}
