package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What surrounds a command: the only way in and out, so that tests run a command in memory.
 *
 * @param out where results go
 * @param err where everything else goes
 * @param variables the environment variables
 * @param folder the working directory, from which relative paths count
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

    boolean hasColour() {
        return isInteractive && variables.getOrDefault("NO_COLOR", "").isEmpty();
    }
}
