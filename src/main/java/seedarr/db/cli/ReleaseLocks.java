package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.Optional;
import seedarr.db.ExitCode;
import seedarr.db.migrate.LockRow;

final class ReleaseLocks extends Locking {

    ReleaseLocks(SeedarrDb root) {
        super(root, "Free the lock row that a killed Liquibase left.");
    }

    @Override
    int run(PrintWriter out) {
        waitForServer();
        Optional<LockRow> released = migrations().releaseLock(timeout());
        if (isQuiet()) {
            return ExitCode.DONE;
        }
        if (released.isEmpty()) {
            out.println("nothing to release: nobody holds Liquibase's lock of " + target());
            return ExitCode.DONE;
        }
        out.println("database  " + target());
        out.println("held by   " + released.get().holder() + " since "
                + released.get().since());
        out.println(text().green("done: ") + "the lock is free");
        return ExitCode.DONE;
    }
}
