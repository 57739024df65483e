package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
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
        boolean isInteractive,
        ProgressLine progress) {

    private static final AtomicBoolean STOP_IS_SAID = new AtomicBoolean();

    /** A command to type, in a line for people. */
    private static final String HINT =
            "(?<![\\w./-])seedarr-db (?=--|(update|rollback|status|current|history|show|verify"
                    + "|adopt|revision|restore|backups|release-locks)\\b)";

    Terminal(
            PrintWriter out,
            PrintWriter err,
            Map<String, String> variables,
            Path folder,
            Path program,
            boolean isInteractive) {
        this(
                out,
                err,
                variables,
                folder,
                program,
                isInteractive,
                new ProgressLine(err, isInteractive && !isDumb(variables)));
    }

    /** Such a terminal shows every character that controls another one. */
    private static boolean isDumb(Map<String, String> variables) {
        return "dumb".equals(variables.get("TERM"));
    }

    boolean hasColour() {
        return isInteractive
                && !isDumb(variables)
                && variables.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Returns a line with the commands in it as this program was called: from a checkout, it is not on the path. */
    String hint(String line) {
        String called = variables.get("SEEDARR_DB_COMMAND");
        return called == null ? line : line.replaceAll(HINT, Matcher.quoteReplacement(Refusal.shellWord(called) + " "));
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

    /** The one place where an error becomes output, as an object on standard output as well; returns its exit code. */
    int print(Refusal refusal, boolean verbose, boolean json) {
        synchronized (STOP_IS_SAID) {
            // The command and what stops it may both have it to say.
            if (!Session.isStopping() || STOP_IS_SAID.compareAndSet(false, true)) {
                progress.begin("");
                if (json) {
                    out.println(new Json()
                            .with("error", refusal.getMessage())
                            .with("standing", refusal.standing())
                            .with("try", hint(refusal.remedy()))
                            .with("exitCode", Session.isStopping() ? null : refusal.exitCode()));
                }
                out.flush();
                err.println(red("error:") + " " + hint(refusal.getMessage()));
                refusal.standing().map(this::hint).ifPresent(err::println);
                err.println("try: " + hint(refusal.remedy()));
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
