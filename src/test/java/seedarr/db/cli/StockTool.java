package seedarr.db.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liquibase.integration.commandline.LiquibaseCommandLine;

/**
 * The official Liquibase command line, in a process and a folder of its own. It takes one command line after the other,
 * because it needs two seconds to start, and a tenth of one for a command.
 */
final class StockTool implements AutoCloseable {

    private static final String END = "\0";

    private final Process process;
    private final BufferedReader out;

    private StockTool(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    record Result(int exitCode, String output) {}

    /**
     * Starts it.
     *
     * @param folder where it finds liquibase.properties
     * @param classes an empty folder, for the only class of this project that it is to know
     */
    static StockTool in(Path folder, Path classes) throws IOException {
        String name = StockTool.class.getName().replace('.', '/') + ".class";
        Path copy = classes.resolve(name);
        Files.createDirectories(copy.getParent());
        try (var in = StockTool.class.getClassLoader().getResourceAsStream(name)) {
            Files.copy(in, copy);
        }
        String libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
        return new StockTool(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xlog:disable",
                        "-cp",
                        classes + File.pathSeparator + libraries,
                        StockTool.class.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start());
    }

    /** Runs a command line; no argument has a line break. */
    Result run(List<String> args) throws IOException {
        process.getOutputStream().write((String.join("\t", args) + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        StringBuilder output = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            int end = line.indexOf(END);
            if (end >= 0) {
                return new Result(Integer.parseInt(line.substring(end + 1)), output + line.substring(0, end));
            }
            output.append(line).append('\n');
        }
        throw new IOException("it has ended: " + output);
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int exitCode = new LiquibaseCommandLine().execute(line.split("\t"));
            System.err.flush();
            System.out.println(END + exitCode);
            System.out.flush();
        }
    }
}
