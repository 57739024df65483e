package seedarr.db.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;
import seedarr.db.ExitCode;
import seedarr.db.ProgramFiles;
import seedarr.db.Refusal;
import seedarr.db.database.Session;

/** The command {@code seedarr-db}, and the whole of its command tree. */
public final class SeedarrDb implements Runnable {

    /** With the second that the command has to say so, less than the 10 that Docker waits before it kills. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    /** The command tree. */
    private static final Map<String, Function<SeedarrDb, Subcommand>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("update", Update::new);
        COMMANDS.put("rollback", Rollback::new);
        COMMANDS.put("rollback-count", RollbackCount::new);
        COMMANDS.put("status", Status::new);
        COMMANDS.put("current", Current::new);
        COMMANDS.put("history", History::new);
        COMMANDS.put("show", Show::new);
        COMMANDS.put("verify", Verify::new);
        COMMANDS.put("adopt", Adopt::new);
        COMMANDS.put("revision", NewRevision::new);
        COMMANDS.put("restore", RestoreFile::new);
        COMMANDS.put("release-locks", ReleaseLocks::new);
        COMMANDS.put("generate-completion", Completion::new);
    }

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("seedarr-db");

    final Argument<String> url = Argument.option(
            spec,
            inherited("--url"),
            "URL",
            String.class,
            null,
            "The database, in the form of DATABASE_URL, as sqlite:///./data/seedarr.db.");
    final Argument<Path> defaultsFile = Argument.option(
            spec,
            inherited("--defaults-file"),
            "FILE",
            Path.class,
            null,
            "Another liquibase.properties, and with it another changelog.");
    final Argument<Boolean> verbose =
            Argument.flag(spec, inherited("-v", "--verbose"), "Show the details of an error.");
    final Argument<Boolean> quiet =
            Argument.flag(spec, inherited("-q", "--quiet"), "Print nothing but what was asked for, and errors.");

    final Terminal terminal;
    final CopyProgress copying;

    private SeedarrDb(Terminal terminal) {
        this.terminal = terminal;
        this.copying = new CopyProgress(terminal.err(), terminal.isInteractive());
        Argument.flag(spec, inherited("-h", "--help").usageHelp(true), "Show this help.");
        Argument.flag(spec, OptionSpec.builder("-V", "--version").versionHelp(true), "Show the version.");
        spec.versionProvider(new Installation.Version());
        spec.usageMessage()
                .description("Migrates Seedarr's database.")
                .synopsisSubcommandLabel("COMMAND")
                .sortOptions(false)
                .footer(
                        "",
                        "The database: --url, else DATABASE_URL, else url in liquibase.properties.",
                        "A revision: its name, a prefix that only one has, or head; base is before all.",
                        "Exit codes: 0 done, 1 failed and nothing changed, 2 wrong use, 3 the answer",
                        "is no (status --check, verify).");
    }

    private static OptionSpec.Builder inherited(String... names) {
        return OptionSpec.builder(names).scopeType(ScopeType.INHERIT);
    }

    /** Returns the whole command line. */
    static CommandLine whole(Terminal terminal) {
        return new SeedarrDb(terminal).commandLine(name -> true);
    }

    /** Returns the command line with some of the commands: to get one ready takes picocli a millisecond. */
    private CommandLine commandLine(Predicate<String> isWanted) {
        COMMANDS.forEach((name, command) -> {
            if (isWanted.test(name)) {
                spec.addSubcommand(name, command.apply(this).spec().name(name));
            }
        });
        return new CommandLine(spec).registerConverter(Path.class, Path::of);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "no command given");
    }

    public static void main(String[] args) {
        int exitCode = start(args);
        // System.exit looks for a logger first, in every jar.
        if (exitCode != ExitCode.DONE) {
            System.exit(exitCode);
        }
    }

    /** Runs one command in the process's surroundings and returns its exit code. */
    static int start(String... args) {
        // Liquibase folds the case of names by the default locale, and a Turkish one makes other letters of them.
        Locale.setDefault(Locale.ROOT);
        // The PostgreSQL driver makes the default time zone that of the session, and so of the times in the history.
        TimeZone.setDefault(new SimpleTimeZone(0, "UTC"));
        // Only English is spoken. The SQLite driver makes a date format for each connection, with every locale's data.
        System.setProperty("java.locale.providers", "FALLBACK");
        // Picocli would look for Groovy in every jar, and get ready to read dates and connections.
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", ".*");
        Terminal terminal = new Terminal(
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                ProgramFiles.code(),
                Boolean.getBoolean("seedarr.db.interactive"));
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(terminal, done)));
        int exitCode = run(terminal, args);
        done.countDown();
        return exitCode;
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
        ErrorReport errors = new ErrorReport(root);
        int exitCode = root.commandLine(List.of(args)::contains)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.hasColour() ? Ansi.ON : Ansi.OFF))
                .setHelpFactory((command, colours) -> new CommandLine.Help(
                        command.parent() == null ? whole(terminal).getCommandSpec() : command, colours))
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
