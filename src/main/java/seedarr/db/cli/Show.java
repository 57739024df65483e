package seedarr.db.cli;

import java.io.PrintWriter;
import seedarr.db.ExitCode;
import seedarr.db.migrate.Plan;
import seedarr.db.migrate.Revision;

final class Show extends Subcommand {

    final Argument<String> name = parameter("REV", String.class, null, "A revision, or a prefix that only one has.");

    Show(SeedarrDb root) {
        super(root, "Show one revision: what it is for, its SQL up and down for this database.");
    }

    @Override
    int run(PrintWriter out) {
        String kind = target().kind();
        Revision revision = changelog().find(name.get(), kind);
        out.println(revision.name());
        out.println(revision.comment());
        out.println();
        out.println("-- up");
        changelog().statements(revision, Plan.Direction.UP, kind).forEach(out::print);
        out.println();
        out.println("-- down");
        changelog().statements(revision, Plan.Direction.DOWN, kind).forEach(out::print);
        return ExitCode.DONE;
    }
}
