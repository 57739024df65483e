package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import seedarr.db.Refusal;
import seedarr.db.database.Session;

/**
 * What surrounds a command: the only way in and out, so that tests run a command in memory.
 *
 * @param folder the working directory
 * @param program where the program lies: its own liquibase.properties is in one of the folders above
 * @param isInteractive whether a person looks at {@code out}: colour only then
 */
record Terminal(
        PrintWriter out,
        PrintWriter err,
        Map<String, String> variables,
        Path folder,
        Path program,
        boolean isInteractive) {

    private static final AtomicBoolean STOP_IS_SAID = new AtomicBoolean();

    boolean hasColour() {
        return isInteractive && variables.getOrDefault("NO_COLOR", "").isEmpty();
    }

    String green(String text) {
        return coloured(32, text);
    }

    String yellow(String text) {
        return coloured(33, text);
    }

    String red(String text) {
        return coloured(31, text);
    }

    private String coloured(int colour, String text) {
        return hasColour() ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }

    /** The one place where an error becomes output; returns its exit code. */
    int print(Refusal refusal, boolean verbose) {
        synchronized (STOP_IS_SAID) {
            // The command and what stops it may both have it to say.
            if (!Session.isStopping() || STOP_IS_SAID.compareAndSet(false, true)) {
                out.flush();
                err.println(red("error:") + " " + refusal.getMessage());
                refusal.standing().ifPresent(err::println);
                err.println("try: " + refusal.remedy());
                if (verbose && refusal.getCause() != null) {
                    refusal.getCause().printStackTrace(err);
                }
            }
        }
        return refusal.exitCode();
    }

    /** Returns the text with spaces up to the width of the longest. */
    static String padded(String text, List<String> all) {
        int width = all.stream().mapToInt(String::length).max().orElse(0);
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
