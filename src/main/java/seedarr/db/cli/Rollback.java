package seedarr.db.cli;

import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import seedarr.db.migrate.Plan;
import seedarr.db.migrate.State;

@Command(name = "rollback", description = "Undo until REV is the current revision; base undoes all.")
final class Rollback extends Writing {

    @Parameters(paramLabel = "REV", description = "An applied revision, a prefix that only one has, or base.")
    String revision;

    @Override
    Function<State, Plan> planner() {
        return state -> state.downTo(revision);
    }
}
