package seedarr.db.database;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.sqlite.BusyHandler;
import org.sqlite.JDBC;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.core.NativeDB;
import org.sqlite.util.OSInfo;
import seedarr.db.ProgramFiles;
import seedarr.db.Refusal;

/**
 * A SQLite database file.
 *
 * @param file the one that a symbolic link leads to: SQLite keeps the journal beside it
 * @param lockTimeout how long to wait for a lock, if the URL says so
 * @param isScratch whether it may be lost with the power or a kill, so that no writer waits for the disk
 */
public record SqliteFile(Path file, Optional<Duration> lockTimeout, boolean isScratch) implements Target {

    static {
        // From beside the jar. Else the driver unpacks one into the temporary folder, and leaves it when it is killed.
        Path folder = ProgramFiles.code().resolveSibling("org/sqlite/native/" + platform());
        if (Files.isDirectory(folder)) {
            System.setProperty("org.sqlite.lib.path", folder.toString());
            // Where the driver looks for what killed ones left: not in a folder of others' files.
            System.setProperty("org.sqlite.tmpdir", folder.toString());
            try {
                System.load(folder.resolve(System.mapLibraryName("sqlitejdbc")).toString());
                for (String done : List.of("isLoaded", "loadSucceeded")) {
                    Field field = NativeDB.class.getDeclaredField(done);
                    field.setAccessible(true);
                    field.setBoolean(null, true);
                }
            } catch (ReflectiveOperationException | UnsatisfiedLinkError e) {
                // Then the driver does it, in 8 ms more, for it reads its own version from its jar.
            }
        }
    }

    /** Follows the links of an absolute path as SQLite does: one to a folder before a {@code ..} behind it. */
    public SqliteFile {
        try {
            Path found = file.toFile().getCanonicalFile().toPath();
            // A link to a file that is not there yet.
            file = Files.isSymbolicLink(found)
                    ? found.resolveSibling(Files.readSymbolicLink(found)).normalize()
                    : found;
        } catch (IOException e) {
            file = file.normalize();
        }
    }

    public static SqliteFile of(Path path) {
        return new SqliteFile(path.toAbsolutePath(), Optional.empty(), false);
    }

    /** Returns the driver's name of this platform. On Linux its own way to find out is to run uname. */
    private static String platform() {
        String arch = System.getProperty("os.arch").replace("amd64", "x86_64");
        try {
            if (System.getProperty("os.name").equals("Linux") && arch.matches("x86_64|aarch64")) {
                String loaded = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
                return (loaded.contains("/ld-musl-") ? "Linux-Musl/" : "Linux/") + arch;
            }
        } catch (IOException e) {
            // Not mounted.
        }
        return OSInfo.getNativeLibFolderPathForCurrentOS();
    }

    /** Does what the driver does once: it loads its library, and makes a format for dates that it keeps. */
    public static void load() {
        new SQLiteConfig();
    }

    /** Opens an empty database in memory. A statement that runs on and on fails in it. */
    public static Connection memory() throws SQLException {
        Connection memory = JDBC.createConnection("jdbc:sqlite::memory:", new Properties());
        // Steps of SQLite's virtual machine: far more than any change of an empty schema takes.
        ProgressHandler.setHandler(memory, 10_000_000, new ProgressHandler() {
            @Override
            protected int progress() {
                return 1;
            }
        });
        return memory;
    }

    @Override
    public long size() {
        return Files.exists(file) ? file.toFile().length() : -1;
    }

    @Override
    public String toString() {
        return "sqlite:///" + file;
    }

    @Override
    public Refusal reason(SQLException error, String statement) {
        return SqliteError.reason(error, file);
    }

    @Override
    public Session read(Waiting waiting) {
        try {
            StrayLog.refuse(file);
            ByteBuffer header = checkedHeader();
            if (!StrayLog.isDatabase(header)) {
                // Also where a first update was killed. Of an empty file, even a reader would take the log away.
                return begin(new Session(memory()));
            }
            // Bytes 18 and 19 are 2 in WAL mode (sqlite.org/fileformat2.html).
            boolean isWal = header.get(18) == 2 && header.get(19) == 2;
            // With neither log nor journal, nobody has it open. A reader would make -wal and -shm, or fail to.
            String wal = hasJournal() ? "&readonly_shm=1" : "&immutable=1";
            try {
                return begin(new Session(connect(file, "ro" + (isWal ? wal : ""), waiting)));
            } catch (SQLException e) {
                // SQLite would have to recover a journal, or to make a file, before it can read.
                if (!Set.of(SQLiteErrorCode.SQLITE_READONLY, SQLiteErrorCode.SQLITE_CANTOPEN)
                        .contains(SqliteError.primary(e))) {
                    throw e;
                }
            }
            try (PrivateCopy copy = PrivateCopy.of(file)) {
                return begin(new Session(connect(copy.file(), "rw", waiting)));
            }
        } catch (SQLException e) {
            throw notOpened(e);
        } catch (AccessDeniedException e) {
            throw SqliteError.notReadable(Path.of(e.getFile()));
        } catch (IOException e) {
            throw SqliteError.failed(
                    file + " has a journal to recover, and a private copy to do so failed",
                    e,
                    "again, with room in " + System.getProperty("java.io.tmpdir") + ", or starting Seedarr once");
        }
    }

    /** Begins a transaction, and reads in it: SQLite looks at the file only when the first query comes. */
    private static Session begin(Session session) throws SQLException {
        try {
            session.connection().setAutoCommit(false);
            Session.ask(session.connection(), "SELECT count(*) FROM sqlite_schema");
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public Session write(Waiting waiting) {
        Session.refuseIfStopping();
        StrayLog.refuse(file);
        NewFile made = new NewFile(file, Optional.empty());
        refuseUnlessWritable();
        try {
            String mode = isScratch ? "rw&synchronous=OFF&journal_mode=MEMORY" : "rw";
            SQLiteConnection connection = connect(file, mode, waiting);
            connection.getConnectionConfig().setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            return begin(new Session(connection).with(made)).writing(connection.getDatabase()::interrupt);
        } catch (SQLException e) {
            throw notOpened(e);
        }
    }

    /** Refuses a file that cannot be written, or is not a database. */
    public void refuseUnlessWritable() {
        checkedHeader();
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
    public void recover(Waiting waiting) {
        StrayLog.refuse(file);
        if (hasJournal() && Files.isWritable(file)) {
            try {
                begin(new Session(connect(file, "rw", waiting))).close();
            } catch (SQLException e) {
                throw notOpened(e);
            }
        }
    }

    /** Connects to a database to read and write it, with nothing begun. No statement waits for a lock. */
    public static SQLiteConnection connect(Path file) throws SQLException {
        return connect(file, "rw", Waiting.atMost(Duration.ZERO));
    }

    private static SQLiteConnection connect(Path file, String mode, Waiting waiting) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // Or dropping a table would delete rows that refer to it. Violations are looked for before the commit.
        config.enforceForeignKeys(false);
        // No revision reads or writes another file.
        config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "0");
        // By the driver itself: DriverManager would load every other one that is on the class path.
        SQLiteConnection connection =
                JDBC.createConnection("jdbc:sqlite:" + uri(file) + "?mode=" + mode, config.toProperties());
        // Not SQLite's own timeout: that starts anew each time that a large change does not fit into the cache.
        BusyHandler.setHandler(connection, new BusyHandler() {
            @Override
            protected int callback(int tries) throws SQLException {
                if (waiting.pause(Duration.ofMillis(Math.min(100, 1 + 5 * tries)))) {
                    return 1;
                }
                // SQLite would go on without the lock as long as it has memory, and nobody else could begin to read.
                connection.getDatabase().interrupt();
                return 0;
            }
        });
        return connection;
    }

    /** Returns the first bytes, after a look that this is no other file, nor one that cannot be read. */
    private ByteBuffer checkedHeader() {
        if (isThere() && !Files.isRegularFile(file)) {
            throw Refusal.failed(file + " is not a file", "a URL that names a database file");
        }
        ByteBuffer header = StrayLog.start(file);
        // SQLite takes a file of one byte for an empty database, and would overwrite it.
        if (header.hasRemaining()
                && !StrayLog.isDatabase(header)
                && StrayLog.pagesIn(Path.of(file + "-journal")) != 0) {
            throw SqliteError.notADatabase(file);
        }
        return header;
    }

    /** To be called with no connection open: a process that closes a file gives up every lock that it has on it (POSIX). */
    private Refusal notOpened(SQLException error) {
        try (FileChannel channel = FileChannel.open(file)) {
            channel.tryLock(Long.MAX_VALUE - 1, 1, true);
        } catch (IOException e) {
            // With another error it is gone, or not this user's.
            if (Set.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_INTERRUPT)
                    .contains(SqliteError.primary(error))) {
                return SqliteError.failed(
                        file + " cannot be locked; its file system, perhaps a network share, keeps no locks",
                        e,
                        "a folder on a local disk, or a share with locks");
            }
        }
        return explain(error);
    }

    /** SQLite's own URI form: no character of a path means anything in it. */
    public static String uri(Path path) {
        return "file:" + path.toUri().getRawPath();
    }
}
