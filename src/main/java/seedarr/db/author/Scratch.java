package seedarr.db.author;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.database.Session;
import seedarr.db.database.Target;
import seedarr.db.migrate.Migrations;
import seedarr.db.migrate.Progress;

/** A SQLite database of this command's own, in a folder that only this user can read; gone when it is closed. */
final class Scratch implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Path folder;
    private final Target target;
    private final Migrations migrations;

    Scratch(Changelog changelog) {
        try {
            folder = Files.createTempDirectory("seedarr-db-");
        } catch (IOException e) {
            throw Refusal.failed("a scratch database cannot be made: " + e.getMessage(), "room in the temporary folder")
                    .because(e);
        }
        target = Target.ofFile(folder.resolve("scratch.db"));
        migrations = new Migrations(changelog, target);
    }

    void run(Migrations.Planner planner) {
        migrations.run(List.of(planner), TIMEOUT, false, Progress.NONE);
    }

    Target target() {
        return target;
    }

    Session read() {
        return target.read(TIMEOUT);
    }

    Session write() {
        return target.write(TIMEOUT);
    }

    @Override
    public void close() {
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // Then the folder stays, in the place for what may be deleted.
        }
        folder.toFile().delete();
    }
}
