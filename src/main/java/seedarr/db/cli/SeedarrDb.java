package seedarr.db.cli;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import seedarr.db.ExitCode;
import seedarr.db.ProgramFiles;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteFile;

/** The command {@code seedarr-db}, and the whole of its command tree. */
public final class SeedarrDb extends AnyCommand {

    final Supplier<String> url = option("--url URL", "The database, in the form of DATABASE_URL.");
    final Supplier<Path> defaultsFile = declare(
            "--defaults-file FILE", Path.class, null, "Another liquibase.properties, and with it another changelog.");
    final Supplier<Optional<Duration>> wait =
            seconds("--wait", "Wait up to SECONDS for a PostgreSQL server that is not up yet.");
    final Supplier<Boolean> json = flag("--json", "Print one JSON object, for an error as well.");
    final Supplier<Boolean> quiet = flag("-q --quiet", "Print only what was asked for, and errors.");
    final Supplier<Boolean> verbose = flag("-v --verbose", "Show the details of an error.");

    /** The end of the help, which is as long as a terminal with its prompt. */
    private static final String HELP = """
            Options (-h or --help shows those of a command, -V or --version the version):
              --url URL             the database           --json         print JSON
              --defaults-file FILE  another changelog      -q, --quiet    print answers only
              --wait SECONDS        wait for a server      -v, --verbose  errors in detail

            The database: --url, else DATABASE_URL, else url in liquibase.properties.
            Exit codes: 0 done, 1 failed (nothing changed), 2 wrong use, 3 answered no.
            """;

    /** What users of other tools type, and what to type here. */
    private static final String OTHER_WORDS = """
            upgrade migrate up apply -> update
            downgrade down undo -> rollback REV, or rollback-count 1
            stamp baseline changelog-sync -> adopt
            check -> status --check; revision --check, for what the models have and the changelog has not
            validate test -> verify
            info heads head list -> status
            log -> history
            help -> --help
            version -> --version
            """;

    final Terminal terminal;
    final ProgressLine progress;

    /** What a completion script knows in the place of REV. */
    final List<String> completed = new ArrayList<>(List.of(Revision.BASE, Revision.HEAD));

    /** Whether the command is done when it has changed something, also where nobody can read its output. */
    boolean isChange;

    private final List<String> words;
    private final CountDownLatch done = new CountDownLatch(1);
    private boolean isStopSaid;

    /** Makes the command tree with the commands among the words, or with all where there are none: each takes a millisecond. */
    SeedarrDb(Terminal terminal, String... args) {
        this.terminal = terminal;
        progress = new ProgressLine(terminal.err(), terminal.isLive());
        words = List.of(args);
        flag("-h --help", "Show this help.");
        flag("-V --version", "Show the version.");
        spec.name("seedarr-db").versionProvider(SeedarrDb::version);
        spec.usageMessage()
                .abbreviateSynopsis(true)
                .synopsisSubcommandLabel("COMMAND")
                .sectionKeys(List.of("synopsisHeading", "synopsis", "commandListHeading", "commandList", "footer"))
                .footer(HELP.split("\n"));
        add("update", Writing.Update::new, "Apply the pending revisions, up to and including REV.");
        add("rollback", Writing.Rollback::new, "Undo the revisions after REV; base undoes all.");
        add("rollback-count", Writing.RollbackCount::new, "Undo the last N revisions.");
        add("status", Answers.Status::new, "Show what is applied, pending, edited or unknown.");
        add("current", Answers.Current::new, "Print the current revision.");
        add("history", Answers.History::new, "List all revisions, and when each was applied (UTC).");
        add("show", Answers.Show::new, "Show one revision: what it is for, its SQL up and down.");
        add("verify", Answers.Verify::new, "Prove the changelog, and find drift in the database.");
        add("adopt", Writing.Adopt::new, "Take over a database that Alembic or Seedarr made.");
        add("revision", NewRevision::new, "Write a new revision and include it in the changelog.");
        add("restore", Changing.RestoreFile::new, "Put a backup of a SQLite database back.");
        add("backups", Changing.Backups::new, "List the backups of a SQLite database, newest first.");
        add("release-locks", Changing.ReleaseLocks::new, "Free the lock that a killed Liquibase left.");
        add("generate-completion", Answers.Completion::new, "Print a completion script for bash and zsh.");
    }

    private void add(String name, Supplier<AnyCommand> command, String description) {
        if (words.isEmpty() || words.contains(name)) {
            CommandSpec added = command.get().spec.name(name);
            added.usageMessage().description(description).abbreviateSynopsis(true);
            // The command's own ones come first so.
            added.usageMessage().sortOptions(false);
            spec.addSubcommand(name, added);
        }
    }

    private static String[] version() throws IOException {
        try (var in = SeedarrDb.class.getResourceAsStream("version.txt")) {
            return new String[] {new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
        }
    }

    @Override
    void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
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
        // The SQLite driver would look for a logger in every jar.
        System.setProperty("slf4j.provider", "org.slf4j.nop.NOPServiceProvider");
        System.setProperty("slf4j.internal.verbosity", "WARN");
        Map<String, String> variables = System.getenv();
        boolean isCommand = args.length > 0 && !args[0].startsWith("-");
        if (isCommand && !(List.of(args) + variables.get("DATABASE_URL")).contains("postgres")) {
            loadDriver();
        }
        Terminal terminal = new Terminal(
                Terminal.writer(FileDescriptor.out),
                Terminal.writer(FileDescriptor.err),
                variables,
                Path.of("").toAbsolutePath(),
                ProgramFiles.code(),
                Boolean.getBoolean("seedarr.db.interactive"));
        SeedarrDb root = new SeedarrDb(terminal, args);
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(root::stop));
        } catch (IllegalStateException e) {
            // A signal was faster, and the exit code is its own.
            return ExitCode.FAILED;
        }
        return root.execute();
    }

    /** Loads SQLite's driver while the command line is read: a tenth of a start. Its errors come again where it is needed. */
    private static void loadDriver() {
        Thread thread = new Thread(SqliteFile::load);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((itself, error) -> {});
        thread.start();
    }

    /** Called when the process ends: by a signal, unless the command is done. The exit code is Java's then, 128 and more. */
    private void stop() {
        if (done.getCount() == 0) {
            return;
        }
        // With the second that the command has to say so, less than the 10 that Docker waits before it kills.
        Session.stopAll(Duration.ofSeconds(7));
        try {
            // The command itself says how the database stands, unless it waits for something.
            if (!done.await(1, TimeUnit.SECONDS)) {
                print(Session.stopped().leaving(Session.standing()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int run(Terminal terminal, String... args) {
        return new SeedarrDb(terminal, args).execute();
    }

    private int execute() {
        CommandLine line = new CommandLine(spec)
                .registerConverter(Path.class, Path::of)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.hasColour() ? Ansi.ON : Ansi.OFF))
                .setHelpFactory((command, colours) ->
                        new CommandLine.Help(command == spec ? new SeedarrDb(terminal).spec : command, colours))
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((error, args) -> print(refusal(error)))
                .setExecutionExceptionHandler((error, command, parsed) -> print(refusal(error)));
        int exitCode;
        try {
            exitCode = line.execute(words.toArray(new String[0]));
        } catch (LinkageError | VirtualMachineError e) {
            // A file of the program is missing, or there is no memory or no stack left.
            exitCode = print(refusal(e));
        }
        if (terminal.out().checkError() && exitCode == ExitCode.DONE) {
            String problem = "standard output could not be written";
            if (isChange) {
                terminal.err().println("note: done, but " + problem);
            } else {
                exitCode = print(Refusal.failed(problem, "another place for it"));
            }
        }
        terminal.err().flush();
        done.countDown();
        return exitCode;
    }

    /** The one place where an error becomes output, as an object on standard output as well; returns its exit code. */
    private synchronized int print(Refusal refusal) {
        // The command and what stops it may both have it to say.
        if (!isStopSaid) {
            isStopSaid = Session.isStopping();
            progress.begin("");
            // Also where the command line was not understood.
            if (words.contains("--json")) {
                terminal.out()
                        .println(new Json()
                                .with("error", refusal.getMessage())
                                .with("standing", refusal.standing())
                                .with("try", terminal.hint(refusal.remedy()))
                                .with("exitCode", isStopSaid ? null : refusal.exitCode()));
            }
            terminal.out().flush();
            PrintWriter err = terminal.err();
            err.println(painted(RED, "error:") + " " + terminal.hint(refusal.getMessage()));
            refusal.standing().map(terminal::hint).ifPresent(err::println);
            err.println("try: " + terminal.hint(refusal.remedy()));
            if (verbose.get() && refusal.getCause() != null) {
                refusal.getCause().printStackTrace(err);
            }
        }
        return refusal.exitCode();
    }

    private Refusal refusal(Throwable error) {
        if (error instanceof Refusal known) {
            return known;
        }
        if (!(error instanceof ParameterException wrong)) {
            String remedy = "the same command with --verbose, and a report of what it prints";
            return Refusal.failed("unexpected: " + error, remedy).because(error);
        }
        // A URL, misplaced, may hold a password.
        String message = wrong.getMessage()
                .replaceFirst("(?s)[\\w+:]*://.*", "a URL")
                .replaceFirst("(?i)^unmatched arguments? (at|from) index \\d+:", "not understood:")
                .replaceFirst("positional parameter at index \\d+ \\((.+?)\\)", "$1")
                .replace("is not an int", "cannot be read as a whole number");
        return Refusal.usage(Character.toLowerCase(message.charAt(0)) + message.substring(1), remedy(wrong));
    }

    /** Returns the command or the option that was meant, as far as that can be told; else where all of them stand. */
    private String remedy(ParameterException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String help = command.qualifiedName() + " --help";
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return help;
        }
        String word = unmatched.getUnmatched().get(0);
        CommandSpec known = command == spec ? new SeedarrDb(terminal).spec : command;
        Map<String, ?> names = word.startsWith("-") ? known.optionsMap() : known.subcommands();
        return OTHER_WORDS
                .lines()
                .map(line -> line.split(" -> "))
                .filter(pair -> command == spec && List.of(pair[0].split(" ")).contains(word))
                .map(pair -> pair[1])
                .findFirst()
                .or(() -> Refusal.nearest(word, List.copyOf(names.keySet())))
                .map(name -> command.qualifiedName() + " " + name)
                .filter(name -> !name.equals(help))
                .map(name -> name + "; or " + help)
                .orElse(help);
    }
}
