package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs commands in memory, as if called in a folder with some environment variables. */
record Command(Path folder, Map<String, String> variables, Path installation, boolean isInteractive) {

    static Command in(Path folder) {
        return new Command(folder, Map.of(), Folder.INSTALLATION.resolve("liquibase.properties"), false);
    }

    /** A command that was installed with another liquibase.properties. */
    Command with(Path properties) {
        return new Command(folder, variables, properties, isInteractive);
    }

    /** A command whose output a person looks at. */
    Command onTerminal() {
        return new Command(folder, variables, installation, true);
    }

    Command with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Command(folder, more, installation, isInteractive);
    }

    /** Names the database by DATABASE_URL. */
    Command on(String url) {
        return with("DATABASE_URL", url);
    }

    Result run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = SeedarrDb.run(
                new Terminal(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        variables,
                        folder,
                        installation.resolveSibling("seedarr-db"),
                        isInteractive),
                args);
        Result result = new Result(exitCode, out.toString(), err.toString());
        assertThat(result.out() + result.err()).doesNotContain(PostgresTestServer.PASSWORD);
        String said = result.err().replaceAll("\r[^\n\r]*\u001b\\[K", "");
        // Success is silent on standard error but for a note, and no failure is silent there.
        assertThat(said.replaceFirst("\\Anote: not managed yet.*\n\\z", "").isEmpty())
                .as("%s: standard error of exit code %s: %s", List.of(args), exitCode, result.err())
                .isEqualTo(exitCode == 0 || exitCode == 3);
        if (!List.of(args).contains("--verbose")) {
            assertThat(said.lines().count()).as(result.err()).isLessThanOrEqualTo(3);
        }
        return result;
    }

    /** Returns what a command printed, but for the line that names the backup. */
    static String withoutBackup(String out) {
        return out.replaceFirst("backup: seedarr-db restore \\S+\\.bak puts back what was there\n\\z", "");
    }

    /** Runs a command that has to succeed. */
    String succeed(String... args) {
        Result result = run(args);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out();
    }

    record Result(int exitCode, String out, String err) {
        Optional<String> firstErrorLine() {
            return err.lines().findFirst();
        }
    }
}
