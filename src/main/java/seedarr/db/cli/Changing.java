package seedarr.db.cli;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import seedarr.db.Refusal;
import seedarr.db.database.BackupFile;
import seedarr.db.database.SqliteFile;
import seedarr.db.migrate.Migrations;

/** What the commands share that change a database and back it up before: they say how they go on, and what they leave. */
abstract class Changing extends Locking implements Migrations.Progress {

    final Supplier<Boolean> noBackup = flag("--no-backup", "Leave out the backup of a SQLite database.");
    final Supplier<Integer> keepBackups =
            option("--keep-backups N", Integer.class, "Delete all but the newest N backups after a success.");

    private final List<String> kept = new ArrayList<>();
    private final List<String> moved = new ArrayList<>();
    private final List<String> deleted = new ArrayList<>();
    private Optional<Path> backup = Optional.empty();

    @Override
    public final void copied(long done, long total) {
        terminal().progress().reach(done, total);
    }

    @Override
    public final void moved(Path from, Path to) {
        moved.add(to.toString());
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

    /** Returns how many backups stay, if that is said; asked before anything is done, for it may be said wrong. */
    final Optional<Integer> backupsToKeep() {
        Optional<Integer> number =
                Optional.ofNullable(keepBackups.get()).or(() -> installation().keepBackups());
        number.ifPresent(BackupFile::refuseUnlessSomeStay);
        return number;
    }

    /**
     * Ends with where the database is, how to put back what was there, and which backups went.
     *
     * @param restored the file that was restored; no backup is deleted to which somebody has just gone back
     */
    final void tellDone(String revision, Optional<Integer> backupsToKeep, Path... restored) {
        terminal().progress().begin("");
        tell(terminal().green("done: ") + "the database is at " + revision);
        kept.forEach(this::tell);
        Set<Path> spared = new HashSet<>(List.of(restored));
        backup.ifPresent(spared::add);
        try {
            // Whoever made none may need the old ones.
            backupsToKeep
                    .filter(number -> backup.isPresent())
                    .ifPresent(number -> BackupFile.keep(
                            number,
                            target(),
                            spared,
                            old -> deleted.add(old.file().toString())));
        } catch (Refusal refusal) {
            terminal().err().println("note: done, but " + refusal.getMessage());
        }
        if (!deleted.isEmpty()) {
            tell("deleted: " + BackupFile.count(deleted.size()) + " older than the newest "
                    + backupsToKeep.orElseThrow());
        }
    }

    /** Adds to the answer what every command has that can change a database. */
    void answer(String from, String current) {
        answer.with("database", target().toString())
                .with("from", from)
                .with("current", current)
                .with("backup", backup.map(Path::toString))
                .with("moved", moved)
                .with("deletedBackups", deleted);
    }

    static final class RestoreFile extends Changing {

        final Supplier<String> file =
                parameter("FILE", String.class, "", "A backup, or any other intact copy of the database.");

        @Override
        void run() {
            if (file.get().isEmpty()) {
                List<BackupFile> known = BackupFile.listed(target());
                String names = known.isEmpty()
                        ? "none lies beside the database"
                        : known.stream()
                                .map(each -> each.file().getFileName().toString())
                                .collect(joining(", "));
                String newest = known.isEmpty()
                        ? "FILE"
                        : Refusal.shellWord(known.get(0).file());
                throw Refusal.usage("restore needs a backup: " + names, "seedarr-db restore " + newest);
            }
            Optional<Integer> backupsToKeep = backupsToKeep();
            Path path = terminal().folder().resolve(file.get());
            String revision = migrations().restore(path, timeout(), !noBackup.get(), this);
            tell("database  " + target());
            tell("from      " + path);
            tellDone(revision, backupsToKeep, SqliteFile.of(path).file());
            answer(path.toString(), revision);
        }
    }

    /** Lists the backups of a database, and deletes those that nobody wants to keep. */
    static final class Backups extends AnyCommand {

        final Supplier<Integer> keep = option(
                "--keep N", Integer.class, "Delete all but the newest N, but never the newest that is not damaged.");

        @Override
        boolean isChange() {
            return keep.get() != null;
        }

        @Override
        void run() {
            List<BackupFile> all = BackupFile.listed(target());
            List<BackupFile> deleted = new ArrayList<>();
            try {
                if (keep.get() != null) {
                    BackupFile.keep(keep.get(), target(), Set.of(), deleted::add);
                }
            } catch (Refusal refusal) {
                throw deleted.isEmpty() ? refusal : refusal.leaving(BackupFile.count(deleted.size()) + " went before");
            }
            List<BackupFile> left = new ArrayList<>(all);
            left.removeAll(deleted);
            answer.with("database", target().toString())
                    .with("backups", left.stream().map(Backups::facts).toList())
                    .with(
                            "deleted",
                            deleted.stream().map(old -> old.file().toString()).toList());
            List<String> revisions = left.stream().map(BackupFile::revision).toList();
            show("database  " + target());
            deleted.forEach(old -> show("deleted   " + old.file().getFileName()));
            left.forEach(each -> show("  " + each.time().replaceFirst("T(.*)Z", " $1") + "  "
                    + Terminal.padded(each.revision(), revisions)
                    + String.format(
                            Locale.ROOT, "  %7.2f MB  ", each.file().toFile().length() / 1e6)
                    + each.file().getFileName()));
            show(left.isEmpty() ? "no backups" : BackupFile.count(left.size()) + ", newest first");
        }

        private static Json facts(BackupFile backup) {
            return new Json()
                    .with("file", backup.file().toString())
                    .with("time", backup.time())
                    .with("revision", backup.revision())
                    .with("bytes", backup.file().toFile().length())
                    .with("damaged", backup.isDamaged());
        }
    }
}
