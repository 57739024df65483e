package seedarr.db.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import seedarr.db.Refusal;

/**
 * A copy of a database file and its journal in a folder that only this user can read, until it is closed. On it SQLite can
 * do the recovery that a killed writer left to the next one; the database itself stays for the application or the next
 * update to recover.
 */
public final class PrivateCopy implements AutoCloseable {

    private static final List<String> SUFFIXES = List.of("", "-journal", "-wal");
    private static final int ATTEMPTS = 5;

    private final Path folder;

    private PrivateCopy(Path folder) {
        this.folder = folder;
    }

    /**
     * Copies a database.
     *
     * @throws Refusal when it is being changed, or there is no room; then nothing is left of the copy
     */
    public static PrivateCopy of(Path original) {
        try {
            PrivateCopy copy = new PrivateCopy(Files.createTempDirectory("seedarr-db-"));
            try {
                copy.fill(original);
                return copy;
            } catch (IOException | Refusal e) {
                copy.close();
                throw e;
            }
        } catch (IOException e) {
            throw Refusal.failed(
                            original + " has a journal to recover, and a private copy to do so failed: "
                                    + SqliteError.reason(e),
                            "room in " + System.getProperty("java.io.tmpdir")
                                    + ", or starting Seedarr once, so that SQLite recovers it")
                    .because(e);
        }
    }

    private void fill(Path original) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String before = fingerprint(original);
            for (String suffix : SUFFIXES) {
                copy(Path.of(original + suffix), Path.of(file() + suffix));
            }
            if (before.equals(fingerprint(original))) {
                return;
            }
        }
        throw Refusal.failed(original + " is being changed right now", "again in a moment");
    }

    /** Returns the copied database, with its journal beside it. */
    Path file() {
        return folder.resolve("copy.db");
    }

    /**
     * Returns the copied database once SQLite has put into the file what was in the journal or the log.
     *
     * @throws IOException when there is no room for that
     */
    public SqliteFile recovered(Duration lockTimeout) throws IOException {
        SqliteFile recovered = Target.ofFile(file());
        recovered.recover(lockTimeout);
        // SQLite tells nobody when it fails as it closes the database.
        if (Files.exists(Path.of(file() + "-wal"))) {
            throw new IOException("what is in " + file() + "-wal could not be put into the file");
        }
        return recovered;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.deleteIfExists(to);
        if (Files.exists(from)) {
            Files.copy(from, to);
            to.toFile().setWritable(true, true);
        }
    }

    private static String fingerprint(Path file) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String suffix : SUFFIXES) {
            Path path = Path.of(file + suffix);
            if (Files.exists(path)) {
                var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                seen.append(suffix).append(attributes.size()).append(attributes.lastModifiedTime());
            }
        }
        return seen.toString();
    }

    /** Takes the copy away; whoever has it open can read it to the end. */
    @Override
    public void close() {
        for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
            Path.of(file() + suffix).toFile().delete();
        }
        folder.toFile().delete();
    }
}
