package seedarr.db.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import seedarr.db.ExitCode;
import seedarr.db.migrate.Plan;
import seedarr.db.migrate.Revision;

@Command(name = "show", description = "Show one revision: what it is for, its SQL up and down for this database.")
final class Show extends Subcommand {

    @Parameters(paramLabel = "REV", description = "A revision, or a prefix that only one has.")
    String name;

    @Override
    int run(PrintWriter out) {
        String kind = target().kind();
        Revision revision = changelog().find(name, kind);
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
