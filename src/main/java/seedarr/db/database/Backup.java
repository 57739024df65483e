package seedarr.db.database;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.core.DB;
import seedarr.db.Refusal;

/**
 * A copy of a database file, made while nobody else can write it, of what the transaction found. It has its name only
 * when the change is about to be made; until then, and after a kill, it is {@code ….partial-backup}, which the next command
 * that writes takes away.
 */
public final class Backup implements Session.Companion {

    /** 4 MB of the usual pages: as fast as all at once. */
    static final int PAGES_AT_A_TIME = 1000;

    private static final long BYTES_AT_A_TIME = 16_000_000;

    private static final int LONGEST_REVISION = 100;

    /** Hears how much of the copy is done, many times. */
    public interface Progress {
        void copied(long done, long total);
    }

    private final Path partial;
    private final Path file;
    private final String revision;
    private FileChannel original;
    private boolean hasItsName;

    private Backup(Path partial, Path file, String revision) {
        this.partial = partial;
        this.file = file;
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
     * Copies a database, the content of its write-ahead log included, and syncs the copy to disk.
     *
     * @param session what keeps others from writing, and the copy only with its commit
     * @param source a connection to the database that has no transaction of its own
     * @param revision what it is at
     * @throws Refusal when there is no room or no permission; then nothing is left of the copy
     */
    static Backup of(Session session, SQLiteConnection source, Path database, String revision, Progress progress) {
        Backup backup = new Backup(partial(database), unused(database, revision), revision);
        try {
            FileAccess.createPrivate(backup.partial);
            session.with(backup);
            Object made = fileKey(backup.partial);
            if (isAllInOneFile(source, database)) {
                backup.copyBytes(database, progress);
            } else {
                copy(source, backup.partial, (done, total) -> {
                    progress.copied(done, total);
                    if (Session.isStopping()) {
                        stopCopying(session, source);
                    }
                });
            }
            if (!made.equals(fileKey(backup.partial))) {
                throw new IOException("another file was put in the place of " + backup.partial);
            }
            FileAccess.copy(database, backup.partial);
            return backup;
        } catch (IOException | SQLException e) {
            backup.afterClose();
            throw failed(source, database, e).because(e);
        }
    }

    /**
     * Tells whether the file holds what the transaction found, byte for byte: there is no write-ahead log, nobody else can
     * write, and the session has not yet. Windows lets nobody read what SQLite has locked.
     */
    private static boolean isAllInOneFile(SQLiteConnection source, Path database) throws SQLException, IOException {
        try (Statement statement = source.createStatement();
                ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
            return File.separatorChar == '/'
                    && !mode.getString(1).equals("wal")
                    && Files.size(database) == size(source);
        }
    }

    /** Copies the file: a third of the time that SQLite takes, page by page. */
    private void copyBytes(Path database, Progress progress) throws IOException {
        original = FileChannel.open(database, StandardOpenOption.READ);
        try (FileChannel copy = FileChannel.open(partial, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long size = original.size();
            for (long done = 0; done < size; progress.copied(done, size)) {
                if (Session.isStopping()) {
                    throw new IOException("stopped");
                }
                long more = original.transferTo(done, BYTES_AT_A_TIME, copy);
                if (more <= 0) {
                    throw new IOException("the copy has " + done + " bytes of " + size);
                }
                done += more;
            }
            copy.force(true);
        }
    }

    /** Only now: to close any channel to a file drops every lock that this process has on it (POSIX). */
    @Override
    public void afterEnd() {
        try {
            if (original != null) {
                original.close();
            }
        } catch (IOException e) {
            // It was only read.
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }

    /** SQLite copies no further from a connection that has a transaction in which it may write. */
    private static void stopCopying(Session session, SQLiteConnection source) {
        try {
            if (source != session.connection()) {
                session.execute("ROLLBACK");
            }
        } catch (SQLException e) {
            // It was asked before.
        }
        try {
            source.getDatabase()._exec("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            // It was asked before, or another process has the lock; then after the next pages.
        }
    }

    /**
     * Copies a database into an empty file.
     *
     * @throws SQLException with SQLite's code when the copy is not whole
     */
    static void copy(SQLiteConnection source, Path copy, Progress progress) throws SQLException {
        int code = source.getDatabase()
                .backup("main", SqliteFile.uri(copy), listener(source, progress), 0, 0, PAGES_AT_A_TIME);
        if (code != SQLiteErrorCode.SQLITE_OK.code) {
            throw new SQLiteException(SQLiteErrorCode.getErrorCode(code).message, SQLiteErrorCode.getErrorCode(code));
        }
        long size = size(source);
        if (copy.toFile().length() != size) {
            // The driver knows cases in which it copies nothing and reports success.
            throw new SQLException("the copy has " + copy.toFile().length() + " bytes of " + size);
        }
    }

    static DB.ProgressObserver listener(SQLiteConnection source, Progress progress) throws SQLException {
        int pageSize = number(source, "PRAGMA page_size");
        return (left, total) -> progress.copied((long) (total - left) * pageSize, (long) total * pageSize);
    }

    private static long size(SQLiteConnection source) throws SQLException {
        return (long) number(source, "PRAGMA page_count") * number(source, "PRAGMA page_size");
    }

    private static int number(SQLiteConnection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(pragma)) {
            return result.getInt(1);
        }
    }

    private static Refusal failed(SQLiteConnection source, Path database, Exception error) {
        if (Session.isStopping()) {
            return Session.stopped();
        }
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
            sizes = ", which takes " + size(size(source)) + " where " + size(free) + " are free,";
        } catch (SQLException | IOException e) {
            sizes = "";
        }
        boolean isFull = error instanceof SQLException sql && SqliteError.primary(sql) == SQLiteErrorCode.SQLITE_FULL;
        return Refusal.failed(
                "no backup of " + database + sizes + " could be made: " + (isFull ? "the disk is full" : reason),
                "more room there; or --no-backup, where you have a backup of your own");
    }

    static String size(long bytes) {
        String[] units = {" kB", " MB", " GB"};
        int unit = bytes < 1_000_000 ? 0 : bytes < 1_000_000_000 ? 1 : 2;
        return String.format(Locale.ROOT, "%.1f", bytes / Math.pow(1000, unit + 1)) + units[unit];
    }

    static Path partial(Path database) {
        return Path.of(database + ".partial-backup");
    }

    /** Takes away what a killed command left. To be called with the lock, under which no other makes a backup. */
    static void removePartial(Path database) {
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
        syncFolder(file);
    }

    /** As SQLite does for its journal: where a folder cannot be synced, nothing more can be done. */
    private static void syncFolder(Path file) {
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Not a file system of a kind that has this.
        }
    }

    @Override
    public void afterClose() {
        (hasItsName ? file : partial).toFile().delete();
        Path.of(partial + "-journal").toFile().delete();
    }
}
