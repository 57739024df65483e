package seedarr.db.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import seedarr.db.migrate.Migrations.Planner;
import seedarr.db.migrate.Revision;

@Command(name = "update", description = "Apply what is pending, up to and including REV.")
final class Update extends Writing {

    @Parameters(
            arity = "0..1",
            paramLabel = "REV",
            defaultValue = Revision.HEAD,
            description = "A revision, or a prefix that only one has; without it, all that is pending.")
    String revision;

    @Option(names = "--adopt", description = "First take the database over if need be, as adopt does.")
    boolean adopt;

    @Override
    List<Planner> planners() {
        Planner up = state -> state.up(revision);
        return adopt ? List.of(state -> state.adopt(Optional.empty()), up) : List.of(up);
    }
}
