package seedarr.db.backup;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.core.DB;
import seedarr.db.Refusal;
import seedarr.db.database.FileAccess;
import seedarr.db.database.Pragma;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteError;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Target;
import seedarr.db.migrate.Progress;

/**
 * A copy of a database file, of what the transaction found. It has its name only when the change is about to be made; until
 * then, and after a kill, it is {@code ….partial-backup}, which the next command that writes takes away.
 */
public final class Backup implements Session.Companion {

    /** 4 MB of the usual pages: as fast as all at once. */
    static final int PAGES_AT_A_TIME = 1000;

    private static final long BYTES_AT_A_TIME = 16_000_000;

    private static final int LONGEST_REVISION = 100;

    /** Hears how many bytes are copied, many times. */
    public interface Progress {
        void copied(long done, long total);
    }

    private final FileChannel original;
    private final Path partial;
    private final Path file;
    private final String revision;
    private boolean hasItsName;

    private Backup(FileChannel original, Path database, String revision) {
        this.original = original;
        this.partial = partial(database);
        this.file = unused(database, revision);
        this.revision = revision;
    }

    /** Returns where the backup lies once the change is made. */
    public Path file() {
        return file;
    }

    /** Returns what the database was at. */
    public String revision() {
        return revision;
    }

    /**
     * Backs a database up as the session's transaction found it, before it changes anything, and syncs the copy to disk. The
     * copy stays with the session's commit and goes without it.
     *
     * @param revision what the database is at, for the name of the file
     * @return empty where there is nothing to lose, and for a server, whose backups are its own
     * @throws Refusal when there is no room or no permission, or the program was told to stop; then nothing is left of it
     */
    public static Optional<Backup> of(Target target, Session session, String revision, Progress progress) {
        if (!(target instanceof SqliteFile database)) {
            return Optional.empty();
        }
        // On a connection of its own: in the one that holds the lock, the driver copies nothing.
        try (SQLiteConnection source = SqliteFile.connect(
                SqliteFile.uri(database.file()) + "?mode=rw", Duration.ZERO, TransactionMode.DEFERRED)) {
            return of(session, source, database.file(), revision, progress);
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    /**
     * Backs a database up.
     *
     * @param session what keeps others from writing
     * @param source a connection to the database that has no transaction of its own
     */
    static Optional<Backup> of(
            Session session, SQLiteConnection source, Path database, String revision, Progress progress) {
        if (!hasTables(source)) {
            return Optional.empty();
        }
        try {
            Backup backup = new Backup(FileChannel.open(database, StandardOpenOption.READ), database, revision);
            session.with(backup);
            removeRemains(database);
            FileAccess.createPrivate(backup.partial);
            if (backup.isAllInOneFile(source)) {
                backup.copyBytes(progress);
            } else {
                backup.copyPages(source, progress);
            }
            FileAccess.inheritOwner(database, backup.partial);
            FileAccess.inheritPermissions(database, backup.partial);
            Session.refuseIfStopping();
            return Optional.of(backup);
        } catch (IOException | SQLException e) {
            throw failed(source, database, e).because(e);
        }
    }

    /** What cannot be read may have some. */
    private static boolean hasTables(SQLiteConnection database) {
        try {
            return !Pragma.ask(database, "SELECT count(*) FROM sqlite_schema").equals("0");
        } catch (SQLException e) {
            return true;
        }
    }

    /**
     * Tells whether the file holds what the transaction found, byte for byte: there is no write-ahead log, nobody else can
     * write, and the session has not yet. Windows lets nobody read what SQLite has locked.
     */
    private boolean isAllInOneFile(SQLiteConnection source) throws SQLException, IOException {
        return File.separatorChar == '/'
                && !Pragma.ask(source, "PRAGMA journal_mode").equals("wal")
                && original.size() == Pragma.size(source);
    }

    /** A third of the time that SQLite takes, page by page. */
    private void copyBytes(Progress progress) throws IOException {
        try (FileChannel to = FileChannel.open(partial, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long size = original.size();
            for (long done = 0; done < size; progress.copied(done, size)) {
                Session.refuseIfStopping();
                long more = original.transferTo(done, BYTES_AT_A_TIME, to);
                if (more <= 0) {
                    throw new IOException("the copy has " + done + " bytes of " + size);
                }
                done += more;
            }
            to.force(true);
        }
    }

    private void copyPages(SQLiteConnection source, Progress progress) throws SQLException {
        int code = source.getDatabase()
                .backup("main", SqliteFile.uri(partial), listener(source, progress), 0, 0, PAGES_AT_A_TIME);
        if (code != SQLiteErrorCode.SQLITE_OK.code) {
            throw new SQLiteException(SQLiteErrorCode.getErrorCode(code).message, SQLiteErrorCode.getErrorCode(code));
        }
        if (partial.toFile().length() != Pragma.size(source)) {
            // The driver knows cases in which it copies nothing and reports success.
            throw new SQLException("the copy has " + partial.toFile().length() + " bytes of " + Pragma.size(source));
        }
    }

    /** Returns what hears of pages, as the driver counts them. */
    static DB.ProgressObserver listener(SQLiteConnection connection, Progress progress) throws SQLException {
        long pageSize = Long.parseLong(Pragma.ask(connection, "PRAGMA page_size"));
        return (left, total) -> progress.copied((total - left) * pageSize, total * pageSize);
    }

    private static Refusal failed(SQLiteConnection source, Path database, Exception error) {
        if (error instanceof AccessDeniedException) {
            return SqliteError.notWritable(database);
        }
        String reason =
                error instanceof SQLException sql ? SqliteError.message(sql) : SqliteError.reason((IOException) error);
        if (error instanceof FileAlreadyExistsException) {
            return Refusal.failed("no backup of " + database + " could be made: " + reason, "removing it");
        }
        String sizes;
        try {
            long free = Files.getFileStore(database).getUsableSpace();
            sizes = ", which takes " + SqliteError.size(Pragma.size(source)) + " where " + SqliteError.size(free)
                    + " are free,";
        } catch (SQLException | IOException e) {
            sizes = "";
        }
        return Refusal.failed(
                "no backup of " + database + sizes + " could be made: " + reason,
                "more room there; or --no-backup, where you have a backup of your own");
    }

    private static Path partial(Path database) {
        return Path.of(database + ".partial-backup");
    }

    /** Takes away what a killed command left, unless another has the lock: it may be that one's. */
    public static void removeRemains(Target target) {
        if (target instanceof SqliteFile database && target.isThere() && Files.exists(partial(database.file()))) {
            try {
                Session session = target.write(Duration.ZERO);
                removeRemains(database.file());
                session.close();
            } catch (Refusal refusal) {
                // Then it waits for the next one.
            }
        }
    }

    /** To be called with the lock, under which no other makes a backup. */
    static void removeRemains(Path database) {
        for (String suffix : new String[] {"", "-journal"}) {
            Path.of(partial(database) + suffix).toFile().delete();
        }
    }

    /** The clock may have jumped back, and two commands may need less than a second. */
    private static Path unused(Path database, String revision) {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
        String name = revision.replaceAll("[^\\w.-]", "_");
        name = name.substring(0, Math.min(name.length(), LONGEST_REVISION));
        for (Instant time = Instant.now(); ; time = time.plusSeconds(1)) {
            Path file = Path.of(database + "." + format.format(time) + "." + name + ".bak");
            if (Files.notExists(file)) {
                return file;
            }
        }
    }

    /** Gives the copy its name, for good before the change is. */
    @Override
    public void beforeCommit() {
        try {
            Files.move(partial, file);
            hasItsName = true;
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be made: " + SqliteError.reason(e), "the same command again")
                    .because(e);
        }
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Not a file system of a kind that has this; SQLite does no more for its journal.
        }
    }

    /** Only now: to close any channel to a file drops every lock that this process has on it (POSIX). */
    @Override
    public void afterEnd() {
        try {
            original.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    @Override
    public void afterClose() {
        (hasItsName ? file : partial).toFile().delete();
        Path.of(partial + "-journal").toFile().delete();
    }
}
