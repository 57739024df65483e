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
            throw Refusal.usage("--autogenerate and --model go together", "--autogenerate --model sqlite:///model.db");
        }
        if (!autogenerate.get()) {
            write(ModelDifference.UNWRITTEN, "its SQL both ways");
            return;
        }
        Optional<Target> database = root().url.get() == null ? Optional.empty() : Optional.of(target());
        ModelDifference difference = ModelDifference.of(changelog(), database, target(model.get(), "--model"));
        difference.notDone().forEach(each -> out().println(terminal().yellow("not done  ") + each));
        if (!difference.notDone().isEmpty()) {
            out().println("          by hand: a new column or table, filled from the old one, where the rows matter");
        }
        if (difference.up().isEmpty()) {
            out().println((difference.notDone().isEmpty() ? "nothing differs: " : "") + "no revision was written");
            return;
        }
        if (difference.isDestructive()) {
            out().println("label     destructive: it drops what is in the database; a rename looks the same");
        }
        write(difference, "a look at the file");
    }

    private void write(ModelDifference difference, String next) {
        RevisionFile written = RevisionFile.write(changelog(), message.get(), difference);
        out().println("wrote     " + written.file());
        out().println("included  in " + changelog().folder().resolve(changelog().file()));
        written.ofSqlite().ifPresent(sql -> {
            out().println("only      for SQLite, so verify finds a fault: PostgreSQL would not take " + sql);
            out().println("          by hand: the same with dbms: postgresql, or labels: sqlite-only");
        });
        out().println("next      " + next + ", then seedarr-db verify --offline");
    }
}
