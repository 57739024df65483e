package seedarr.db.migrate;

/** Hears of a command's work as it goes on. None of it is durable before the command returns. */
public interface Progress {

    /** Does not listen. */
    Progress NONE = new Progress() {
        @Override
        public void begin(Plan plan, State state) {}

        @Override
        public void done(String revision, long milliseconds) {}

        @Override
        public void made(String index) {}

        @Override
        public void recorded(String revision) {}
    };

    /** Called for each plan, when the lock is held and before its first revision. */
    void begin(Plan plan, State state);

    /** Called when one revision was applied or undone, with the time that it took. */
    void done(String revision, long milliseconds);

    /** Called when a missing index was made. */
    void made(String index);

    /** Called when one revision was written into the history without being applied. */
    void recorded(String revision);
}
