package seedarr.db.cli;

import java.io.PrintWriter;
import seedarr.db.ExitCode;
import seedarr.db.changelog.Revision;

final class Show extends Subcommand {

    final Argument<String> name = parameter("REV", String.class, null, "A revision, or a prefix that only one has.");

    Show(SeedarrDb root) {
        super(root, "Show one revision: what it is for, its SQL up and down for this database.");
    }

    @Override
    int run(PrintWriter out) {
        Revision revision = Revision.find(name.get(), changelog().revisions(target().kind()));
        out.println(revision.name());
        out.println(revision.comment());
        out.println();
        out.println("-- up");
        revision.up().forEach(out::print);
        out.println();
        out.println("-- down");
        revision.down().forEach(out::print);
        return ExitCode.DONE;
    }
}
