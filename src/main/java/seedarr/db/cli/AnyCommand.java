package seedarr.db.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.database.DatabaseUrl;
import seedarr.db.database.Target;
import seedarr.db.migrate.Migrations;
import seedarr.db.state.StateReader;

/** What every command shares: it finds its database and its changelog, makes one call, prints lines. */
abstract class AnyCommand implements Callable<Integer> {

    static final int RED = 31;
    static final int GREEN = 32;
    static final int YELLOW = 33;

    /** Declared by calls, not by picocli's annotations: to read those by reflection took 35 ms of each start. */
    final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    /** For a command whose answer is no. */
    int exitCode = ExitCode.DONE;

    /** What --json prints in the place of the lines. */
    final Json answer = new Json();

    /** Whether the lines about what the command does are what was asked for. */
    boolean isAsked;

    private Installation installation;
    private Target target;

    /** Declares an option that has no value, in words: {@code "-v --verbose"}. */
    final Supplier<Boolean> flag(String words, String description) {
        return declare(words, Boolean.class, false, description);
    }

    /** Declares an option or the one parameter: {@code "-m --message TEXT"}, {@code "REV"}, {@code "[REV]"}; null if not given. */
    final Supplier<String> option(String words, String description) {
        return declare(words, String.class, null, description);
    }

    /** Declares the same for a whole number. */
    final Supplier<Integer> number(String words, String description) {
        return declare(words, Integer.class, null, description);
    }

    /** Declares any of these; the name of a {@link Path} is completed by a shell. */
    final <T> Supplier<T> declare(String words, Class<T> type, T otherwise, String description) {
        String label = otherwise == null ? words.substring(words.lastIndexOf(' ') + 1) : "";
        // What a shell completes, asked for only when a script for it is made.
        Iterable<String> candidates =
                !label.contains("REV") ? null : () -> root().completed.iterator();
        boolean isRequired = !label.startsWith("[");
        boolean isVersion = words.endsWith("--version");
        ArgSpec argument = words.startsWith("-")
                ? OptionSpec.builder(words.substring(0, words.length() - label.length())
                                .split(" "))
                        .paramLabel(label)
                        .type(type)
                        .description(description)
                        .completionCandidates(candidates)
                        .usageHelp(words.endsWith("--help"))
                        .versionHelp(isVersion)
                        .scopeType(this instanceof SeedarrDb && !isVersion ? ScopeType.INHERIT : ScopeType.LOCAL)
                        .build()
                : PositionalParamSpec.builder()
                        .index("0")
                        .arity(isRequired ? "1" : "0..1")
                        .required(isRequired)
                        .paramLabel(isRequired ? label : label.substring(1, label.length() - 1))
                        .type(type)
                        .description(description)
                        .completionCandidates(candidates)
                        .build();
        spec.add(argument);
        return () -> argument.getValue() == null ? otherwise : argument.getValue();
    }

    /** Declares an option that says how long to wait; empty if not given. */
    final Supplier<Optional<Duration>> seconds(String name, String description) {
        Supplier<Integer> seconds = number(name + " SECONDS", description);
        return () -> {
            if (seconds.get() != null && seconds.get() < 0) {
                throw Refusal.usage(name + " cannot be less than 0", "0, not to wait at all, or more");
            }
            return Optional.ofNullable(seconds.get()).map(Duration::ofSeconds);
        };
    }

    /** Declares how long a command waits that writes to the database. */
    final Supplier<Duration> lockTimeout() {
        var given = seconds(
                "--lock-timeout", "Wait up to SECONDS for a locked database (default: 30, or the timeout in the URL).");
        return () -> given.get().or(target()::lockTimeout).orElse(Duration.ofSeconds(30));
    }

    @Override
    public Integer call() {
        run();
        root().progress.begin("");
        if (root().json.get() && !answer.toString().equals("{}")) {
            terminal().out().println(answer);
        }
        return exitCode;
    }

    abstract void run();

    final SeedarrDb root() {
        return (SeedarrDb) spec.root().userObject();
    }

    final Terminal terminal() {
        return root().terminal;
    }

    final String painted(int colour, String text) {
        return terminal().hasColour() ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }

    /** Prints a line of what was asked for. */
    final void show(String line) {
        if (!root().json.get()) {
            root().progress.print(terminal().out(), terminal().hint(line));
        }
    }

    /** Prints a line about what the command does: not with --quiet. */
    final void tell(String line) {
        if (isAsked || !root().quiet.get()) {
            show(line);
        }
    }

    /** Names what may take long, for as long as it does. */
    public final void started(String step) {
        if (!root().quiet.get()) {
            root().progress.begin(step);
        }
    }

    /** Says on standard error what belongs beside the answer: not with --quiet. */
    final void note(String sentence) {
        if (!root().quiet.get()) {
            root().progress.print(terminal().err(), terminal().hint("note: " + sentence));
        }
    }

    final Installation installation() {
        if (installation == null) {
            Path file = root().defaultsFile.get();
            installation = file == null
                    ? Installation.own(terminal().program())
                    : Installation.read(terminal().folder().resolve(file));
        }
        return installation;
    }

    final Changelog changelog() {
        return installation().changelog();
    }

    /** Returns the database that the command line or the environment names; asked for by those that need one. */
    final Target target() {
        if (target == null) {
            String url = root().url.get();
            String variable = terminal().variables().get("DATABASE_URL");
            target = url != null
                    ? target(url, "--url")
                    : variable != null
                            ? target(variable, "DATABASE_URL")
                            : target(installation().url(), "url in liquibase.properties");
            root().wait
                    .get()
                    .filter(atMost -> target.kind().equals("postgresql"))
                    .ifPresent(atMost -> {
                        started("waiting for the server");
                        target.waitForServer(atMost);
                    });
        }
        return target;
    }

    final Target target(String url, String source) {
        return DatabaseUrl.parse(url, source, terminal().folder(), terminal().variables());
    }

    final StateReader reader() {
        return new StateReader(changelog(), target());
    }

    final Migrations migrations() {
        return new Migrations(changelog(), target(), reader());
    }

    /** Says which database a command is about; asked before the command makes or fills it. */
    final String place(String whereItIsMissing) {
        String note = target().size() == 0 ? " (empty)" : target().isThere() ? "" : whereItIsMissing;
        return "database  " + target() + note;
    }
}
