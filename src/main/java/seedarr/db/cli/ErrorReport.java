package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.database.Session;

/** The one place where an error becomes output: what is wrong, how the database stands, what to try. */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final AtomicBoolean STOP_IS_SAID = new AtomicBoolean();

    private final SeedarrDb root;

    ErrorReport(SeedarrDb root) {
        this.root = root;
    }

    @Override
    public int handleParseException(ParameterException error, String[] args) {
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        // A URL, misplaced, may hold a password.
        String message = decapitalized(error.getMessage()).replaceFirst("(?s)[\\w+:]*://.*", "a URL");
        return print(Refusal.usage(message, command + " --help"), null);
    }

    @Override
    public int handleExecutionException(Exception error, CommandLine commandLine, ParseResult parsed) {
        if (error instanceof Refusal refusal) {
            return print(refusal, refusal.getCause());
        }
        return print(
                Refusal.failed(
                        "unexpected: " + error, "the same command with --verbose, and a report of what it prints"),
                error);
    }

    /** Returns the exit code, or failure where what was asked for could not be written. */
    int checkOutput(int exitCode) {
        if (root.terminal.out().checkError() && exitCode == ExitCode.DONE) {
            return print(
                    Refusal.failed(
                            "standard output could not be written", "another place for it; what was done stays done"),
                    null);
        }
        root.terminal.err().flush();
        return exitCode;
    }

    int print(Refusal refusal, Throwable cause) {
        synchronized (STOP_IS_SAID) {
            // The command and what stops it may both have it to say.
            if (!Session.isStopping() || STOP_IS_SAID.compareAndSet(false, true)) {
                printLines(refusal, cause);
            }
        }
        return refusal.exitCode();
    }

    private void printLines(Refusal refusal, Throwable cause) {
        PrintWriter err = root.terminal.err();
        root.terminal.out().flush();
        root.copying.clear();
        err.println((root.terminal.hasColour() ? "\u001b[31merror:\u001b[0m " : "error: ") + refusal.getMessage());
        refusal.standing().ifPresent(err::println);
        err.println("try: " + refusal.remedy());
        if (root.verbose.get() && cause != null) {
            cause.printStackTrace(err);
        }
    }

    private static String decapitalized(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
