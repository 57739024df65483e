package seedarr.db;

/**
 * An expected failure: what is wrong, what to do about it, and the exit code. It never holds a password, for its text
 * reaches the user as it is.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String remedy;

    private Refusal(int exitCode, String problem, String remedy, Throwable cause) {
        super(problem, cause);
        this.exitCode = exitCode;
        this.remedy = remedy;
    }

    /** Returns a refusal of wrong use ({@link ExitCode#USAGE}); the remedy completes "try: …". */
    public static Refusal usage(String problem, String remedy) {
        return new Refusal(ExitCode.USAGE, problem, remedy, null);
    }

    /** Returns a failure of the work ({@link ExitCode#FAILED}); the remedy completes "try: …". */
    public static Refusal failed(String problem, String remedy) {
        return new Refusal(ExitCode.FAILED, problem, remedy, null);
    }

    /** Returns this refusal with the error that led to it, which is shown with {@code --verbose}. */
    public Refusal because(Throwable cause) {
        return new Refusal(exitCode, getMessage(), remedy, cause);
    }

    /** Returns the exit code, one of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    /** Returns what to do, without a leading "try:". */
    public String remedy() {
        return remedy;
    }
}
