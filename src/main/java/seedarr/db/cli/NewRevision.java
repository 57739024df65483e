package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.database.Target;
import seedarr.db.migrate.Changelog.Generated;

@Command(name = "revision", description = "Write a new revision and include it in the changelog.")
final class NewRevision extends Subcommand {

    @Option(
            names = {"-m", "--message"},
            required = true,
            paramLabel = "TEXT",
            description = "What it is for; its file is named by this.")
    String message;

    @Option(
            names = "--autogenerate",
            description = "Write what makes the schema of a model: from a scratch database, or from --url.")
    boolean autogenerate;

    @Option(
            names = "--model",
            paramLabel = "URL",
            description = "A SQLite database that the application's models made.")
    String model;

    @Override
    int run(PrintWriter out) {
        if (autogenerate != (model != null)) {
            throw Refusal.usage(
                    autogenerate ? "--autogenerate needs a model" : "--model is for --autogenerate",
                    "--autogenerate --model sqlite:///model.db");
        }
        if (!autogenerate) {
            wrote(changelog().write(message), out);
            out.println("next      its SQL both ways, then seedarr-db verify --offline");
            return ExitCode.DONE;
        }
        Optional<Target> database = isUrlGiven() ? Optional.of(target()) : Optional.empty();
        Optional<Generated> generated = changelog().generate(message, database, target(model, "--model"));
        if (generated.isEmpty()) {
            out.println("nothing differs: no revision was written");
            return ExitCode.DONE;
        }
        List<String> notDone = generated.get().difference().notDone();
        generated.get().file().ifPresentOrElse(file -> wrote(file, out), () -> out.println("no revision was written"));
        notDone.forEach(each -> out.println(text().yellow("not done  ") + each));
        if (generated.get().difference().isDestructive()) {
            out.println(
                    "label     destructive: it drops what is in the database; a rename looks the same, see the file");
        }
        if (!notDone.isEmpty()) {
            out.println("          by hand: a new column or table, filled from the old one, where the rows matter");
        }
        if (generated.get().file().isPresent()) {
            out.println("next      a look at the file, then seedarr-db verify --offline");
        }
        return ExitCode.DONE;
    }

    private void wrote(Path file, PrintWriter out) {
        out.println("wrote     " + file);
        out.println("included  in " + changelog().folder().resolve(changelog().file()));
    }
}
