package seedarr.db.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
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

    /**
     * Where the first page differs: journal mode, change counter and size, schema cookie, versions
     * (sqlite.org/fileformat2.html). The size is that of the file anyway, which is compared.
     */
    private static final int[][] OF_THE_FILE = {{18, 20}, {24, 32}, {40, 44}, {92, 100}};

    private static final int HEADER = 100;

    /** The page with this byte is for SQLite's locks, and holds nothing. */
    private static final long LOCK_BYTE = 0x40000000;

    private static final int COMPARED_AT_A_TIME = 1 << 20;

    /** The copy with its journal in one file. */
    private static final String WHOLE = "whole.db";

    private static final String DAMAGED = "damaged";

    private static final String MOVE_AWAY = "moving it away, then the same command again";

    private static final int SHORTEST_WAIT = 50;

    private static final int LONGEST_WAIT = 250;

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
    Optional<Backup> from(SqliteFile copy) {
        Optional<Path> folder = Optional.empty();
        try {
            try (Session reading = copy.read(lockTimeout)) {
                Optional<String> damage = damage(reading.connection(), "integrity_check");
                if (damage.isPresent()) {
                    throw Refusal.failed(copy.file() + " is damaged: " + damage.get(), "another backup");
                }
                if (copy.hasJournal()) {
                    folder = Optional.of(Files.createTempDirectory("seedarr-db-"));
                    Path whole = Files.createFile(folder.get().resolve(WHOLE));
                    Backup.copy((SQLiteConnection) reading.connection(), whole, progress);
                }
            }
            return from(folder.map(made -> made.resolve(WHOLE)).orElse(copy.file()), copy.file());
        } catch (IOException e) {
            throw Refusal.failed(
                            copy.file() + " could not be read: " + SqliteError.reason(e),
                            "room in " + System.getProperty("java.io.tmpdir") + ", or another backup")
                    .because(e);
        } catch (SQLException e) {
            throw copy.explain(e);
        } finally {
            folder.ifPresent(made -> {
                made.resolve(WHOLE).toFile().delete();
                made.toFile().delete();
            });
        }
    }

    private static Optional<String> damage(Connection connection, String check) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet findings = statement.executeQuery("PRAGMA " + check + "(1000000)")) {
            while (findings.next()) {
                String finding = findings.getString(1);
                if (!finding.equals("ok") && !OF_ROWS.matcher(finding).matches()) {
                    return Optional.of(finding.replaceAll("\\s+", " "));
                }
            }
            return Optional.empty();
        }
    }

    /**
     * @param whole the copy as one file, without a journal beside it
     * @param original whose permissions a new file gets
     */
    private Optional<Backup> from(Path whole, Path original) throws IOException {
        NewFile made = NewFile.ofPrivate(file);
        if (Files.notExists(file)) {
            made.make();
            FileAccess.permitNoMoreThan(original, file);
        }
        target.refuseUnlessWritable(MOVE_AWAY);
        // Open for as long as SQLite is at work: a process that closes a file gives up every lock that it has on it.
        try (FileChannel now = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel wanted = FileChannel.open(whole, StandardOpenOption.READ)) {
            return from(whole, now, wanted, made);
        } catch (SQLException e) {
            throw switch (SqliteError.primary(e)) {
                case SQLITE_BUSY -> SqliteError.inUse(file, lockTimeout).because(e);
                case SQLITE_NOTADB -> SqliteError.notADatabase(file, MOVE_AWAY).because(e);
                default -> target.explain(e);
            };
        }
    }

    private Optional<Backup> from(Path whole, FileChannel now, FileChannel wanted, NewFile made)
            throws SQLException, IOException {
        Optional<Backup> backup = Optional.empty();
        ByteBuffer header;
        try (Session session = new Session(locked()).with(made).writing(() -> {})) {
            SQLiteConnection connection = (SQLiteConnection) session.connection();
            Backup.removePartial(file);
            // Of a log that nobody uses any more: SQLite takes it away only where it has used it.
            Path.of(file + "-shm").toFile().delete();
            String revision = revision(connection);
            // Not to be committed: it has made an empty file one page long.
            session.execute("ROLLBACK");
            session.execute("BEGIN");
            connection.setAutoCommit(true);
            if (withBackup && now.size() > 0 && hasTables(connection)) {
                backup = Optional.of(Backup.of(session, connection, file, revision, progress));
            }
            // With a log, the file is not all that there is to compare, and pages of another size cannot be written.
            boolean hasLog = journalMode(connection, "").equals("wal");
            if (hasLog) {
                journalMode(connection, " = DELETE");
                if (hasLog(now)) {
                    // SQLite reports success even where the header could not be written.
                    throw notOverwritten(now.size());
                }
            }
            header = bytes(now, 0, HEADER);
            boolean[] isWhole = {false};
            try {
                session.commitBy(() -> isWhole[0] = write(connection, whole, now, wanted, header));
            } finally {
                if (hasLog) {
                    useLogAgain(connection, now);
                }
            }
            if (isWhole[0]) {
                return backup;
            }
        } catch (Refusal refusal) {
            recover();
            throw refusal;
        }
        recover();
        if (bytes(now, 0, HEADER).equals(header) && isJournalSpent()) {
            backup.ifPresent(Backup::afterClose);
            throw notOverwritten(now.size());
        }
        throw notOverwritten(now.size())
                .leaving(backup.map(kept -> kept.file() + " is what was there")
                        .orElse("SQLite puts back what was there when it is opened next"));
    }

    /** Returns a connection that keeps everybody out until it is closed, in a transaction. */
    private SQLiteConnection locked() throws SQLException, IOException {
        Deadline deadline = Deadline.in(lockTimeout);
        Random random = new Random();
        while (true) {
            // Whoever waits for this lock holds a shared one: two would wait for each other, so each gives way at
            // times.
            Duration wait = Duration.ofMillis(random.nextInt(SHORTEST_WAIT, LONGEST_WAIT));
            SQLiteConnection connection = connect(wait.compareTo(deadline.left()) < 0 ? wait : deadline.left());
            try {
                try (Statement statement = connection.createStatement()) {
                    // A file that is shorter than it says can be locked and copied all the same.
                    statement.execute("PRAGMA writable_schema = ON");
                    statement.execute("PRAGMA locking_mode = EXCLUSIVE");
                }
                connection.setAutoCommit(false);
                return connection;
            } catch (SQLException e) {
                connection.close();
                Session.refuseIfStopping();
                if (SqliteError.primary(e) != SQLiteErrorCode.SQLITE_BUSY || deadline.isOver()) {
                    throw e;
                }
                Deadline.pause(wait);
            }
        }
    }

    private String revision(SQLiteConnection connection) throws SQLException {
        String revision = look.at(connection);
        try {
            return damage(connection, "quick_check").isPresent() ? DAMAGED : revision;
        } catch (SQLException e) {
            return DAMAGED;
        }
    }

    private static boolean hasTables(SQLiteConnection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            return result.getInt(1) > 0;
        } catch (SQLException e) {
            return true;
        }
    }

    private static void useLogAgain(SQLiteConnection connection, FileChannel now) {
        try {
            if (!hasLog(now)) {
                journalMode(connection, " = WAL");
            }
        } catch (SQLException | IOException e) {
            // The database is the old or the new one all the same.
        }
    }

    private Refusal notOverwritten(long size) throws IOException {
        long free = Files.getFileStore(file).getUsableSpace()
                + Path.of(file + "-journal").toFile().length();
        return Refusal.failed(
                file + " could not be overwritten; what was there, " + Backup.size(size)
                        + ", is kept beside it for that time, where " + Backup.size(free) + " are free",
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
    private boolean write(
            SQLiteConnection connection, Path whole, FileChannel now, FileChannel wanted, ByteBuffer header)
            throws SQLException {
        try (Brake brake = new Brake(whole, hasLog(wanted))) {
            long size = now.size();
            connection
                    .getDatabase()
                    .restore(
                            "main",
                            brake.uri(),
                            Backup.listener(connection, (done, total) -> {
                                progress.copied(done, total);
                                if (Session.isStopping()) {
                                    brake.pull();
                                }
                            }),
                            0,
                            0,
                            Backup.PAGES_AT_A_TIME);
            if (isSame(now, wanted) && isJournalSpent()) {
                return true;
            }
            if (now.size() == size && bytes(now, 0, HEADER).equals(header)) {
                throw Session.isStopping() ? Session.stopped() : notOverwritten(size);
            }
        } catch (IOException e) {
            // Then nobody knows what it is.
        }
        return false;
    }

    /**
     * Stops a copy that SQLite is making: it copies no further, and undoes what it did, when the source is locked. A source
     * that has a log or may not be written is copied to the end.
     */
    private static final class Brake implements AutoCloseable {

        private final Path source;
        private final boolean canLock;
        private SQLiteConnection lock;

        Brake(Path source, boolean hasLog) {
            this.source = source;
            this.canLock = !hasLog && Files.isWritable(source);
        }

        String uri() {
            return SqliteFile.uri(source) + (canLock ? "?mode=ro" : "?mode=ro&immutable=1");
        }

        void pull() {
            if (!canLock) {
                return;
            }
            try {
                if (lock == null) {
                    lock = SqliteFile.connect(
                            SqliteFile.uri(source) + "?mode=rw", Duration.ZERO, TransactionMode.EXCLUSIVE);
                }
                lock.setAutoCommit(false);
            } catch (SQLException e) {
                // Somebody else has a lock on it; then after the next pages.
            }
        }

        @Override
        public void close() throws SQLException {
            if (lock != null) {
                lock.close();
            }
        }
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

    /** Bytes 18 and 19 are 2 in a database with a write-ahead log. */
    private static boolean hasLog(FileChannel database) throws IOException {
        ByteBuffer version = bytes(database, 18, 1);
        return version.hasRemaining() && version.get() == 2;
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
