package seedarr.db.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import seedarr.db.migrate.Migrations.Planner;

@Command(name = "rollback-count", description = "Undo the last N revisions.")
final class RollbackCount extends Writing {

    @Parameters(paramLabel = "N", description = "How many, at most as many as are applied.")
    int count;

    @Override
    List<Planner> planners() {
        return List.of(state -> state.down(count));
    }
}
