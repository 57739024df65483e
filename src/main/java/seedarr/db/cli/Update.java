package seedarr.db.cli;

import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import seedarr.db.migrate.Plan;
import seedarr.db.migrate.Revision;
import seedarr.db.migrate.State;

@Command(name = "update", description = "Apply what is pending, up to and including REV.")
final class Update extends Writing {

    @Parameters(
            arity = "0..1",
            paramLabel = "REV",
            defaultValue = Revision.HEAD,
            description = "A revision, or a prefix that only one has; without it, all that is pending.")
    String revision;

    @Override
    Function<State, Plan> planner() {
        return state -> state.up(revision);
    }
}
