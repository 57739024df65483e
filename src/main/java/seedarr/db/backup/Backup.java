package seedarr.db.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.core.DB;
import seedarr.db.Refusal;
import seedarr.db.database.BackupFile;
import seedarr.db.database.NewFile;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteError;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Target;

/**
 * A copy of a database file, of what the transaction found. It has its name only when the change is about to be made; until
 * then, and after a kill, it is {@code ….partial-backup}, which the next command that writes takes away.
 */
public final class Backup implements Session.Companion {

    /** 4 MB of the usual pages: as fast as all at once. */
    static final int PAGES_AT_A_TIME = 1000;

    private static final String PARTIAL = ".partial-backup";

    /** Hears of what happens to files. */
    public interface Progress {

        /** Called before a step that may take long, and before a revision is applied, undone or recorded. */
        default void started(String step) {}

        /** Called while a file is copied, many times, with bytes. */
        default void copied(long done, long total) {}

        /** Called when a log or a journal that lay alone was moved. */
        default void moved(Path from, Path to) {}

        /** Called when the database was backed up; the backup is there once the command has succeeded. */
        default void backedUp(Path backup) {}
    }

    private final FileChannel original;
    private final SqliteFile database;
    private final Path partial;
    private final Path file;
    private boolean hasItsName;
    private List<BackupFile> others = List.of();

    private Backup(FileChannel original, Path database, String revision) {
        this.original = original;
        this.database = SqliteFile.of(database);
        this.partial = Path.of(database + PARTIAL);
        this.file = unused(database, revision);
    }

    /**
     * Backs a database up as the session's transaction found it, before it changes anything, and syncs the copy to disk. The
     * copy stays with the session's commit and goes without it.
     *
     * @param session keeps others from writing, after {@link #removeRemains}
     * @param source has no transaction of its own: in one that holds the lock, the driver copies nothing
     * @param revision what the database is at, for the name of the file
     * @return where it lies then; empty where there is nothing to lose
     * @throws Refusal when there is no room or no permission, or the program was told to stop; then nothing is left of it
     */
    public static Optional<Path> of(
            Session session, SQLiteConnection source, Path database, String revision, Progress progress) {
        if (!hasTables(source)) {
            return Optional.empty();
        }
        try {
            Backup backup = new Backup(FileChannel.open(database, StandardOpenOption.READ), database, revision);
            session.with(backup);
            progress.started("copying");
            Files.createFile(backup.partial, NewFile.ONLY_THIS_USER);
            // Where there is no log, the file is what the transaction found: nobody else can write, and this has not
            // yet.
            if (!Session.ask(source, "PRAGMA journal_mode").equals("wal") && backup.original.size() == size(source)) {
                backup.copyBytes(progress);
            } else {
                backup.copyPages(source, progress);
            }
            NewFile.inheritOwner(database, backup.partial);
            NewFile.inheritPermissions(database, backup.partial);
            Session.refuseIfStopping();
            progress.backedUp(backup.file);
            return Optional.of(backup.file);
        } catch (IOException | SQLException e) {
            throw e instanceof AccessDeniedException
                    ? SqliteError.notWritable(database).because(e)
                    : SqliteError.failed(
                            "no backup of " + database + ", " + room(database) + ", could be made",
                            e,
                            "mending that, or more room there; or --no-backup, where you have a backup of your own");
        }
    }

    /** Returns how large a file is, and how much room there is beside it. */
    static String room(Path file) {
        double free = file.toFile().getUsableSpace() / 1e6;
        return String.format(
                Locale.ROOT, "%.1f MB where %.1f MB are free", file.toFile().length() / 1e6, free);
    }

    /** What cannot be read may have some. */
    private static boolean hasTables(SQLiteConnection database) {
        try {
            return !Session.ask(database, "SELECT count(*) FROM sqlite_schema").equals("0");
        } catch (SQLException e) {
            return true;
        }
    }

    /** A third of the time that SQLite takes, page by page. */
    private void copyBytes(Progress progress) throws IOException {
        try (FileChannel to = FileChannel.open(partial, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long size = original.size();
            for (long done = 0; done < size; progress.copied(done, size)) {
                Session.refuseIfStopping();
                long more = original.transferTo(done, 16_000_000, to);
                if (more <= 0) {
                    throw new IOException("the copy has " + done + " bytes of " + size);
                }
                done += more;
            }
            to.force(true);
        }
    }

    private void copyPages(SQLiteConnection source, Progress progress) throws SQLException {
        long pageSize = Long.parseLong(Session.ask(source, "PRAGMA page_size"));
        DB.ProgressObserver observer = (left, total) -> progress.copied((total - left) * pageSize, total * pageSize);
        int code = source.getDatabase().backup("main", SqliteFile.uri(partial), observer, 0, 0, PAGES_AT_A_TIME);
        // The driver knows cases in which it copies nothing and reports success.
        if (code != SQLiteErrorCode.SQLITE_OK.code || partial.toFile().length() != size(source)) {
            throw new SQLException("the copy has " + partial.toFile().length() + " bytes of " + size(source) + ": "
                    + SQLiteErrorCode.getErrorCode(code).message);
        }
    }

    /** Returns how many bytes a database has, its log included. */
    private static long size(SQLiteConnection connection) throws SQLException {
        return Long.parseLong(Session.ask(connection, "PRAGMA page_count"))
                * Long.parseLong(Session.ask(connection, "PRAGMA page_size"));
    }

    /** Takes away what a killed command left. To be called with the lock, under which no other makes a backup. */
    public static void removeRemains(Target target) {
        if (target instanceof SqliteFile database) {
            Path.of(database.file() + PARTIAL).toFile().delete();
            Path.of(database.file() + PARTIAL + "-journal").toFile().delete();
        }
    }

    /** The clock may have jumped back, and two commands may need less than a second: no two have the same time. */
    private static Path unused(Path database, String revision) {
        String name = revision.replaceAll("[^\\w.-]", "_").replaceFirst("(.{100}).+", "$1");
        for (Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS); ; time = time.plusSeconds(1)) {
            String start = database.getFileName() + "." + time.toString().replaceAll("[:-]", "") + ".";
            String[] taken = database.getParent().toFile().list((folder, other) -> other.startsWith(start));
            if (taken == null || taken.length == 0) {
                return database.resolveSibling(start + name + ".bak");
            }
        }
    }

    /** Gives the copy its name, for good before the change is. */
    @Override
    public void beforeCommit() {
        try {
            others = BackupFile.of(database);
            Files.move(partial, file);
            hasItsName = true;
        } catch (IOException e) {
            throw SqliteError.failed(file + " cannot be made", e, "the same command again");
        }
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Not a file system of a kind that has this; SQLite does no more for its journal.
        }
    }

    /** Only now: to close any channel to a file drops every lock that this process has on it (POSIX). */
    @Override
    public void afterClose(boolean committed) {
        try {
            original.close();
        } catch (IOException e) {
            // It was only read.
        }
        // Whoever deleted old backups meanwhile may have counted on this one.
        if (!committed && (!hasItsName || BackupFile.of(database).containsAll(others))) {
            (hasItsName ? file : partial).toFile().delete();
            Path.of(partial + "-journal").toFile().delete();
        }
    }
}
