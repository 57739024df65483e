package seedarr.db.cli;

import java.util.List;
import seedarr.db.migrate.Migrations.Planner;

final class Rollback extends Writing {

    final Argument<String> revision =
            parameter("REV", String.class, null, "An applied revision, a prefix that only one has, or base.");

    Rollback(SeedarrDb root) {
        super(root, "Undo until REV is the current revision; base undoes all.");
    }

    @Override
    List<Planner> planners() {
        return List.of(state -> state.downTo(revision.get()));
    }
}
