package seedarr.db.cli;

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

    private static final Path ROOT = Path.of("").toAbsolutePath();

    /** The start script of the distribution on what the build packaged. */
    static Program packaged(Path folder) {
        return new Program(
                folder,
                List.of("sh", ROOT.resolve("src/main/dist/bin/seedarr-db").toString()),
                Map.of(
                        "SEEDARR_DB_LIB", ROOT.resolve("target/lib").toString(),
                        "JAVA_HOME", System.getProperty("java.home")));
    }

    /** The archive that the build made. */
    static Path archive() throws IOException {
        try (var files = Files.newDirectoryStream(ROOT.resolve("target"), "seedarr-db-*[0-9].tar.gz")) {
            return files.iterator().next();
        }
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
