package seedarr.db.cli;

import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import seedarr.db.migrate.Plan;
import seedarr.db.migrate.State;

@Command(name = "rollback-count", description = "Undo the last N revisions.")
final class RollbackCount extends Writing {

    @Parameters(paramLabel = "N", description = "How many, at most as many as are applied.")
    int count;

    @Override
    Function<State, Plan> planner() {
        return state -> state.down(count);
    }
}
