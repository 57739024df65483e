package seedarr.db.cli;

import java.time.Duration;
import seedarr.db.Refusal;

/** What the commands share that write to the database. */
abstract class Locking extends Subcommand {

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

    final Argument<Integer> lockTimeout = option(
            "--lock-timeout",
            "SECONDS",
            Integer.class,
            null,
            "Wait so long for a locked database (30, or the URL's timeout).");
    final Argument<Integer> wait =
            option("--wait", "SECONDS", Integer.class, 0, "Wait so long for a PostgreSQL server that is not up yet.");

    Locking(SeedarrDb root, String description) {
        super(root, description);
    }

    final void waitForServer() {
        target().waitForServer(Duration.ofSeconds(wait.get()));
    }

    final Duration timeout() {
        Integer seconds = lockTimeout.get();
        if (seconds != null && seconds < 0) {
            throw Refusal.usage("--lock-timeout cannot be less than 0", "0, not to wait at all, or more");
        }
        return seconds == null ? target().lockTimeout().orElse(LOCK_TIMEOUT) : Duration.ofSeconds(seconds);
    }
}
