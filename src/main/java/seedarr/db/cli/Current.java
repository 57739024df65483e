package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import seedarr.db.ExitCode;
import seedarr.db.migrate.State;

@Command(name = "current", description = "Print the revision of the database; base is before the first.")
final class Current extends Subcommand {

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run(PrintWriter out) {
        State state = migrations().state();
        out.println(json ? Json.of(Map.of("current", state.current())) : state.current());
        warnOfOtherTools(state);
        return ExitCode.DONE;
    }
}
