package seedarr.db;

/** Every exit code of the command, but for a signal, which makes Java end with 128 and its number. */
public final class ExitCode {

    /** The command did what was asked. */
    public static final int DONE = 0;

    /** The work failed; unless the error says otherwise, nothing was changed. */
    public static final int FAILED = 1;

    /** Wrong use: an unknown option or revision, a database URL that names no database. Nothing was tried. */
    public static final int USAGE = 2;

    /**
     * The answer is no: {@code status --check} found pending, unknown or edited revisions, {@code verify} a fault,
     * {@code revision --check} a difference.
     */
    public static final int NO = 3;

    private ExitCode() {}
}
