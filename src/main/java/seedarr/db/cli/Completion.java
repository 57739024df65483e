package seedarr.db.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "generate-completion", description = "Print a completion script for bash and zsh.")
final class Completion implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var root = spec.root().commandLine();
        root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
    }
}
