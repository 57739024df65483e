package seedarr.db.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import seedarr.db.Refusal;

/** The database that a URL names, not yet opened. {@code toString()} is fit for people and holds no password. */
public sealed interface Target permits SqliteFile, PostgresServer {

    /** Returns the target of a parsed URL. */
    static Target of(DatabaseUrl url) {
        return url instanceof SqliteUrl sqlite ? new SqliteFile(sqlite) : new PostgresServer((PostgresUrl) url);
    }

    /**
     * Opens an empty SQLite database in memory, whatever kind of database the URL names. A statement that runs on and on
     * fails in it.
     */
    static Connection memory() throws SQLException {
        return SqliteFile.memory();
    }

    /** Returns whether the database is there: a file that is missing is not yet. A server's is, or reading it fails. */
    default boolean isThere() {
        return true;
    }

    /** Returns Liquibase's short name of this kind of database: {@code sqlite} or {@code postgresql}. */
    String kind();

    /**
     * Opens the database for reading, in one read transaction. Guarantees that nothing of it changes: no file, no folder,
     * no modification time. A SQLite file that is not there reads as an empty database and is not created.
     *
     * @param lockTimeout how long to wait where a writer lets nobody read
     * @throws Refusal when it cannot be read, with the reason
     */
    Session read(Duration lockTimeout);

    /**
     * Opens the database for writing and takes its write lock, so that what is read from now on stays true until
     * {@link Session#commit()}. Closing without a commit undoes all, and removes a file and folders made here.
     *
     * @param lockTimeout how long to wait for the lock
     * @throws Refusal when it cannot be written, or is still locked after the timeout
     */
    Session write(Duration lockTimeout);

    /**
     * Backs the database up as the session's transaction found it. The backup stays with the session's commit and goes
     * without it.
     *
     * @param revision what the database is at, for the name of the file
     * @return where the backup will lie; empty where there is nothing to lose, and for a server, whose backups are its own
     */
    default Optional<Path> backUp(Session session, String revision, Backup.Progress progress) {
        return Optional.empty();
    }

    /** Looks at an open database, and returns what it is at. */
    interface Look {
        String at(Connection connection) throws SQLException;
    }

    /**
     * Puts a copy of a SQLite database in the place of this one, whole or not at all.
     *
     * @param look is asked before anything changes, with everybody else locked out; what it throws stops the command
     * @return the backup of what was there; empty where nothing was, or none was wanted
     * @throws Refusal when the copy is damaged, the database in use, or there is no room; then nothing was changed
     */
    Optional<Backup> restore(
            Target copy, Duration lockTimeout, Look look, boolean withBackup, Backup.Progress progress);

    /** Returns the target of a SQLite file. */
    static Target ofFile(Path file) {
        return new SqliteFile(new SqliteUrl(SqliteUrl.physical(file.toAbsolutePath()), Optional.empty()));
    }

    /**
     * Sets how long to try again while a server refuses connections or is starting up; without it, not at all. A file is
     * there or not, so this is nothing to SQLite.
     */
    default void waitForServer(Duration atMost) {}

    /** Lets the database recover from a writer that was killed, before a command that writes reads it. */
    default void recover(Duration lockTimeout) {}

    /** Returns how long the URL itself asks to wait for a lock. */
    Optional<Duration> lockTimeout();

    /**
     * Turns an error of the driver into a sentence and what to do.
     *
     * @param statement what was run, as far as it is known; "databasechangelog" when the history was read
     */
    Refusal explain(SQLException error, String statement);

    /** Explains an error in reading the history. */
    default Refusal explain(SQLException error) {
        return explain(error, "databasechangelog");
    }
}
