package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line that runs as a process of its own, with what it writes in files.
 *
 * @param line the command line, to which arguments are added
 * @param variables environment variables, over those of the tests
 */
record Program(Path folder, List<String> line, Map<String, String> variables) {

    /** The command of the distribution. */
    static Program packaged(Path folder) {
        return packaged(folder, Distribution.FOLDER);
    }

    /** The command of a distribution that lies somewhere else. */
    static Program packaged(Path folder, Path distribution) {
        return new Program(
                folder,
                List.of("sh", distribution.resolve("bin/seedarr-db").toString()),
                Map.of("JAVA_HOME", System.getProperty("java.home")));
    }

    /** The distribution that the build made, unpacked, with the tests' changelog and its index in the place of its own. */
    static Path distribution() {
        return Distribution.FOLDER;
    }

    private static final class Distribution {

        /** One for each process of the tests, see pom.xml. */
        static final Path FOLDER = Path.of("target", System.getProperty("distribution", "distribution"))
                .toAbsolutePath();

        static {
            try {
                Command.Result result =
                        shell(FOLDER.getParent(), """
                        rm -rf "$2"
                        mkdir "$2"
                        tar xzf "$(ls -t seedarr-db-*.tar.gz | grep -v linux | head -1)" --strip-components=1 -C "$2"
                        cd "$2"
                        rm -r changelog liquibase.properties
                        cp -R "$1"/* .
                        "$JAVA_HOME/bin/java" -cp lib/seedarr-db.jar seedarr.db.cli.Packaging index
                        """).run(Folder.INSTALLATION.toString(), FOLDER.toString());
                assertThat(result).isEqualTo(new Command.Result(0, "", ""));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The jar of the distribution with further options of Java; without them, it would take twice as long. */
    static Program jar(Path folder, String... options) {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(List.of(options));
        line.addAll(List.of("-jar", distribution().resolve("lib/seedarr-db.jar").toString()));
        return new Program(folder, line, Map.of());
    }

    static Program shell(Path folder, String script) {
        return new Program(
                folder, List.of("sh", "-euc", script, "sh"), Map.of("JAVA_HOME", System.getProperty("java.home")));
    }

    Program with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Program(folder, line, more);
    }

    Program on(TestDatabase database) {
        return with("DATABASE_URL", database.url());
    }

    /** Puts words before the command line. */
    Program by(String... words) {
        List<String> longer = new ArrayList<>(List.of(words));
        longer.addAll(line);
        return new Program(folder, longer, variables);
    }

    Running start(String... args) throws IOException {
        List<String> all = new ArrayList<>(line);
        all.addAll(List.of(args));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        variables.forEach((name, value) -> builder.environment().put(name, value));
        builder.environment().remove("LANG");
        Process process = builder.start();
        process.getOutputStream().close();
        return new Running(process, out, err);
    }

    Command.Result run(String... args) throws IOException, InterruptedException {
        return start(args).result();
    }

    record Running(Process process, Path out, Path err) {

        /** Waits for its end. */
        Command.Result result() throws IOException, InterruptedException {
            int exitCode = process.waitFor();
            return new Command.Result(exitCode, read(out), read(err));
        }

        /** Waits until it has written this, or has ended. */
        void awaitOutput(String text) throws IOException, InterruptedException {
            while (process.isAlive() && !read(out).contains(text)) {
                Thread.sleep(5);
            }
        }

        private static String read(Path file) throws IOException {
            return Files.readString(file, StandardCharsets.UTF_8);
        }
    }
}
