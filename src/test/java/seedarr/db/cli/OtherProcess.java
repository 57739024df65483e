package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sqlite.SQLiteConnection;

/**
 * Another program that has the database open. A process of its own, because the locks of POSIX do not hold within one
 * process: whoever there closes a file gives up every lock on it.
 */
final class OtherProcess implements AutoCloseable {

    private final Process process;

    private OtherProcess(Process process) {
        this.process = process;
    }

    /** Starts a process that runs the SQL and then keeps its connection open until it is closed. */
    static OtherProcess holding(Path database, String sql) throws IOException {
        OtherProcess other = new OtherProcess(start(database, sql));
        int answer = other.process.getInputStream().read();
        assertThat(answer).as("the other process has run its SQL").isEqualTo('!');
        return other;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    private static Process start(Path database, String sql) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        // Java 24 and newer warn about the driver's library.
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        OtherProcess.class.getName(),
                        database.toString(),
                        sql)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What it needs and no more: with every driver and library of the tests, it takes a third longer to start. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.matches(".*(test-classes|sqlite-jdbc[^/]*|slf4j[^/]*)"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Closes the connection of the other process and waits for its end. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.onExit().join();
    }

    public static void main(String[] args) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0])) {
            ((SQLiteConnection) connection).getDatabase()._exec(args[1]);
            System.out.print('!');
            System.out.flush();
            System.in.read();
        }
    }
}
