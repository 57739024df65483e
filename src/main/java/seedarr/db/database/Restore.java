package seedarr.db.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import seedarr.db.Refusal;

/**
 * Puts a copy in the place of a database, in one transaction of SQLite's own: whoever opens it sees the old or the new
 * one, also after a kill. What is there may be damaged.
 */
final class Restore {

    /** Where the first page differs: journal mode, change counter, schema cookie, versions (sqlite.org/fileformat2.html). */
    private static final int[][] OF_THE_FILE = {{18, 20}, {24, 28}, {40, 44}, {92, 100}};

    private static final int HEADER = 100;

    /** The page with this byte is for SQLite's locks, and holds nothing. */
    private static final long LOCK_BYTE = 0x40000000;

    private static final int COMPARED_AT_A_TIME = 1 << 20;

    /** What integrity_check finds in rows, not in the file. Whoever wrote them gets them back as they were. */
    private static final Pattern OF_ROWS =
            Pattern.compile("(?:NULL|NUMERIC|TEXT|non-\\w+) value in .*|CHECK constraint failed in .*");

    private final SqliteFile target;
    private final Path file;
    private final Duration lockTimeout;
    private final Target.Look look;
    private final boolean withBackup;
    private final Backup.Progress progress;

    Restore(SqliteFile target, Duration lockTimeout, Target.Look look, boolean withBackup, Backup.Progress progress) {
        this.target = target;
        this.file = target.file();
        this.lockTimeout = lockTimeout;
        this.look = look;
        this.withBackup = withBackup;
        this.progress = progress;
    }

    /** Restores a copy, and returns the backup of what was there; empty where nothing was. */
    Optional<Path> from(SqliteFile copy) {
        try (Session reading = copy.read(lockTimeout)) {
            refuseIfDamaged(copy, reading);
            if (!copy.hasJournal()) {
                return from(copy.file(), copy.file());
            }
            Path folder = Files.createTempDirectory("seedarr-db-");
            Path whole = folder.resolve("whole.db");
            try {
                Files.createFile(whole);
                Backup.copy((SQLiteConnection) reading.connection(), whole, progress);
                return from(whole, copy.file());
            } finally {
                Files.deleteIfExists(whole);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw Refusal.failed(
                            copy.file() + " could not be read: " + SqliteError.reason(e),
                            "room in " + System.getProperty("java.io.tmpdir") + ", or another backup")
                    .because(e);
        } catch (SQLException e) {
            throw copy.explain(e);
        }
    }

    private static void refuseIfDamaged(SqliteFile copy, Session reading) throws SQLException {
        try (Statement statement = reading.connection().createStatement();
                ResultSet findings = statement.executeQuery("PRAGMA integrity_check(1000000)")) {
            while (findings.next()) {
                String finding = findings.getString(1);
                if (!finding.equals("ok") && !OF_ROWS.matcher(finding).matches()) {
                    throw Refusal.failed(
                            copy.file() + " is damaged: " + finding.replaceAll("\\s+", " "), "another backup");
                }
            }
        }
    }

    /**
     * @param whole the copy as one file, without a journal beside it
     * @param original whose permissions a new file gets
     */
    private Optional<Path> from(Path whole, Path original) throws IOException {
        NewFile made = new NewFile(file);
        if (Files.notExists(file)) {
            made.make();
            FileAccess.permitNoMoreThan(original, file);
        }
        target.refuseUnlessWritable("moving it away, then the same command again");
        // Open for as long as SQLite is at work: a process that closes a file gives up every lock that it has on it.
        try (FileChannel now = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel wanted = FileChannel.open(whole, StandardOpenOption.READ)) {
            return from(whole, now, wanted, made).map(Backup::file);
        } catch (Refusal refusal) {
            recover();
            throw refusal;
        } catch (SQLException e) {
            throw SqliteError.primary(e) == SQLiteErrorCode.SQLITE_BUSY
                    ? SqliteError.inUse(file, lockTimeout).because(e)
                    : target.explain(e);
        }
    }

    private Optional<Backup> from(Path whole, FileChannel now, FileChannel wanted, NewFile made)
            throws SQLException, IOException {
        Optional<Backup> backup = Optional.empty();
        boolean[] isWhole = {false};
        ByteBuffer header;
        try (Session session = new Session(connect(lockTimeout)).with(made).writing(() -> {})) {
            SQLiteConnection connection = (SQLiteConnection) session.connection();
            String revision = lock(session);
            if (withBackup && now.size() > 0) {
                backup = Optional.of(Backup.of(connection, file, revision, progress));
                session.with(backup.get());
            }
            // With a log, the file is not all that there is to compare, and pages of another size cannot be written.
            boolean hasLog = journalMode(connection, "").equals("wal");
            if (hasLog) {
                journalMode(connection, " = DELETE");
            }
            header = bytes(now, 0, HEADER);
            try {
                session.commitBy(() -> isWhole[0] = write(connection, whole, now, wanted));
            } finally {
                if (hasLog && bytes(now, 18, 1).get() != 2) {
                    journalMode(connection, " = WAL");
                }
            }
        }
        if (isWhole[0]) {
            return backup;
        }
        recover();
        if (bytes(now, 0, HEADER).equals(header)) {
            backup.ifPresent(Backup::afterClose);
            throw notOverwritten();
        }
        throw notOverwritten()
                .leaving(backup.map(kept -> kept.file() + " is what was there")
                        .orElse("SQLite puts back what was there when it is opened next"));
    }

    private Refusal notOverwritten() throws IOException {
        return Refusal.failed(
                file + " could not be overwritten, with "
                        + Backup.size(Files.getFileStore(file).getUsableSpace()) + " free",
                "more room, or a look at the disk, then the same command again");
    }

    /** After a failure, lets SQLite put back what was there, and take its journal away. */
    private void recover() {
        if (Files.exists(Path.of(file + "-journal"))) {
            try (SQLiteConnection connection = connect(Duration.ZERO)) {
                // Of the two changes, the second deletes the file.
                journalMode(connection, " = PERSIST");
                journalMode(connection, " = DELETE");
            } catch (SQLException e) {
                // The next one to open it does so.
            }
        }
    }

    private SQLiteConnection connect(Duration lockTimeout) throws SQLException {
        return SqliteFile.connect(SqliteFile.uri(file) + "?mode=rw", lockTimeout, TransactionMode.EXCLUSIVE);
    }

    /** Keeps everybody out until the session is closed, also between transactions; returns what the database is at. */
    private String lock(Session session) throws SQLException {
        // A file that is shorter than it says can be locked and copied all the same.
        session.execute("PRAGMA writable_schema = ON");
        session.execute("PRAGMA locking_mode = EXCLUSIVE");
        session.connection().setAutoCommit(false);
        Backup.removePartial(file);
        // Of a log that nobody uses any more: SQLite takes it away only where it has used it.
        Path.of(file + "-shm").toFile().delete();
        String revision = look.at(session.connection());
        // Not to be committed: it has made an empty file one page long.
        session.execute("ROLLBACK");
        session.execute("BEGIN");
        session.connection().setAutoCommit(true);
        return revision;
    }

    private static String journalMode(SQLiteConnection connection, String change) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA journal_mode" + change)) {
            return result.getString(1);
        }
    }

    /**
     * Overwrites the file. What the driver reports is the state of the copy, not of the file, so that is compared.
     *
     * @return whether the file is what the copy is
     * @throws Refusal when the file is what it was
     */
    private boolean write(SQLiteConnection connection, Path whole, FileChannel now, FileChannel wanted)
            throws SQLException {
        try {
            long size = now.size();
            ByteBuffer header = bytes(now, 0, HEADER);
            connection
                    .getDatabase()
                    .restore(
                            "main",
                            SqliteFile.uri(whole) + "?mode=ro&immutable=1",
                            Backup.listener(connection, progress),
                            0,
                            0,
                            Backup.PAGES_AT_A_TIME);
            if (isSame(now, wanted) && isJournalSpent()) {
                return true;
            }
            if (now.size() == size && bytes(now, 0, HEADER).equals(header)) {
                throw notOverwritten();
            }
        } catch (IOException e) {
            // Then nobody knows what it is.
        }
        return false;
    }

    /** A journal that still begins with its magic bytes would be rolled back. */
    private boolean isJournalSpent() throws IOException {
        Path journal = Path.of(file + "-journal");
        if (Files.notExists(journal)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.READ)) {
            ByteBuffer first = bytes(channel, 0, 1);
            return !first.hasRemaining() || first.get() == 0;
        }
    }

    private static boolean isSame(FileChannel now, FileChannel wanted) throws IOException {
        long size = now.size();
        if (size < HEADER || wanted.size() < size) {
            return false;
        }
        int pageSize = Short.toUnsignedInt(bytes(wanted, 16, 2).getShort());
        for (long at = 0; at < size; at += COMPARED_AT_A_TIME) {
            int length = (int) Math.min(COMPARED_AT_A_TIME, size - at);
            if (at == LOCK_BYTE) {
                at += (pageSize == 1 ? 65536 : pageSize) - COMPARED_AT_A_TIME;
            } else if (!comparable(now, at, length).equals(comparable(wanted, at, length))) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer comparable(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = bytes(channel, at, length);
        if (at == 0) {
            for (int[] range : OF_THE_FILE) {
                for (int i = range[0]; i < range[1]; i++) {
                    bytes.put(i, (byte) 0);
                }
            }
        }
        return bytes;
    }

    private static ByteBuffer bytes(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return bytes.flip();
    }
}
