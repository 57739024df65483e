package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import seedarr.db.ExitCode;
import seedarr.db.changelog.Changelog;
import seedarr.db.database.DatabaseUrl;
import seedarr.db.database.Target;
import seedarr.db.migrate.Migrations;
import seedarr.db.state.State;
import seedarr.db.state.StateReader;

/** What every command shares: it finds its database and its changelog, makes one call, prints lines. */
abstract class AnyCommand implements Callable<Integer> {

    /** Declared by calls, not by picocli's annotations: to read those by reflection took 35 ms of each start. */
    final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    /** For a command whose answer is no. */
    int exitCode = ExitCode.DONE;

    private Target target;

    final Supplier<Boolean> flag(String name, String description) {
        return flag(OptionSpec.builder(name), description);
    }

    final Supplier<Boolean> flag(OptionSpec.Builder builder, String description) {
        return argument(builder.type(boolean.class).description(description).build(), false);
    }

    /** Adds an option with a value, by its name and its label; the value is null where it is not given. */
    final <T> Supplier<T> option(String words, Class<T> type, String description) {
        return option(OptionSpec.builder(words.split(" ")[0]).paramLabel(words.split(" ")[1]), type, description);
    }

    final <T> Supplier<T> option(OptionSpec.Builder builder, Class<T> type, String description) {
        return argument(builder.type(type).description(description).build(), null);
    }

    /** Adds the command's one parameter; it has to be given, unless there is a value for when it is not. */
    final <T> Supplier<T> parameter(String label, Class<T> type, T otherwise, String description) {
        PositionalParamSpec.Builder builder =
                PositionalParamSpec.builder().index("0").paramLabel(label).type(type);
        boolean isRequired = otherwise == null;
        builder.arity(isRequired ? "1" : "0..1").required(isRequired).description(description);
        return argument(builder.build(), otherwise);
    }

    private <T> Supplier<T> argument(ArgSpec argument, T otherwise) {
        spec.add(argument);
        return () -> argument.getValue() == null ? otherwise : argument.getValue();
    }

    @Override
    public Integer call() {
        run();
        return exitCode;
    }

    abstract void run();

    final SeedarrDb root() {
        return (SeedarrDb) spec.root().userObject();
    }

    final Terminal terminal() {
        return root().terminal;
    }

    final PrintWriter out() {
        return terminal().out();
    }

    /** Prints a line that is no answer: not with --quiet. */
    final void tell(String line) {
        if (!root().quiet.get()) {
            out().println(line);
        }
    }

    private Installation installation() {
        Path file = root().defaultsFile.get();
        return file == null
                ? Installation.own(terminal().program())
                : Installation.read(terminal().folder().resolve(file));
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

    /** Says on standard error, beside the answer, what it cannot say: that another tool made the database. */
    final void warnOfOtherTools(State state) {
        if (!root().quiet.get()) {
            state.takeover().ifPresent(sentence -> terminal().err().println("note: " + sentence));
        }
    }
}
