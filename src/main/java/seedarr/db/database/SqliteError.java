package seedarr.db.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import seedarr.db.Refusal;

/** Turns what SQLite and the file system report into sentences. */
public final class SqliteError {

    static final String OTHER_URL = "a URL that names Seedarr's database";

    private SqliteError() {}

    /** Returns what is wrong with a database file and what to do; that it was stopped, where the program was. */
    public static Refusal explain(SQLException error, Path file) {
        return (Session.isStopping() ? Session.stopped() : reason(error, file)).because(error);
    }

    private static Refusal reason(SQLException error, Path file) {
        String message = message(error);
        return switch (primary(error)) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                Refusal.failed(file + " is locked by another program", "again when Seedarr is stopped or idle");
            case SQLITE_NOTADB -> notADatabase(file, OTHER_URL);
            case SQLITE_CORRUPT ->
                Refusal.failed(
                        file + " is damaged (" + message + ")",
                        "seedarr-db restore FILE, with a backup; or what the sqlite3 shell's .recover can save");
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> notWritable(file);
            case SQLITE_FULL -> Refusal.failed("the disk of " + file + " is full", "again with more room");
            case SQLITE_IOERR ->
                Refusal.failed("reading or writing " + file + " failed (" + message + ")", "a look at the disk");
            default -> Refusal.failed(message, remedy(message));
        };
    }

    private static String remedy(String message) {
        if (message.startsWith("error in ")) {
            return "changing what it names so that it does without, then the same command again";
        }
        return message.endsWith(" already exists") || message.startsWith("duplicate column name: ")
                ? "seedarr-db adopt --finish, if the application made it"
                : "mending what it names, then the same command again";
    }

    /** Returns the primary code of an extended one (sqlite.org/rescode.html). */
    public static SQLiteErrorCode primary(SQLException error) {
        return error instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    static Refusal stillLocked(Path file, Duration waited) {
        long seconds = Math.round(waited.toMillis() / 1000.0);
        return Refusal.failed(
                file + " is locked by another program" + (seconds > 0 ? ", still after " + seconds + " s" : ""),
                "again when Seedarr is stopped or idle; --lock-timeout SECONDS waits longer");
    }

    /** Returns the refusal of a database that another program has open, after a time of waiting for it. */
    public static Refusal inUse(Path file, Duration waited) {
        return Refusal.failed(stillLocked(file, waited).getMessage(), "stopping Seedarr, then the same command again");
    }

    /** Returns the refusal of a file that is something else. */
    public static Refusal notADatabase(Path file, String remedy) {
        return Refusal.failed(file + " is not a SQLite database", remedy);
    }

    /** Returns the refusal of a file that this user cannot change. */
    public static Refusal notWritable(Path file) {
        try {
            if (Files.getFileStore(file).isReadOnly()) {
                return Refusal.failed(file + " lies on a read-only file system", "a URL that names a file elsewhere");
            }
        } catch (IOException e) {
            // Then the permissions have to do as the reason.
        }
        return Refusal.failed(
                file + " or its folder cannot be written by this user",
                "the user that Seedarr runs as; SQLite keeps its journal beside the file");
    }

    /** The driver wraps SQLite's own words: {@code [SQLITE_ERROR] SQL error or missing database (no such table: x)}. */
    public static String message(SQLException error) {
        return String.valueOf(error.getMessage())
                .replaceFirst("(?s)^\\[SQLITE_\\w+] [^(]*\\((.*)\\)$", "$1")
                .replaceAll("\\s+", " ");
    }

    /** Returns why the file system would not do something. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is in the way";
        }
        return e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason().toLowerCase(Locale.ROOT)
                : String.valueOf(e.getMessage());
    }

    /** Returns a number of bytes for people, in the unit that fits. */
    public static String size(long bytes) {
        String[] units = {" kB", " MB", " GB"};
        int unit = bytes < 1_000_000 ? 0 : bytes < 1_000_000_000 ? 1 : 2;
        return String.format(Locale.ROOT, "%.1f", bytes / Math.pow(1000, unit + 1)) + units[unit];
    }
}
