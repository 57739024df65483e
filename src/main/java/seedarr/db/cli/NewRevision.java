package seedarr.db.cli;

import java.util.Optional;
import java.util.function.Supplier;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.author.ModelDifference;
import seedarr.db.author.RevisionFile;
import seedarr.db.database.Target;

final class NewRevision extends AnyCommand {

    final Supplier<String> message =
            option("-m --message TEXT", "What the revision is for. Its file is named by this.");
    final Supplier<Boolean> autogenerate = flag(
            "--autogenerate",
            "Write the SQL that leads from the changelog, or from the database of --url, to the model.");
    final Supplier<Boolean> check =
            flag("--check", "Write nothing, and exit with 3 if the model and the changelog differ.");
    final Supplier<String> model = option("--model URL", "A SQLite database that the application's models made.");

    @Override
    void run() {
        root().isChange = !check.get();
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
        difference.notDone().forEach(each -> show(painted(YELLOW, "not done  ") + each));
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
                .with("file", written.map(RevisionFile::file))
                .with("ofSqlite", written.flatMap(RevisionFile::ofSqlite));
        int count = difference.up().size() + difference.notDone().size();
        if (written.isPresent()) {
            if (difference.isDestructive()) {
                show("label     destructive: it drops what is in the database; a rename looks the same");
            }
            show("wrote     " + written.get().file());
            show("included  in " + changelog().folder().resolve(changelog().file()));
            written.get().ofSqlite().ifPresent(sql -> {
                show("only      for SQLite, so verify finds a fault: PostgreSQL would not take " + sql);
                show("          by hand: the same with dbms: postgresql, or labels: sqlite-only");
            });
            String next = isCompared ? "a look at the file" : "its SQL both ways";
            show("next      " + next + ", then seedarr-db verify --offline");
        } else if (check.get() && count > 0) {
            show(count
                    + (count == 1 ? " differs" : " differ")
                    + (difference.up().isEmpty() ? "" : ": seedarr-db revision --autogenerate writes a revision"));
            exitCode = ExitCode.NO;
        } else {
            show((count == 0 ? "nothing differs: " : "") + "no revision was written");
        }
    }
}
