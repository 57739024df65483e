package seedarr.db.migrate;

import java.nio.file.Path;
import seedarr.db.backup.Backup;
import seedarr.db.state.Plan;
import seedarr.db.state.State;

/** Hears of a command's work as it goes on. None of it is durable before the command returns. */
public interface Progress extends Backup.Progress {

    /** Does not listen. */
    Progress NONE = new Progress() {};

    /** Called for each plan, when the lock is held and before its first revision. */
    default void begin(Plan plan, State state) {}

    /** Called while the database is copied, many times, with bytes. */
    @Override
    default void copied(long done, long total) {}

    /** Called when the database was backed up, with where the backup will lie when the command has succeeded. */
    default void backedUp(Path file) {}

    /** Called before a revision is applied, undone or recorded. */
    default void started(String revision) {}

    /** Called when one revision was applied or undone, with the time that it took. */
    default void done(String revision, long milliseconds) {}

    /** Called when something that was missing was made. */
    default void made(String what) {}

    /** Called when one revision was written into the history without being applied. */
    default void recorded(String revision) {}
}
