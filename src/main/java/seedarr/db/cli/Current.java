package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import seedarr.db.ExitCode;

@Command(name = "current", description = "Print the revision of the database; base is before the first.")
final class Current extends Subcommand {

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run(PrintWriter out) {
        String current = migrations().state().current();
        out.println(json ? Json.of(Map.of("current", current)) : current);
        return ExitCode.DONE;
    }
}
