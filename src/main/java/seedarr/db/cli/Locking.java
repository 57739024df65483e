package seedarr.db.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import seedarr.db.migrate.LockRow;

/** What the commands share that write to the database: they wait until they may. */
abstract class Locking extends AnyCommand {

    final Supplier<Integer> lockTimeout = option(
            "--lock-timeout SECONDS", Integer.class, "Wait so long for a locked database (30, or the URL's timeout).");

    final Duration timeout() {
        return seconds("--lock-timeout", lockTimeout.get())
                .or(target()::lockTimeout)
                .orElse(Duration.ofSeconds(30));
    }

    @Override
    boolean isChange() {
        return true;
    }

    static final class ReleaseLocks extends Locking {
        @Override
        void run() {
            Optional<LockRow> released = LockRow.release(target(), timeout());
            answer.with("database", target().toString())
                    .with("released", released.isPresent())
                    .with("holder", released.map(LockRow::holder))
                    .with("since", released.map(LockRow::since).map(Json::time));
            if (released.isEmpty()) {
                tell("nothing to release: nobody holds Liquibase's lock of " + target());
                return;
            }
            tell("database  " + target());
            tell("held by   " + released.get().holder() + " since "
                    + released.get().since());
            tell(terminal().green("done: ") + "the lock is free");
        }
    }
}
