package seedarr.db.migrate;

/** Hears of a command's work as it goes on. None of it is durable before the command returns. */
public interface Progress {

    /** Called once, when the lock is held and before the first revision. */
    void begin(Plan plan);

    /** Called when one revision was applied or undone, with the time that it took. */
    void done(String revision, long milliseconds);
}
