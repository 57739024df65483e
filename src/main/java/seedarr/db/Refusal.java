package seedarr.db;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/**
 * An expected failure: what is wrong, how the database stands, what to do, and the exit code. It becomes the lines that
 * the user sees, so it never holds a password.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String standing;
    private final String remedy;

    private Refusal(int exitCode, String problem, String standing, String remedy, Throwable cause) {
        super(problem, cause);
        this.exitCode = exitCode;
        this.standing = standing;
        this.remedy = remedy;
    }

    /** Returns a refusal of wrong use ({@link ExitCode#USAGE}); the remedy completes "try: …". */
    public static Refusal usage(String problem, String remedy) {
        return new Refusal(ExitCode.USAGE, problem, null, remedy, null);
    }

    /** Returns a failure of the work ({@link ExitCode#FAILED}); the remedy completes "try: …". */
    public static Refusal failed(String problem, String remedy) {
        return new Refusal(ExitCode.FAILED, problem, null, remedy, null);
    }

    /** Returns this refusal with the error that led to it, which is shown with {@code --verbose}. */
    public Refusal because(Throwable cause) {
        return new Refusal(exitCode, getMessage(), standing, remedy, cause);
    }

    /** Returns this refusal with a line that says how the database stands now. */
    public Refusal leaving(String howTheDatabaseStands) {
        return new Refusal(exitCode, getMessage(), howTheDatabaseStands, remedy, getCause());
    }

    /** Returns the name that somebody may have meant by a word; empty where none is like it. */
    public static Optional<String> nearest(String word, List<String> names) {
        // What all options begin with makes none of them like another.
        ToDoubleFunction<String> likeness =
                name -> new JaroWinklerSimilarity().apply(word.replaceFirst("^-+", ""), name.replaceFirst("^-+", ""));
        return names.stream()
                .filter(name -> likeness.applyAsDouble(name) > 0.8)
                .max(Comparator.comparingDouble(likeness));
    }

    /** Returns a word of a command as a shell reads it. */
    public static String shellWord(Object value) {
        String word = value.toString();
        return word.matches("[\\w./:@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    public int exitCode() {
        return exitCode;
    }

    /** Returns how the database stands after a failure; empty where the command did not get that far. */
    public Optional<String> standing() {
        return Optional.ofNullable(standing);
    }

    public String remedy() {
        return remedy;
    }
}
