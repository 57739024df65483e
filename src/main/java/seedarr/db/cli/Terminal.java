package seedarr.db.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import seedarr.db.Refusal;

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

    /** A command to type, in a line for people. */
    private static final String HINT =
            "(?<![\\w./-])seedarr-db (?=--|(update|rollback|status|current|history|show|verify"
                    + "|adopt|revision|restore|backups|release-locks)\\b)";

    /** Whether a line can be taken back; a dumb terminal shows every character that controls another one. */
    boolean isLive() {
        return isInteractive && !"dumb".equals(variables.get("TERM"));
    }

    boolean hasColour() {
        return isLive() && variables.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Returns a line with the commands in it as this program was called: from a checkout, it is not on the path. */
    String hint(String line) {
        String called = variables.get("SEEDARR_DB_COMMAND");
        return called == null ? line : line.replaceAll(HINT, Matcher.quoteReplacement(Refusal.shellWord(called) + " "));
    }

    /** Returns the text with spaces up to the width of the longest. */
    static String padded(String text, List<String> all) {
        int width = all.stream().mapToInt(String::length).max().orElse(0);
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** Writes to one of the process's streams. */
    static PrintWriter writer(FileDescriptor descriptor) {
        FileOutputStream stream = new FileOutputStream(descriptor) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                try {
                    super.write(bytes, from, length);
                } catch (IOException e) {
                    // A reader that went away, such as head, has what it wanted.
                    if (!"Broken pipe".equals(e.getMessage())) {
                        throw e;
                    }
                }
            }
        };
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
