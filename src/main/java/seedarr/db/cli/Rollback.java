package seedarr.db.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import seedarr.db.migrate.Migrations.Planner;

@Command(name = "rollback", description = "Undo until REV is the current revision; base undoes all.")
final class Rollback extends Writing {

    @Parameters(paramLabel = "REV", description = "An applied revision, a prefix that only one has, or base.")
    String revision;

    @Override
    List<Planner> planners() {
        return List.of(state -> state.downTo(revision));
    }
}
