package seedarr.db.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import seedarr.db.Refusal;

/** The database that a URL names, not yet opened. {@code toString()} is fit for people and holds no password. */
public sealed interface Target permits SqliteFile, PostgresServer {

    /** Returns how many bytes a file has, less than 0 where it is missing. A server's is there, or reading it fails. */
    default long size() {
        return Long.MAX_VALUE;
    }

    default boolean isThere() {
        return size() >= 0;
    }

    /** Returns Liquibase's short name of this kind of database: {@code sqlite} or {@code postgresql}. */
    default String kind() {
        return toString().replaceFirst("(?s):.*", "");
    }

    /**
     * Opens the database for reading, in one read transaction. Guarantees that nothing of it changes: no file, no folder,
     * no modification time. A SQLite file that is not there reads as an empty database and is not created.
     *
     * @param waiting how long to wait where a writer lets nobody read
     * @throws Refusal when it cannot be read, with the reason
     */
    Session read(Waiting waiting);

    /**
     * Opens the database for writing and takes its write lock, so that what is read from now on stays true until
     * {@link Session#commit()}. Closing without a commit undoes all, and removes a file and folders made here.
     *
     * @param waiting how long to wait for the lock, and for every lock that the session takes later
     * @throws Refusal when it cannot be written, or is still locked when that is spent
     */
    Session write(Waiting waiting);

    /** Sets how long to try again while a server is not up; without it, not at all. A file is there or not. */
    default void waitForServer(Duration atMost) {}

    /** Lets the database recover from a writer that was killed, before a command that writes reads it. */
    default void recover(Waiting waiting) {}

    /** Returns how long the URL itself asks to wait for a lock. */
    default Optional<Duration> lockTimeout() {
        return Optional.empty();
    }

    /** Returns whether SQL has ended the last {@link #write}. In SQLite it can only do so by undoing all. */
    default boolean isLeft() {
        return false;
    }

    /**
     * Turns an error of the driver into a sentence and what to do.
     *
     * @param statement what was run, as far as it is known; "databasechangelog" when the history was read
     */
    Refusal reason(SQLException error, String statement);

    /** Explains an error as {@link #reason} does; that it was stopped, where the program was. */
    default Refusal explain(SQLException error, String statement) {
        return (Session.isStopping() ? Session.stopped() : reason(error, statement)).because(error);
    }

    /** Explains an error in reading the history. */
    default Refusal explain(SQLException error) {
        return explain(error, "databasechangelog");
    }
}
