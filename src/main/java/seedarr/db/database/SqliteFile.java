package seedarr.db.database;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.util.OSInfo;
import seedarr.db.Refusal;

/** A SQLite database file. */
final class SqliteFile implements Target {

    /** The first bytes of every database that is not empty. */
    private static final String MAGIC = "SQLite format 3\0";

    static {
        useUnpackedLibrary();
    }

    private final SqliteUrl url;
    private final Path file;

    SqliteFile(SqliteUrl url) {
        this.url = url;
        this.file = followed(url.file());
    }

    /**
     * Makes the driver take its native library from beside this program's jar, where the build unpacked it. Where it is
     * not, the driver unpacks one into the temporary folder, and leaves it there when it is killed.
     */
    private static void useUnpackedLibrary() {
        try {
            Path code = Path.of(SqliteFile.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path folder = code.resolveSibling("org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS());
            if (Files.isDirectory(folder)) {
                System.setProperty("org.sqlite.lib.path", folder.toString());
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SQLite keeps the journal beside the file that a symbolic link leads to, so that file is the database. */
    private static Path followed(Path path) {
        try {
            Path file = path;
            for (int links = 0; Files.isSymbolicLink(file) && links < 40; links++) {
                file = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
            }
            return file;
        } catch (IOException e) {
            return path;
        }
    }

    @Override
    public String kind() {
        return "sqlite";
    }

    @Override
    public Optional<Duration> lockTimeout() {
        return url.timeout();
    }

    @Override
    public String toString() {
        return url.toString();
    }

    @Override
    public Session read(Duration lockTimeout) {
        if (Files.notExists(file)) {
            refuseIfItMustExist();
            return open("file::memory:", lockTimeout, () -> {});
        }
        refuseUnlessFile();
        boolean wal = isWal();
        if (wal && !Files.exists(beside("-wal"))) {
            // Nobody has it open: a reader would make -wal and -shm, and may fail where it cannot.
            return reading(uri(file) + "?mode=ro&immutable=1", lockTimeout, () -> {});
        }
        try {
            return reading(uri(file) + (wal ? "?mode=ro&readonly_shm=1" : "?mode=ro"), lockTimeout, () -> {});
        } catch (Refusal refusal) {
            if (refusal.getCause() instanceof SQLiteException e && wantsToWrite(e.getResultCode())) {
                return readCopy();
            }
            throw refusal;
        }
    }

    /** Opens a session that is really reading: SQLite looks at the file only when the first query comes. */
    private Session reading(String uri, Duration lockTimeout, Runnable atEnd) {
        Session session = open(uri, lockTimeout, atEnd);
        try {
            session.connection().setAutoCommit(false);
            try (Statement statement = session.connection().createStatement();
                    ResultSet result = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
                result.next();
            }
            return session;
        } catch (SQLException e) {
            session.close();
            throw explain(e);
        }
    }

    /** Tells whether SQLite would have to recover a journal, or to make a file, before it can read. */
    private static boolean wantsToWrite(SQLiteErrorCode code) {
        int primary = code.code & 0xff;
        return primary == SQLiteErrorCode.SQLITE_READONLY.code || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code;
    }

    /**
     * Reads a private copy of the file and its journal, on which SQLite can do the recovery that a killed writer left
     * to the next one. The database itself stays for the application or the next update to recover.
     */
    private Session readCopy() {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("seedarr-db-");
            Path copyFolder = folder;
            Path copy = folder.resolve("copy.db");
            for (int attempt = 0; attempt < 5; attempt++) {
                String before = fingerprint();
                copyTogether(copy);
                if (before.equals(fingerprint())) {
                    return reading(uri(copy) + "?mode=rw", Duration.ZERO, () -> delete(copyFolder));
                }
            }
            delete(folder);
            throw Refusal.failed(file + " is being changed right now", "again in a moment");
        } catch (IOException e) {
            if (folder != null) {
                delete(folder);
            }
            throw Refusal.failed(
                            file + " was left by a killed writer and a private copy to read it failed: " + reason(e),
                            "room in " + System.getProperty("java.io.tmpdir")
                                    + ", or starting Seedarr once, so that SQLite recovers it")
                    .because(e);
        }
    }

    private void copyTogether(Path copy) throws IOException {
        for (String suffix : List.of("", "-journal", "-wal")) {
            Path to = Path.of(copy + suffix);
            Files.deleteIfExists(to);
            if (Files.exists(beside(suffix))) {
                Files.copy(beside(suffix), to, StandardCopyOption.REPLACE_EXISTING);
                to.toFile().setWritable(true, true);
            }
        }
    }

    private String fingerprint() throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String suffix : List.of("", "-journal", "-wal")) {
            if (Files.exists(beside(suffix))) {
                var attributes = Files.readAttributes(beside(suffix), BasicFileAttributes.class);
                seen.append(suffix).append(attributes.size()).append(attributes.lastModifiedTime());
            }
        }
        return seen.toString();
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // Left to the system's own cleaning of the temporary folder.
        }
        folder.toFile().delete();
    }

    @Override
    public Session write(Duration lockTimeout) {
        if (url.readOnly()) {
            throw Refusal.usage("the URL opens " + file + " read-only (mode=ro)", "the URL without mode=ro");
        }
        Deque<Path> made = new ArrayDeque<>();
        Runnable undo = () -> made.forEach(SqliteFile::deleteIfUnused);
        try {
            if (Files.notExists(file)) {
                refuseIfItMustExist();
                make(made);
            }
            refuseUnlessFile();
            if (!Files.isWritable(file)) {
                throw notWritable();
            }
        } catch (Refusal refusal) {
            undo.run();
            throw refusal;
        }
        Session session = open(uri(file) + "?mode=rw", lockTimeout, undo);
        try {
            session.connection().setAutoCommit(false);
            return session;
        } catch (SQLException e) {
            session.close();
            throw isBusy(e) ? stillLocked(lockTimeout).because(e) : explain(e);
        }
    }

    private static boolean isBusy(SQLException error) {
        return (error.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    private Refusal stillLocked(Duration waited) {
        long seconds = Math.round(waited.toMillis() / 1000.0);
        return Refusal.failed(
                file + " is locked by another program" + (seconds > 0 ? ", still after " + seconds + " s" : ""),
                "again when Seedarr is stopped or idle; --lock-timeout SECONDS waits longer");
    }

    /** Makes the file and the folders that are missing; as root, they get the owner of the folder that they lie in. */
    private void make(Deque<Path> made) {
        try {
            Deque<Path> missing = new ArrayDeque<>();
            for (Path folder = file.getParent(); !Files.exists(folder); folder = folder.getParent()) {
                missing.push(folder);
            }
            for (Path folder : missing) {
                Files.createDirectory(folder);
                made.push(folder);
                inheritOwner(folder);
            }
            Files.createFile(file);
            made.push(file);
            inheritOwner(file);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster, which is as good. What is made here stays.
            made.clear();
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be created: " + reason(e), "a folder that this user can write")
                    .because(e);
        }
    }

    private static void inheritOwner(Path made) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        PosixFileAttributes parent = Files.readAttributes(made.getParent(), PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        view.setOwner(parent.owner());
        view.setGroup(parent.group());
    }

    /** An empty file or an empty folder: what was made here and nobody has filled since. */
    private static void deleteIfUnused(Path made) {
        if (Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS) || made.toFile().length() == 0) {
            made.toFile().delete();
        }
    }

    private void refuseIfItMustExist() {
        if (url.mustExist() || url.readOnly()) {
            throw Refusal.failed(
                    file + " does not exist, and the URL's mode does not let it be created", "the URL without mode=");
        }
    }

    private void refuseUnlessFile() {
        if (Files.isDirectory(file)) {
            throw Refusal.failed(file + " is a folder, not a database", "a URL that names the file in it");
        }
        if (!Files.isReadable(file)) {
            throw Refusal.failed(file + " cannot be read by this user", "the user that Seedarr runs as");
        }
        if (!Files.isRegularFile(file)) {
            throw Refusal.failed(file + " is not a file", "a URL that names a database file");
        }
        // SQLite takes a file of one byte for an empty database, and would overwrite it.
        byte[] header = header();
        if (header.length > 0 && !new String(header, StandardCharsets.ISO_8859_1).startsWith(MAGIC)) {
            throw notADatabase();
        }
    }

    private Refusal notWritable() {
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

    private Refusal notADatabase() {
        return Refusal.failed(file + " is not a SQLite database", "a URL that names Seedarr's database");
    }

    private Session open(String uri, Duration timeout, Runnable undo) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
        // Off while a migration runs: dropping a table must not delete rows that refer to it. Violations are looked for
        // before the commit.
        config.enforceForeignKeys(false);
        if (!uri.contains("mode=ro") && !uri.contains("memory")) {
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        }
        try {
            Connection connection = config.createConnection("jdbc:sqlite:" + uri);
            return new Session(connection, undo);
        } catch (SQLException e) {
            undo.run();
            throw explain(e);
        }
    }

    /** SQLite's own URI form: no character of a path means anything in it, neither to SQLite nor to the driver. */
    private static String uri(Path path) {
        String slashed = path.toString().replace(File.separatorChar, '/');
        StringBuilder uri = new StringBuilder(slashed.startsWith("/") ? "file:" : "file:/");
        for (byte b : slashed.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "/._-:".indexOf(c) >= 0)) {
                uri.append(c);
            } else {
                uri.append('%').append(String.format("%02X", b & 0xff));
            }
        }
        return uri.toString();
    }

    private Path beside(String suffix) {
        return Path.of(file + suffix);
    }

    /** Bytes 18 and 19 of a database's header are 2 in WAL mode (sqlite.org/fileformat2.html). */
    private boolean isWal() {
        byte[] header = header();
        return header.length > 19 && header[18] == 2 && header[19] == 2;
    }

    private byte[] header() {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(20);
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be read: " + reason(e), "a look at the disk")
                    .because(e);
        }
    }

    @Override
    public Refusal explain(SQLException error) {
        if (!(error instanceof SQLiteException sqlite)) {
            return Refusal.failed(String.valueOf(error.getMessage()), "--verbose, for details")
                    .because(error);
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        Refusal refusal = switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                Refusal.failed(file + " is locked by another program", "again when Seedarr is stopped or idle");
            case SQLITE_NOTADB -> notADatabase();
            case SQLITE_CORRUPT ->
                Refusal.failed(
                        file + " is damaged (" + message(error) + ")",
                        "a backup; or what the sqlite3 shell's .recover can save");
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
                Refusal.failed(
                        file + " or its folder cannot be written by this user",
                        "the user that Seedarr runs as; SQLite keeps its journal beside the file");
            case SQLITE_FULL -> Refusal.failed("the disk of " + file + " is full", "again with more room");
            case SQLITE_IOERR ->
                Refusal.failed("reading or writing " + file + " failed (" + message(error) + ")", "a look at the disk");
            default ->
                Refusal.failed(
                        message(error),
                        message(error).startsWith("error in ")
                                ? "again without what it names; that can be made again afterwards"
                                : "mending what it names, then the same command again");
        };
        return refusal.because(error);
    }

    /** The driver wraps SQLite's own words: {@code [SQLITE_ERROR] SQL error or missing database (no such table: x)}. */
    private static String message(SQLException error) {
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        int from = message.indexOf('(');
        return message.startsWith("[") && from > 0 && message.endsWith(")")
                ? message.substring(from + 1, message.length() - 1)
                : message;
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason().toLowerCase(Locale.ROOT)
                : String.valueOf(e.getMessage());
    }
}
