package seedarr.db.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.database.Session;

/** The command {@code seedarr-db}, and the whole of its command tree. */
@Command(
        name = "seedarr-db",
        description = "Migrates Seedarr's database.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Installation.Version.class,
        sortOptions = false,
        subcommands = {
            Update.class,
            Rollback.class,
            RollbackCount.class,
            Status.class,
            Current.class,
            History.class,
            Show.class,
            Verify.class,
            Adopt.class,
            NewRevision.class,
            RestoreFile.class,
            ReleaseLocks.class,
            Completion.class
        },
        footer = {
            "",
            "The database: --url, else DATABASE_URL, else url in liquibase.properties.",
            "A revision: its name, a prefix that only one has, or head; base is before all.",
            "Exit codes: 0 done, 1 failed and nothing changed, 2 wrong use, 3 the answer",
            "is no (status --check, verify)."
        })
public final class SeedarrDb implements Runnable {

    /** With the second that the command has to say so, less than the 10 that Docker waits before it kills. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The database, in the form of DATABASE_URL, as sqlite:///./data/seedarr.db.")
    String url;

    @Option(
            names = "--defaults-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Another liquibase.properties, and with it another changelog.")
    Path defaultsFile;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show the details of an error.")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print nothing but what was asked for, and errors.")
    boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    final Terminal terminal;
    final CopyProgress copying;

    private SeedarrDb(Terminal terminal) {
        this.terminal = terminal;
        this.copying = new CopyProgress(terminal.err(), terminal.isInteractive());
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(new CommandLine(this), "no command given");
    }

    public static void main(String[] args) {
        // Liquibase folds the case of names by the default locale, and a Turkish one makes other letters of them.
        Locale.setDefault(Locale.ROOT);
        // The PostgreSQL driver makes the default time zone that of the session, and so of the times in the history.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Terminal terminal = new Terminal(
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Boolean.getBoolean("seedarr.db.interactive"));
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(terminal, done)));
        int exitCode = run(terminal, args);
        done.countDown();
        System.exit(exitCode);
    }

    /** Called when the process ends: by a signal, unless the command is done. The exit code is Java's then, 128 and more. */
    private static void stop(Terminal terminal, CountDownLatch done) {
        if (done.getCount() == 0) {
            return;
        }
        Session.stopAll(PATIENCE);
        try {
            // The command itself says how the database stands, unless it waits for something.
            if (!done.await(1, TimeUnit.SECONDS)) {
                Refusal stopped = Session.stopped().leaving(Session.standing());
                new ErrorReport(new SeedarrDb(terminal)).print(stopped, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs one command and returns its exit code, one of {@link ExitCode}. */
    static int run(Terminal terminal, String... args) {
        SeedarrDb root = new SeedarrDb(terminal);
        CommandLine commandLine = new CommandLine(root);
        ErrorReport errors = new ErrorReport(root);
        int exitCode = commandLine
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.hasColour() ? Ansi.ON : Ansi.OFF))
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .execute(args);
        return errors.checkOutput(exitCode);
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        OutputStream stream = new FileOutputStream(descriptor) {
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
