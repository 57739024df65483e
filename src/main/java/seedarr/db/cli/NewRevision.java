package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.author.Author;
import seedarr.db.author.Author.Generated;
import seedarr.db.database.Target;

final class NewRevision extends Subcommand {

    final Argument<String> message = Argument.option(
            spec(),
            OptionSpec.builder("-m", "--message").required(true),
            "TEXT",
            String.class,
            null,
            "What it is for; its file is named by this.");

    final Argument<Boolean> autogenerate =
            flag("--autogenerate", "Write what makes the schema of a model: from a scratch database, or from --url.");
    final Argument<String> model =
            option("--model", "URL", String.class, null, "A SQLite database that the application's models made.");

    NewRevision(SeedarrDb root) {
        super(root, "Write a new revision and include it in the changelog.");
    }

    @Override
    int run(PrintWriter out) {
        if (autogenerate.get() != (model.get() != null)) {
            throw Refusal.usage(
                    autogenerate.get() ? "--autogenerate needs a model" : "--model is for --autogenerate",
                    "--autogenerate --model sqlite:///model.db");
        }
        if (!autogenerate.get()) {
            wrote(new Author(changelog()).write(message.get()), out);
            out.println("next      its SQL both ways, then seedarr-db verify --offline");
            return ExitCode.DONE;
        }
        Optional<Target> database = isUrlGiven() ? Optional.of(target()) : Optional.empty();
        Optional<Generated> generated =
                new Author(changelog()).generate(message.get(), database, target(model.get(), "--model"));
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
