package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import seedarr.db.changelog.Changelog;
import seedarr.db.database.DatabaseUrl;
import seedarr.db.database.Target;
import seedarr.db.migrate.Migrations;
import seedarr.db.state.State;

/** What every command shares: it finds its database and its changelog, makes one call, prints lines. */
abstract class Subcommand implements Callable<Integer> {

    private static final String DATABASE_URL = "DATABASE_URL";

    private final SeedarrDb root;
    private final CommandSpec spec;
    private Installation installation;
    private Target target;

    Subcommand(SeedarrDb root, String description) {
        this.root = root;
        spec = CommandSpec.wrapWithoutInspection(this);
        spec.usageMessage().description(description);
    }

    final CommandSpec spec() {
        return spec;
    }

    final Argument<Boolean> flag(String name, String description) {
        return Argument.flag(spec, OptionSpec.builder(name), description);
    }

    final <T> Argument<T> option(String name, String label, Class<T> type, T otherwise, String description) {
        return Argument.option(spec, OptionSpec.builder(name), label, type, otherwise, description);
    }

    final <T> Argument<T> parameter(String label, Class<T> type, T otherwise, String description) {
        return Argument.parameter(spec, label, type, otherwise, description);
    }

    @Override
    public final Integer call() {
        return run(root.terminal.out());
    }

    /** Does the command's work and returns its exit code. */
    abstract int run(PrintWriter out);

    final SeedarrDb root() {
        return root;
    }

    private Installation installation() {
        if (installation == null) {
            Path file = root.defaultsFile.get();
            installation = file == null
                    ? Installation.own(root.terminal.program())
                    : Installation.read(folder().resolve(file));
        }
        return installation;
    }

    final Changelog changelog() {
        return installation().changelog();
    }

    /** Returns the database that the command line or the environment names; asked for by those that need one. */
    final Target target() {
        if (target == null) {
            target = Target.of(databaseUrl());
        }
        return target;
    }

    /** Returns the database of a further URL. */
    final Target target(String url, String source) {
        return Target.of(parse(url, source));
    }

    final boolean isUrlGiven() {
        return root.url.get() != null;
    }

    final Migrations migrations() {
        return new Migrations(changelog(), target());
    }

    /** Says on standard error, beside the answer, what it cannot say: that another tool made the database. */
    final void warnOfOtherTools(State state) {
        if (!isQuiet()) {
            state.takeover().ifPresent(sentence -> root.terminal.err().println("note: " + sentence));
        }
    }

    /** Returns the working directory, from which paths count. */
    final Path folder() {
        return root.terminal.folder();
    }

    final boolean isQuiet() {
        return root.quiet.get();
    }

    /** Tells a person who waits how a copy goes on. */
    final void copied(long done, long total) {
        if (!isQuiet()) {
            root.copying.copied(done, total);
        }
    }

    /** Returns the line that names a backup, and how to put it back. */
    final String backupLine(Path backup) {
        return "backup: seedarr-db "
                + (root.url.get() == null ? "" : "--url " + Text.quoted(root.url.get()) + " ")
                + (root.defaultsFile.get() == null
                        ? ""
                        : "--defaults-file "
                                + Text.quoted(root.defaultsFile.get().toString()) + " ")
                + "restore " + Text.quoted(backup.toString()) + " puts back what was there";
    }

    final Text text() {
        return new Text(root.terminal.hasColour());
    }

    private DatabaseUrl databaseUrl() {
        var variables = root.terminal.variables();
        if (root.url.get() != null) {
            return parse(root.url.get(), "--url");
        }
        if (variables.containsKey(DATABASE_URL)) {
            return parse(variables.get(DATABASE_URL), DATABASE_URL);
        }
        return parse(installation().url().orElse(""), "url in liquibase.properties");
    }

    private DatabaseUrl parse(String value, String source) {
        return DatabaseUrl.parse(value, source, root.terminal.folder(), root.terminal.variables());
    }
}
