package seedarr.db.cli;

import java.util.List;
import java.util.Optional;
import seedarr.db.changelog.Revision;
import seedarr.db.migrate.Migrations.Planner;

final class Update extends Writing {

    final Argument<String> revision = parameter(
            "REV",
            String.class,
            Revision.HEAD,
            "A revision, or a prefix that only one has; without it, all that is pending.");
    final Argument<Boolean> adopt = flag("--adopt", "First take the database over if need be, as adopt does.");

    Update(SeedarrDb root) {
        super(root, "Apply what is pending, up to and including REV.");
    }

    @Override
    List<Planner> planners() {
        Planner up = state -> state.up(revision.get());
        return adopt.get() ? List.of(state -> state.adopt(Optional.empty()), up) : List.of(up);
    }
}
