package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import seedarr.db.ExitCode;
import seedarr.db.migrate.Migrations.Restored;
import seedarr.db.migrate.Progress;

final class RestoreFile extends Locking {

    final Argument<Boolean> noBackup = flag("--no-backup", "Leave out the backup of what is there.");
    final Argument<Path> file =
            parameter("FILE", Path.class, null, "A backup, or any other intact copy of the database.");

    RestoreFile(SeedarrDb root) {
        super(root, "Put a backup of a SQLite database back.");
    }

    @Override
    int run(PrintWriter out) {
        Path path = folder().resolve(file.get());
        Restored restored = migrations().restore(path, timeout(), !noBackup.get(), new Progress() {
            @Override
            public void copied(long done, long total) {
                RestoreFile.this.copied(done, total);
            }
        });
        if (!isQuiet()) {
            out.println("database  " + target());
            out.println("from      " + path);
            out.println(text().green("done: ") + "the database is at " + restored.revision());
            restored.backup()
                    .ifPresent(backup -> out.println(
                            backup.revision().equals("damaged")
                                    ? "backup: " + backup.file() + " is what was there, damaged"
                                    : backupLine(backup.file())));
        }
        return ExitCode.DONE;
    }
}
