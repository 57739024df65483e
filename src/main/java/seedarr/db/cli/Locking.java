package seedarr.db.cli;

import java.time.Duration;
import picocli.CommandLine.Option;
import seedarr.db.Refusal;

/** What the commands share that write to the database. */
abstract class Locking extends Subcommand {

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

    @Option(
            names = "--lock-timeout",
            paramLabel = "SECONDS",
            description = "Wait so long for a locked database (30, or the URL's timeout).")
    Integer lockTimeout;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Wait so long for a PostgreSQL server that is not up yet.")
    int wait;

    final void waitForServer() {
        target().waitForServer(Duration.ofSeconds(wait));
    }

    final Duration timeout() {
        if (lockTimeout != null && lockTimeout < 0) {
            throw Refusal.usage("--lock-timeout cannot be less than 0", "0, not to wait at all, or more");
        }
        return lockTimeout == null ? target().lockTimeout().orElse(LOCK_TIMEOUT) : Duration.ofSeconds(lockTimeout);
    }
}
