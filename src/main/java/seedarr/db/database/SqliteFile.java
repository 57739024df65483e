package seedarr.db.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.util.OSInfo;
import seedarr.db.ProgramFiles;
import seedarr.db.Refusal;

/** A SQLite database file. */
public final class SqliteFile implements Target {

    /** The first bytes of every database that is not empty. */
    private static final String MAGIC = "SQLite format 3\0";

    /** Of SQLite's virtual machine, for one statement: far more than any change of an empty schema takes. */
    private static final int MOST_STEPS = 10_000_000;

    static {
        useUnpackedLibrary();
    }

    private final SqliteUrl url;
    private final Path file;
    private Duration writeTimeout;

    SqliteFile(SqliteUrl url) {
        this.url = url;
        this.file = followed(url.file());
    }

    /**
     * Makes the driver take its native library from beside this program's jar, where the build unpacked it. Where it is
     * not, the driver unpacks one into the temporary folder, and leaves it there when it is killed.
     */
    private static void useUnpackedLibrary() {
        Path folder = ProgramFiles.code().resolveSibling("org/sqlite/native/" + platform());
        if (Files.isDirectory(folder)) {
            System.setProperty("org.sqlite.lib.path", folder.toString());
            // Where the driver looks for what killed ones left: not in a folder of others' files.
            System.setProperty("org.sqlite.tmpdir", folder.toString());
        }
    }

    /** Returns the driver's name of this platform. On Linux its own way to find out is to run uname. */
    private static String platform() {
        String arch = System.getProperty("os.arch").replace("amd64", "x86_64");
        if (!System.getProperty("os.name").equals("Linux") || !arch.matches("x86_64|aarch64")) {
            return OSInfo.getNativeLibFolderPathForCurrentOS();
        }
        try {
            String loaded = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
            return (loaded.contains("/ld-musl-") ? "Linux-Musl/" : "Linux/") + arch;
        } catch (IOException e) {
            return OSInfo.getNativeLibFolderPathForCurrentOS();
        }
    }

    static Connection memory() throws SQLException {
        Connection memory = open("jdbc:sqlite::memory:", new Properties());
        ProgressHandler.setHandler(memory, MOST_STEPS, new ProgressHandler() {
            @Override
            protected int progress() {
                return 1;
            }
        });
        return memory;
    }

    /** Returns the file that a symbolic link leads to. */
    public Path file() {
        return file;
    }

    @Override
    public boolean isThere() {
        return Files.exists(file);
    }

    /** SQLite keeps the journal beside the file that a symbolic link leads to, so that file is the database. */
    private static Path followed(Path path) {
        try {
            Path file = path;
            for (int links = 0; Files.isSymbolicLink(file) && links < 40; links++) {
                file = file.getParent().toRealPath().resolve(Files.readSymbolicLink(file));
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
    public Refusal explain(SQLException error, String statement) {
        if (writeTimeout != null
                && SqliteError.primary(error) == SQLiteErrorCode.SQLITE_BUSY
                && !Session.isStopping()) {
            return SqliteError.stillLocked(file, writeTimeout).because(error);
        }
        return SqliteError.explain(error, file);
    }

    @Override
    public Session read(Duration lockTimeout) {
        if (Files.notExists(file)) {
            return open("file::memory:", lockTimeout, TransactionMode.DEFERRED);
        }
        byte[] header = checkedHeader(SqliteError.OTHER_URL);
        // Bytes 18 and 19 are 2 in WAL mode (sqlite.org/fileformat2.html).
        boolean isWal = header.length > 19 && header[18] == 2 && header[19] == 2;
        if (isWal && !Files.exists(Path.of(file + "-wal"))) {
            // Nobody has it open: a reader would make -wal and -shm, and may fail where it cannot.
            return read(uri(file) + "?mode=ro&immutable=1", lockTimeout);
        }
        try {
            return read(uri(file) + (isWal ? "?mode=ro&readonly_shm=1" : "?mode=ro"), lockTimeout);
        } catch (Refusal refusal) {
            if (refusal.getCause() instanceof SQLException error && wantsToWrite(SqliteError.primary(error))) {
                try (PrivateCopy copy = PrivateCopy.of(file)) {
                    return read(uri(copy.file()) + "?mode=rw", lockTimeout);
                }
            }
            throw refusal;
        }
    }

    /** Opens a session that is really reading: SQLite looks at the file only when the first query comes. */
    private Session read(String uri, Duration lockTimeout) {
        Session session = open(uri, lockTimeout, TransactionMode.DEFERRED);
        try (Statement statement = session.connection().createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            result.next();
            return session;
        } catch (SQLException e) {
            session.close();
            throw explain(e);
        }
    }

    /** Tells whether SQLite would have to recover a journal, or to make a file, before it can read. */
    private static boolean wantsToWrite(SQLiteErrorCode code) {
        return code == SQLiteErrorCode.SQLITE_READONLY || code == SQLiteErrorCode.SQLITE_CANTOPEN;
    }

    @Override
    public Session write(Duration lockTimeout) {
        Session.refuseIfStopping();
        writeTimeout = lockTimeout;
        NewFile made = new NewFile(file);
        if (Files.notExists(file)) {
            made.make(Files::createFile);
        }
        refuseUnlessWritable(SqliteError.OTHER_URL);
        Session session = open(uri(file) + "?mode=rw", lockTimeout, TransactionMode.IMMEDIATE, made);
        return session.writing(((SQLiteConnection) session.connection()).getDatabase()::interrupt);
    }

    /**
     * Refuses a file that cannot be written, or is not a database.
     *
     * @param remedy what to do when it is not a database
     */
    public void refuseUnlessWritable(String remedy) {
        checkedHeader(remedy);
        if (!Files.isWritable(file)) {
            throw SqliteError.notWritable(file);
        }
    }

    /** Returns whether something lies beside the file that belongs to its content, or may. */
    public boolean hasJournal() {
        return Files.exists(Path.of(file + "-journal")) || Files.exists(Path.of(file + "-wal"));
    }

    /** A journal that a killed writer left is rolled back by the next one that may write, in place. */
    @Override
    public void recover(Duration lockTimeout) {
        if (hasJournal() && Files.isRegularFile(file) && Files.isWritable(file)) {
            read(uri(file) + "?mode=rw", lockTimeout).close();
        }
    }

    /** Opens a session and begins its transaction. */
    private Session open(String uri, Duration lockTimeout, TransactionMode mode, Session.Companion... companions) {
        Session session = null;
        try {
            session = new Session(connect(uri, lockTimeout, mode));
            for (Session.Companion companion : companions) {
                session.with(companion);
            }
            session.connection().setAutoCommit(false);
            return session;
        } catch (SQLException e) {
            if (session != null) {
                session.close();
            }
            boolean isStillLocked =
                    mode == TransactionMode.IMMEDIATE && SqliteError.primary(e) == SQLiteErrorCode.SQLITE_BUSY;
            throw isStillLocked ? SqliteError.stillLocked(file, lockTimeout).because(e) : explain(e);
        }
    }

    /**
     * Connects to a database, with nothing begun.
     *
     * @param uri one of {@link #uri}, with parameters of SQLite
     * @param lockTimeout how long each statement waits for a lock
     * @param mode how a transaction begins
     */
    public static SQLiteConnection connect(String uri, Duration lockTimeout, TransactionMode mode) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) Math.max(0, Math.min(Integer.MAX_VALUE, lockTimeout.toMillis())));
        // Off while a migration runs: dropping a table must not delete rows that refer to it. Violations are looked for
        // before the commit.
        config.enforceForeignKeys(false);
        config.setTransactionMode(mode);
        // No revision reads or writes another file.
        config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "0");
        return open("jdbc:sqlite:" + uri, config.toProperties());
    }

    /** Asks the driver itself: DriverManager would load every other one that is on the class path. */
    private static SQLiteConnection open(String url, Properties properties) throws SQLException {
        return JDBC.createConnection(url, properties);
    }

    /** Returns the first bytes, after a look that this is a database that can be read. */
    private byte[] checkedHeader(String remedy) {
        if (Files.isDirectory(file)) {
            throw Refusal.failed(file + " is a folder, not a database", "a URL that names the file in it");
        }
        if (!Files.isReadable(file)) {
            throw Refusal.failed(file + " cannot be read by this user", "the user that Seedarr runs as");
        }
        if (!Files.isRegularFile(file)) {
            throw Refusal.failed(file + " is not a file", "a URL that names a database file");
        }
        try (var in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(20);
            // SQLite takes a file of one byte for an empty database, and would overwrite it.
            if (header.length > 0 && !new String(header, StandardCharsets.ISO_8859_1).startsWith(MAGIC)) {
                throw SqliteError.notADatabase(file, remedy);
            }
            return header;
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be read: " + SqliteError.reason(e), "a look at the disk")
                    .because(e);
        }
    }

    /** SQLite's own URI form: no character of a path means anything in it, neither to SQLite nor to the driver. */
    public static String uri(Path path) {
        return "file:" + path.toUri().getRawPath();
    }
}
