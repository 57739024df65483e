package seedarr.db.cli;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import seedarr.db.Refusal;
import seedarr.db.database.BackupFile;
import seedarr.db.database.SqliteFile;
import seedarr.db.migrate.LockRow;
import seedarr.db.migrate.Migrations;

/** What the commands share that change a database and back it up before: they say how they go on, and what they leave. */
abstract class Changing extends AnyCommand implements Migrations.Progress {

    final Supplier<Duration> lockTimeout = lockTimeout();
    final Supplier<Boolean> noBackup = flag("--no-backup", "Make no backup of a SQLite database.");
    final Supplier<Integer> keepBackups =
            number("--keep-backups N", "After a success, delete all but the newest N backups.");

    /** What the database was at, or what it was restored from; and what it is at. */
    String from;

    String current;

    private final List<String> kept = new ArrayList<>();
    private final List<Path> moved = new ArrayList<>();
    private final List<Path> deleted = new ArrayList<>();
    private Optional<Path> backup = Optional.empty();
    private Optional<Integer> backupsToKeep;

    abstract void change();

    @Override
    void run() {
        root().isChange = true;
        // Before anything is done, for it may be said wrong.
        backupsToKeep =
                Optional.ofNullable(keepBackups.get()).or(() -> installation().keepBackups());
        backupsToKeep.ifPresent(BackupFile::refuseUnlessSomeStay);
        change();
        answer.with("database", target())
                .with("from", from)
                .with("current", current)
                .with("backup", backup)
                .with("moved", moved)
                .with("deletedBackups", deleted);
    }

    @Override
    public final void copied(long done, long total) {
        root().progress.reach(done, total);
    }

    @Override
    public final void moved(Path from, Path to) {
        moved.add(to);
        kept.add("moved: " + from + ", which may hold rows of another file, to " + to);
    }

    @Override
    public final void backedUp(Path made) {
        backup = Optional.of(made);
        kept.add(
                made.toString().endsWith("Z." + BackupFile.DAMAGED + ".bak")
                        ? "backup: " + made + " is what was there, damaged"
                        : "backup: seedarr-db " + given("--url", root().url.get())
                                + given("--defaults-file", root().defaultsFile.get()) + "restore "
                                + Refusal.shellWord(made) + " puts back what was there");
    }

    private static String given(String option, Object value) {
        return value == null ? "" : option + " " + Refusal.shellWord(value) + " ";
    }

    /** Ends with where the database is, how to put back what was there, and which backups went; none that was just restored. */
    final void tellDone(Path... restored) {
        root().progress.begin("");
        tell(painted(GREEN, "done: ") + "the database is at " + current);
        kept.forEach(this::tell);
        // Whoever made none may need the old ones.
        if (backup.isEmpty() || backupsToKeep.isEmpty()) {
            return;
        }
        List<Path> spared = new ArrayList<>(List.of(restored));
        spared.add(backup.get());
        try {
            BackupFile.keep(backupsToKeep.get(), target(), spared, deleted);
        } catch (Refusal refusal) {
            terminal().err().println("note: done, but " + refusal.getMessage());
        }
        if (!deleted.isEmpty()) {
            tell("deleted: " + BackupFile.count(deleted.size()) + " older than the newest " + backupsToKeep.get());
        }
    }

    static final class RestoreFile extends Changing {

        final Supplier<String> file = option("[FILE]", "A backup, or another intact copy of the database.");

        @Override
        void change() {
            if (file.get() == null || file.get().isEmpty()) {
                List<Path> known = BackupFile.listed(target()).stream()
                        .filter(each -> !each.isDamaged())
                        .map(BackupFile::file)
                        .toList();
                String names = known.stream()
                        .map(Path::getFileName)
                        .map(Path::toString)
                        .collect(joining(", "));
                throw Refusal.usage(
                        "restore needs a backup: " + (known.isEmpty() ? "none lies beside the database" : names),
                        "seedarr-db restore " + (known.isEmpty() ? "FILE" : Refusal.shellWord(known.get(0))));
            }
            Path path = terminal().folder().resolve(file.get());
            current = migrations().restore(path, lockTimeout.get(), !noBackup.get(), this);
            from = path.toString();
            tell("database  " + target());
            tell("from      " + path);
            tellDone(SqliteFile.of(path).file());
        }
    }

    static final class ReleaseLocks extends AnyCommand {

        final Supplier<Duration> lockTimeout = lockTimeout();

        @Override
        void run() {
            root().isChange = true;
            Optional<LockRow> released = LockRow.release(target(), lockTimeout.get());
            answer.with("database", target())
                    .with("released", released.isPresent())
                    .with("holder", released.map(LockRow::holder))
                    .with("since", released.map(LockRow::since).map(Json::time));
            released.ifPresent(held -> {
                tell("database  " + target());
                tell("held by   " + held.holder() + " since " + held.since());
            });
            tell(
                    released.isPresent()
                            ? painted(GREEN, "done: ") + "the lock is free"
                            : "nothing to release: nobody holds Liquibase's lock of " + target());
        }
    }

    /** Lists the backups of a database, and deletes those that nobody wants to keep. */
    static final class Backups extends AnyCommand {

        final Supplier<Integer> keep =
                number("--keep N", "Delete all but the newest N. The newest one that is not damaged is never deleted.");

        @Override
        void run() {
            root().isChange = keep.get() != null;
            List<Path> deleted = new ArrayList<>();
            if (keep.get() != null) {
                BackupFile.keep(keep.get(), target(), List.of(), deleted);
            }
            List<BackupFile> left = BackupFile.listed(target());
            List<String> revisions = left.stream().map(BackupFile::revision).toList();
            List<Json> backups = new ArrayList<>();
            show("database  " + target());
            deleted.forEach(old -> show("deleted   " + old.getFileName()));
            for (BackupFile each : left) {
                long bytes = each.file().toFile().length();
                backups.add(new Json()
                        .with("file", each.file())
                        .with("time", each.time())
                        .with("revision", each.revision())
                        .with("bytes", bytes)
                        .with("damaged", each.isDamaged()));
                show("  " + each.time().replaceFirst("T(.*)Z", " $1") + "  "
                        + Terminal.padded(each.revision(), revisions)
                        + String.format(Locale.ROOT, "  %7.2f MB  ", bytes / 1e6)
                        + each.file().getFileName());
            }
            show(left.isEmpty() ? "no backups" : BackupFile.count(left.size()) + ", newest first");
            answer.with("database", target()).with("backups", backups).with("deleted", deleted);
        }
    }
}
