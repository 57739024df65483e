package seedarr.db.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import seedarr.db.ExitCode;

final class Completion extends Subcommand {

    Completion(SeedarrDb root) {
        super(root, "Print a completion script for bash and zsh.");
    }

    @Override
    int run(PrintWriter out) {
        CommandLine whole = SeedarrDb.whole(root().terminal);
        out.print(AutoComplete.bash(whole.getCommandName(), whole));
        return ExitCode.DONE;
    }
}
