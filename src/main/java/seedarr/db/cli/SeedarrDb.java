package seedarr.db.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;
import seedarr.db.ExitCode;
import seedarr.db.ProgramFiles;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;

/** The command {@code seedarr-db}, and the whole of its command tree. */
public final class SeedarrDb extends AnyCommand {

    final Supplier<String> url = option(
            inherited("--url").paramLabel("URL"),
            String.class,
            "The database, in the form of DATABASE_URL, as sqlite:///./data/seedarr.db.");
    final Supplier<Path> defaultsFile = option(
            inherited("--defaults-file").paramLabel("FILE"),
            Path.class,
            "Another liquibase.properties, and with it another changelog.");
    final Supplier<Integer> wait = option(
            inherited("--wait").paramLabel("SECONDS"),
            Integer.class,
            "Wait so long for a PostgreSQL server that is not up yet.");
    final Supplier<Boolean> verbose = flag(inherited("-v", "--verbose"), "Show the details of an error.");
    final Supplier<Boolean> quiet =
            flag(inherited("-q", "--quiet"), "Print nothing but what was asked for, and errors.");
    final Supplier<Boolean> json = flag(inherited("--json"), "Print one object of JSON, for an error as well.");

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

    /** What a completion script knows. */
    List<Revision> revisions = List.of();

    private final Predicate<String> isWanted;
    final Terminal terminal;

    /** Makes the command tree, with some of the commands: to get one ready takes picocli a millisecond. */
    private SeedarrDb(Terminal terminal, Predicate<String> isWanted) {
        this.terminal = terminal;
        this.isWanted = isWanted;
        flag(inherited("-h", "--help").usageHelp(true), "Show this help.");
        flag(OptionSpec.builder("-V", "--version").versionHelp(true), "Show the version.");
        spec.name("seedarr-db").versionProvider(SeedarrDb::version);
        spec.usageMessage()
                .description("Migrates Seedarr's database.")
                .synopsisSubcommandLabel("COMMAND")
                .sortOptions(false)
                .footer(
                        "",
                        "The database: --url, else DATABASE_URL, else url in liquibase.properties.",
                        "A revision: its name, a prefix that only one has, or head; base is before all.",
                        "Exit codes: 0 done, 1 failed and nothing changed, 2 wrong use, 3 the answer",
                        "is no (status --check, verify, revision --check).");
        add("update", Writing.Update::new, "Apply what is pending, up to and including REV.");
        add("rollback", Writing.Rollback::new, "Undo until REV is the current revision; base undoes all.");
        add("rollback-count", Writing.RollbackCount::new, "Undo the last N revisions.");
        add("status", Answers.Status::new, "Show what is applied, pending, edited since, and unknown.");
        add("current", Answers.Current::new, "Print the revision of the database; base is before the first.");
        add("history", Answers.History::new, "List every revision, and when it was applied (UTC).");
        add("show", Answers.Show::new, "Show one revision: what it is for, its SQL up and down for this database.");
        add("verify", Answers.Verify::new, "Prove the changelog, and compare the database with its revision.");
        add("adopt", Writing.Adopt::new, "Take over a database that Alembic or the application made.");
        add("revision", NewRevision::new, "Write a new revision and include it in the changelog.");
        add("restore", Changing.RestoreFile::new, "Put a backup of a SQLite database back.");
        add("backups", Changing.Backups::new, "List the backups of a SQLite database, newest first.");
        add("release-locks", Locking.ReleaseLocks::new, "Free the lock row that a killed Liquibase left.");
        add("generate-completion", Answers.Completion::new, "Print a completion script for bash and zsh.");
    }

    private static OptionSpec.Builder inherited(String... names) {
        return OptionSpec.builder(names).scopeType(ScopeType.INHERIT);
    }

    private void add(String name, Supplier<AnyCommand> command, String description) {
        if (isWanted.test(name)) {
            CommandSpec added = command.get().spec.name(name);
            added.usageMessage().description(description);
            spec.addSubcommand(name, added);
        }
    }

    static CommandLine whole(Terminal terminal) {
        return new CommandLine(new SeedarrDb(terminal, name -> true).spec);
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
        Terminal terminal = new Terminal(
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                ProgramFiles.code(),
                Boolean.getBoolean("seedarr.db.interactive"));
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(terminal, done, isJson(args))));
        int exitCode = run(terminal, args);
        done.countDown();
        return exitCode;
    }

    /** Called when the process ends: by a signal, unless the command is done. The exit code is Java's then, 128 and more. */
    private static void stop(Terminal terminal, CountDownLatch done, boolean isJson) {
        if (done.getCount() == 0) {
            return;
        }
        // With the second that the command has to say so, less than the 10 that Docker waits before it kills.
        Session.stopAll(Duration.ofSeconds(7));
        try {
            // The command itself says how the database stands, unless it waits for something.
            if (!done.await(1, TimeUnit.SECONDS)) {
                terminal.print(Session.stopped().leaving(Session.standing()), false, isJson);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs one command and returns its exit code, one of {@link ExitCode}. */
    static int run(Terminal terminal, String... args) {
        SeedarrDb root = new SeedarrDb(terminal, List.of(args)::contains);
        CommandLine line = new CommandLine(root.spec);
        int exitCode = line.registerConverter(Path.class, Path::of)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.hasColour() ? Ansi.ON : Ansi.OFF))
                .setHelpFactory((command, colours) -> new CommandLine.Help(
                        command.parent() == null ? whole(terminal).getCommandSpec() : command, colours))
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((error, words) -> root.print(error, words))
                .setExecutionExceptionHandler((error, command, parsed) -> root.print(error, args))
                .execute(args);
        if (terminal.out().checkError() && exitCode == ExitCode.DONE) {
            ParseResult command = line.getParseResult().subcommand();
            Object asked = command == null ? root : command.commandSpec().userObject();
            if (!((AnyCommand) asked).isChange()) {
                return root.print(Refusal.failed("standard output could not be written", "another place for it"), args);
            }
            terminal.err().println("note: done, but standard output could not be written");
        }
        terminal.err().flush();
        return exitCode;
    }

    /** Whether an error is to be an object as well, also where the command line was not understood. */
    private static boolean isJson(String... args) {
        return List.of(args).contains("--json");
    }

    private int print(Exception error, String... args) {
        String remedy = "the same command with --verbose, and a report of what it prints";
        Refusal refusal = Refusal.failed("unexpected: " + error, remedy).because(error);
        if (error instanceof Refusal known) {
            refusal = known;
        } else if (error instanceof ParameterException wrong) {
            // A URL, misplaced, may hold a password.
            String message = wrong.getMessage()
                    .replaceFirst("(?s)[\\w+:]*://.*", "a URL")
                    .replaceFirst("(?i)^unmatched arguments? (at|from) index \\d+:", "not understood:")
                    .replaceFirst("positional parameter at index \\d+ \\((.+?)\\)", "$1")
                    .replace("is not an int", "cannot be read as a whole number");
            refusal = Refusal.usage(Character.toLowerCase(message.charAt(0)) + message.substring(1), remedy(wrong));
        }
        return terminal.print(refusal, verbose.get(), isJson(args));
    }

    /** Returns the command or the option that was meant, as far as that can be told; else where all of them stand. */
    private String remedy(ParameterException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String help = command.qualifiedName() + " --help";
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return help;
        }
        String word = unmatched.getUnmatched().get(0);
        CommandSpec known = command == spec ? whole(terminal).getCommandSpec() : command;
        Stream<String> names =
                word.startsWith("-") ? known.optionsMap().keySet().stream() : known.subcommands().keySet().stream();
        Optional<String> meant = OTHER_WORDS
                .lines()
                .filter(line -> command == spec
                        && List.of(line.replaceFirst(" ->.*", "").split(" ")).contains(word))
                .map(line -> line.replaceFirst(".* -> ", ""))
                .findFirst();
        return meant.or(() -> Refusal.nearest(word, names.toList()))
                .map(name -> command.qualifiedName() + " " + name)
                .filter(name -> !name.equals(help))
                .map(name -> name + "; or " + help)
                .orElse(help);
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
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
