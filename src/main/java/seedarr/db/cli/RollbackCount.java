package seedarr.db.cli;

import java.util.List;
import seedarr.db.migrate.Migrations.Planner;

final class RollbackCount extends Writing {

    final Argument<Integer> count = parameter("N", Integer.class, null, "How many, at most as many as are applied.");

    RollbackCount(SeedarrDb root) {
        super(root, "Undo the last N revisions.");
    }

    @Override
    List<Planner> planners() {
        return List.of(state -> state.down(count.get()));
    }
}
