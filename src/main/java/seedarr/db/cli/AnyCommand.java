package seedarr.db.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Revision;
import seedarr.db.database.DatabaseUrl;
import seedarr.db.database.Target;
import seedarr.db.migrate.Migrations;
import seedarr.db.state.StateReader;

/** What every command shares: it finds its database and its changelog, makes one call, prints lines. */
abstract class AnyCommand implements Callable<Integer> {

    /** Declared by calls, not by picocli's annotations: to read those by reflection took 35 ms of each start. */
    final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    /** For a command whose answer is no. */
    int exitCode = ExitCode.DONE;

    /** What --json prints in the place of the lines. */
    final Json answer = new Json();

    private Installation installation;
    private Target target;

    final Supplier<Boolean> flag(String name, String description) {
        return flag(OptionSpec.builder(name), description);
    }

    final Supplier<Boolean> flag(OptionSpec.Builder builder, String description) {
        return argument(builder.type(boolean.class).description(description).build(), false);
    }

    /** Adds an option with a value, by its name and its label; the value is null where it is not given. */
    final <T> Supplier<T> option(String words, Class<T> type, String description) {
        String label = words.split(" ")[1];
        return option(
                OptionSpec.builder(words.split(" ")[0]).paramLabel(label).completionCandidates(candidates(label)),
                type,
                description);
    }

    final <T> Supplier<T> option(OptionSpec.Builder builder, Class<T> type, String description) {
        return argument(builder.type(type).description(description).build(), null);
    }

    /** Adds the command's one parameter; it has to be given, unless there is a value for when it is not. */
    final <T> Supplier<T> parameter(String label, Class<T> type, T otherwise, String description) {
        PositionalParamSpec.Builder builder = PositionalParamSpec.builder()
                .index("0")
                .paramLabel(label)
                .type(type)
                .completionCandidates(candidates(label));
        boolean isRequired = otherwise == null;
        builder.arity(isRequired ? "1" : "0..1").required(isRequired).description(description);
        return argument(builder.build(), otherwise);
    }

    /** What a shell completes, asked for only when a script for it is made. */
    private Iterable<String> candidates(String label) {
        return !label.equals("REV")
                ? null
                : () -> Stream.concat(
                                root().revisions.stream().map(Revision::name), Stream.of(Revision.BASE, Revision.HEAD))
                        .iterator();
    }

    private <T> Supplier<T> argument(ArgSpec argument, T otherwise) {
        spec.add(argument);
        return () -> argument.getValue() == null ? otherwise : argument.getValue();
    }

    @Override
    public Integer call() {
        run();
        terminal().progress().begin("");
        if (root().json.get() && !answer.toString().equals("{}")) {
            terminal().out().println(answer);
        }
        return exitCode;
    }

    /** Returns whether it is done when it has changed something, also where nobody can read its output. */
    boolean isChange() {
        return false;
    }

    abstract void run();

    final SeedarrDb root() {
        return (SeedarrDb) spec.root().userObject();
    }

    final Terminal terminal() {
        return root().terminal;
    }

    /** Prints a line of what was asked for. */
    final void show(String line) {
        if (!root().json.get()) {
            terminal().progress().print(terminal().out(), terminal().hint(line));
        }
    }

    /** Prints a line about what the command does: not with --quiet. */
    final void tell(String line) {
        if (!root().quiet.get()) {
            show(line);
        }
    }

    /** Names what may take long, for as long as it does. */
    public void started(String step) {
        if (!root().quiet.get()) {
            terminal().progress().begin(step);
        }
    }

    /** Says on standard error what belongs beside the answer: not with --quiet. */
    final void note(String sentence) {
        if (!root().quiet.get()) {
            terminal().progress().print(terminal().err(), terminal().hint("note: " + sentence));
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
            String variable = terminal().variables().get("DATABASE_URL");
            target = root().url.get() != null
                    ? target(root().url.get(), "--url")
                    : variable != null
                            ? target(variable, "DATABASE_URL")
                            : target(installation().url(), "url in liquibase.properties");
            Optional<Duration> wait = seconds("--wait", root().wait.get());
            wait.filter(atMost -> target.kind().equals("postgresql")).ifPresent(atMost -> {
                started("waiting for the server");
                target.waitForServer(atMost);
            });
        }
        return target;
    }

    /** Returns a number of seconds that an option has; empty where it is not given. */
    static Optional<Duration> seconds(String option, Integer seconds) {
        if (seconds != null && seconds < 0) {
            throw Refusal.usage(option + " cannot be less than 0", "0, not to wait at all, or more");
        }
        return Optional.ofNullable(seconds).map(Duration::ofSeconds);
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
