package seedarr.db.cli;

import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.OptionSpec;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.author.ModelDifference;
import seedarr.db.author.RevisionFile;
import seedarr.db.database.Target;

final class NewRevision extends AnyCommand {

    final Supplier<String> message = option(
            OptionSpec.builder("-m", "--message").paramLabel("TEXT"),
            String.class,
            "What it is for; its file is named by this.");
    final Supplier<Boolean> autogenerate =
            flag("--autogenerate", "Write what makes the schema of a model: from a scratch database, or from --url.");
    final Supplier<Boolean> check =
            flag("--check", "Write nothing, and exit with 3 where the model and the changelog differ.");
    final Supplier<String> model =
            option("--model URL", String.class, "A SQLite database that the application's models made.");

    @Override
    boolean isChange() {
        return !check.get();
    }

    @Override
    void run() {
        boolean isCompared = autogenerate.get() || check.get();
        if (isCompared != (model.get() != null)) {
            throw Refusal.usage(
                    isCompared ? "there is no model to compare with" : "--model goes with --autogenerate or --check",
                    "--autogenerate --model sqlite:///model.db");
        }
        if (check.get() == (message.get() != null) || check.get() && autogenerate.get()) {
            throw Refusal.usage(
                    check.get() ? "--check writes no revision" : "a revision needs a message, which names its file",
                    check.get() ? "--check and --model alone" : "-m \"Add categories table\"");
        }
        Optional<Target> database = root().url.get() == null ? Optional.empty() : Optional.of(target());
        ModelDifference difference = isCompared
                ? ModelDifference.of(changelog(), database, target(model.get(), "--model"))
                : ModelDifference.UNWRITTEN;
        if (check.get()) {
            difference.up().forEach(sql -> show("pending   " + sql.replaceAll("\\s+", " ")));
        }
        difference.notDone().forEach(each -> show(terminal().yellow("not done  ") + each));
        if (!difference.notDone().isEmpty()) {
            show("          by hand: a new column or table, filled from the old one, where the rows matter");
        }
        Optional<RevisionFile> written = check.get() || difference.up().isEmpty()
                ? Optional.empty()
                : Optional.of(RevisionFile.write(changelog(), message.get(), difference));
        answer.with("up", difference.up())
                .with("down", difference.down())
                .with("notDone", difference.notDone())
                .with("destructive", difference.isDestructive())
                .with("file", written.map(file -> file.file().toString()))
                .with("ofSqlite", written.flatMap(RevisionFile::ofSqlite));
        int count = difference.up().size() + difference.notDone().size();
        if (written.isPresent()) {
            show(difference, written.get(), isCompared ? "a look at the file" : "its SQL both ways");
        } else if (check.get() && count > 0) {
            show(count
                    + (count == 1 ? " differs" : " differ")
                    + (difference.up().isEmpty() ? "" : ": seedarr-db revision --autogenerate writes a revision"));
            exitCode = ExitCode.NO;
        } else {
            show((count == 0 ? "nothing differs: " : "") + "no revision was written");
        }
    }

    private void show(ModelDifference difference, RevisionFile written, String next) {
        if (difference.isDestructive()) {
            show("label     destructive: it drops what is in the database; a rename looks the same");
        }
        show("wrote     " + written.file());
        show("included  in " + changelog().folder().resolve(changelog().file()));
        written.ofSqlite().ifPresent(sql -> {
            show("only      for SQLite, so verify finds a fault: PostgreSQL would not take " + sql);
            show("          by hand: the same with dbms: postgresql, or labels: sqlite-only");
        });
        show("next      " + next + ", then seedarr-db verify --offline");
    }
}
