package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.Map;
import seedarr.db.ExitCode;
import seedarr.db.state.State;

final class Current extends Subcommand {

    final Argument<Boolean> json = flag("--json", "Print JSON.");

    Current(SeedarrDb root) {
        super(root, "Print the revision of the database; base is before the first.");
    }

    @Override
    int run(PrintWriter out) {
        State state = migrations().state();
        out.println(json.get() ? Json.of(Map.of("current", state.current())) : state.current());
        warnOfOtherTools(state);
        return ExitCode.DONE;
    }
}
