package seedarr.db.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import seedarr.db.ExitCode;
import seedarr.db.migrate.Migrations.Restored;
import seedarr.db.migrate.Progress;

@Command(name = "restore", description = "Put a backup of a SQLite database back.")
final class RestoreFile extends Locking {

    @Option(names = "--no-backup", description = "Leave out the backup of what is there.")
    boolean noBackup;

    @Parameters(paramLabel = "FILE", description = "A backup, or any other intact copy of the database.")
    Path file;

    @Override
    int run(PrintWriter out) {
        Path path = folder().resolve(file);
        Restored restored = migrations().restore(path, timeout(), !noBackup, new Progress() {
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
