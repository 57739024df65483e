package seedarr.db.cli;

import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.OptionSpec;
import seedarr.db.Refusal;
import seedarr.db.author.ModelDifference;
import seedarr.db.author.RevisionFile;
import seedarr.db.database.Target;

final class NewRevision extends AnyCommand {

    final Supplier<String> message = option(
            OptionSpec.builder("-m", "--message").required(true).paramLabel("TEXT"),
            String.class,
            "What it is for; its file is named by this.");
    final Supplier<Boolean> autogenerate =
            flag("--autogenerate", "Write what makes the schema of a model: from a scratch database, or from --url.");
    final Supplier<String> model =
            option("--model URL", String.class, "A SQLite database that the application's models made.");

    @Override
    void run() {
        if (autogenerate.get() != (model.get() != null)) {
            throw Refusal.usage(
                    autogenerate.get() ? "--autogenerate needs a model" : "--model is for --autogenerate",
                    "--autogenerate --model sqlite:///model.db");
        }
        if (!autogenerate.get()) {
            wrote(new RevisionFile(changelog()).write(message.get()));
            out().println("next      its SQL both ways, then seedarr-db verify --offline");
            return;
        }
        Optional<Target> database = root().url.get() == null ? Optional.empty() : Optional.of(target());
        ModelDifference difference = ModelDifference.of(changelog(), database, target(model.get(), "--model"));
        boolean isWritten = !difference.up().isEmpty();
        if (isWritten) {
            wrote(new RevisionFile(changelog()).write(message.get(), difference))
                    .ifPresent(sql -> {
                        out().println("only      for SQLite, so verify finds a fault: PostgreSQL would not take "
                                + sql);
                        out().println("          by hand: the same with dbms: postgresql, or labels: sqlite-only");
                    });
        } else {
            out().println((difference.notDone().isEmpty() ? "nothing differs: " : "") + "no revision was written");
        }
        difference.notDone().forEach(each -> out().println(terminal().yellow("not done  ") + each));
        if (difference.isDestructive()) {
            out().println(
                            "label     destructive: it drops what is in the database; a rename looks the same, see the file");
        }
        if (!difference.notDone().isEmpty()) {
            out().println("          by hand: a new column or table, filled from the old one, where the rows matter");
        }
        if (isWritten) {
            out().println("next      a look at the file, then seedarr-db verify --offline");
        }
    }

    private Optional<String> wrote(RevisionFile.Written written) {
        out().println("wrote     " + written.file());
        out().println("included  in " + changelog().folder().resolve(changelog().file()));
        return written.ofSqlite();
    }
}
