package seedarr.db.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import seedarr.db.Refusal;

/** Turns what SQLite and the file system report into sentences. */
public final class SqliteError {

    private SqliteError() {}

    /** Returns what is wrong with a database file and what to do. */
    public static Refusal reason(SQLException error, Path file) {
        String message = message(error);
        return switch (primary(error)) {
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT ->
                Refusal.failed(
                        file + " is locked by another program" + share(file),
                        "stopping Seedarr, then the same command again");
            case SQLITE_NOTADB -> notADatabase(file);
            case SQLITE_CORRUPT -> Refusal.failed(file + " is damaged (" + message + ")", remedyOfDamage(file));
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> notWritable(file);
            case SQLITE_IOERR, SQLITE_FULL ->
                Refusal.failed("reading or writing " + file + " failed (" + message + ")", "a look at the disk");
            default ->
                Refusal.failed(
                        message,
                        message.matches("duplicate column name: .*|.* already exists")
                                ? "seedarr-db adopt --finish, if the application made it"
                                : message.startsWith("error in ")
                                        ? "changing what it names so that it does without, then the same command again"
                                        : "mending what it names, then the same command again");
        };
    }

    /** Returns the primary code of an extended one (sqlite.org/rescode.html). */
    public static SQLiteErrorCode primary(SQLException error) {
        return error instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    static Refusal notADatabase(Path file) {
        return Refusal.failed(
                file + " is not a SQLite database", "a URL that names Seedarr's database, or moving that file away");
    }

    /** Returns the refusal of a database that this user cannot change, with what is in the way and whose it is. */
    public static Refusal notWritable(Path file) {
        Path folder = file.getParent();
        for (Path path :
                List.of(file, Path.of(file + "-journal"), Path.of(file + "-wal"), Path.of(file + "-shm"), folder)) {
            try {
                path.getFileSystem().provider().checkAccess(path, AccessMode.WRITE);
            } catch (NoSuchFileException e) {
                // Nothing in the way.
            } catch (AccessDeniedException e) {
                return Refusal.failed(
                        path + owner(path) + " cannot be written by this user",
                        "the user that Seedarr runs as; chown gives that user the database, its folder and what is beside it");
            } catch (IOException e) {
                // Not what lies in the folder, but all of it: mounted read-only.
                return failed(
                        file + " cannot be written",
                        e,
                        "mounting it to be written; where it was, a look at the disk, which may be failing");
            }
        }
        return Refusal.failed(file + " or its folder cannot be written", "a look at the permissions and the disk");
    }

    static Refusal notReadable(Path file) {
        return Refusal.failed(file + owner(file) + " cannot be read by this user", "the user that Seedarr runs as");
    }

    /** Returns what to add where others may have the file open on another machine; else nothing. */
    private static String share(Path file) {
        try {
            String type = Files.getFileStore(file).type();
            return type.matches("nfs.*|cifs|smb.*|9p|afs|ceph|glusterfs|lustre|fuse\\..*")
                    ? ", perhaps on another machine: it is on a share (" + type + ")"
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static String owner(Path path) {
        try {
            return " (of " + Files.getOwner(path).getName() + ")";
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /**
     * Returns what SQLite or the file system says. The driver wraps SQLite's own words: {@code [SQLITE_ERROR] SQL error or
     * missing database (no such table: x)}.
     */
    public static String message(Exception error) {
        if (error instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (error instanceof FileAlreadyExistsException) {
            return error.getMessage() + " is in the way";
        }
        return error instanceof FileSystemException system && system.getReason() != null
                ? system.getReason().toLowerCase(Locale.ROOT)
                : String.valueOf(error.getMessage())
                        .replaceFirst("(?s)^\\[SQLITE_\\w+] [^(]*\\((.*)\\)$", "$1")
                        .replaceAll("\\s+", " ");
    }

    public static Refusal failed(String problem, Exception error, String remedy) {
        return Refusal.failed(problem + ": " + message(error), remedy).because(error);
    }

    /** Returns the command that puts back the newest backup that may be whole. */
    public static String remedyOfDamage(Path file) {
        return BackupFile.of(SqliteFile.of(file)).stream()
                .filter(BackupFile::isWhole)
                .findFirst()
                .map(backup -> "seedarr-db restore " + Refusal.shellWord(backup.file()))
                .orElse("seedarr-db restore FILE, with a backup; or what the sqlite3 shell's .recover can save");
    }
}
