package seedarr.db.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import seedarr.db.Refusal;
import seedarr.db.backup.Damage;
import seedarr.db.migrate.LockRow;
import seedarr.db.migrate.Migrations;

/** What the commands share that write to the database: they wait for it, and tell how a copy goes on. */
abstract class Locking extends AnyCommand implements Migrations.Progress {

    final Supplier<Integer> lockTimeout = option(
            "--lock-timeout SECONDS", Integer.class, "Wait so long for a locked database (30, or the URL's timeout).");
    final Supplier<Integer> wait =
            option("--wait SECONDS", Integer.class, "Wait so long for a PostgreSQL server that is not up yet.");

    private final long since = System.nanoTime();
    private long shown;
    private final List<String> kept = new ArrayList<>();

    @Override
    public final Integer call() {
        target().waitForServer(seconds("--wait", wait.get()).orElse(Duration.ZERO));
        return super.call();
    }

    final Duration timeout() {
        return seconds("--lock-timeout", lockTimeout.get())
                .or(target()::lockTimeout)
                .orElse(Duration.ofSeconds(30));
    }

    private static Optional<Duration> seconds(String option, Integer seconds) {
        if (seconds != null && seconds < 0) {
            throw Refusal.usage(option + " cannot be less than 0", "0, not to wait at all, or more");
        }
        return Optional.ofNullable(seconds).map(Duration::ofSeconds);
    }

    /** Tells on a terminal how much of a file is copied, once a command takes over a second; the line goes with the last. */
    @Override
    public final void copied(long done, long total) {
        boolean isTold =
                terminal().isInteractive() && !root().quiet.get() && System.nanoTime() - since > 1_000_000_000L;
        long percent = total == 0 ? shown : 100 * done / total;
        if (isTold && percent != shown) {
            // Whatever is printed next stands over it; no error is shorter.
            String line = "copying  " + percent + " % of " + (total + 999_999) / 1_000_000 + " MB\r";
            terminal().err().print(percent == 100 ? "\u001b[K" : line);
            terminal().err().flush();
            shown = percent;
        }
    }

    @Override
    public final void moved(Path from, Path to) {
        kept.add("moved: " + from + ", which may hold rows of another file, to " + to);
    }

    @Override
    public final void backedUp(Path backup) {
        kept.add(
                backup.toString().endsWith("Z." + Damage.MARK + ".bak")
                        ? "backup: " + backup + " is what was there, damaged"
                        : "backup: seedarr-db " + given("--url", root().url.get())
                                + given("--defaults-file", root().defaultsFile.get()) + "restore "
                                + Refusal.shellWord(backup) + " puts back what was there");
    }

    /** Ends with where the database is, and how to put back what was there. */
    final void tellDone(String revision) {
        tell(terminal().green("done: ") + "the database is at " + revision);
        kept.forEach(this::tell);
    }

    private static String given(String option, Object value) {
        return value == null ? "" : option + " " + Refusal.shellWord(value) + " ";
    }

    static final class ReleaseLocks extends Locking {
        @Override
        void run() {
            Optional<LockRow> released = LockRow.release(target(), timeout());
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

    static final class RestoreFile extends Locking {

        final Supplier<Boolean> noBackup = flag("--no-backup", "Leave out the backup of what is there.");
        final Supplier<Path> file =
                parameter("FILE", Path.class, null, "A backup, or any other intact copy of the database.");

        @Override
        void run() {
            Path path = terminal().folder().resolve(file.get());
            String revision = migrations().restore(path, timeout(), !noBackup.get(), this);
            tell("database  " + target());
            tell("from      " + path);
            tellDone(revision);
        }
    }
}
