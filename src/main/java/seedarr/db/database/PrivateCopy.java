package seedarr.db.database;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A copy of a database file and its journal in a folder that only this user can read, until it is closed. On it SQLite can
 * do the recovery that a killed writer left to the next one; the database itself stays for the application or the next
 * update to recover.
 */
public record PrivateCopy(Path folder) implements AutoCloseable {

    private static final List<String> SUFFIXES = List.of("", "-journal", "-wal");

    /**
     * @throws IOException when it is being changed, or there is no room; then nothing is left of the copy
     */
    public static PrivateCopy of(Path original) throws IOException {
        PrivateCopy copy = new PrivateCopy(Files.createTempDirectory("seedarr-db-"));
        try {
            List<String> before = fingerprint(original);
            for (String suffix : SUFFIXES) {
                Path from = Path.of(original + suffix);
                if (Files.exists(from)) {
                    Files.copy(from, Path.of(copy.file() + suffix)).toFile().setWritable(true, true);
                }
            }
            if (!before.equals(fingerprint(original))) {
                throw new IOException("it is being changed right now");
            }
            return copy;
        } catch (IOException e) {
            copy.close();
            throw e;
        }
    }

    private static List<String> fingerprint(Path database) {
        return SUFFIXES.stream()
                .map(suffix -> new File(database + suffix))
                .map(file -> file.length() + " " + file.lastModified())
                .toList();
    }

    Path file() {
        return folder.resolve("copy.db");
    }

    /**
     * Returns the copied database once SQLite has put into the file what was in the journal or the log.
     *
     * @throws IOException when there is no room for that
     */
    public SqliteFile recovered(Waiting waiting) throws IOException {
        SqliteFile recovered = SqliteFile.of(file());
        recovered.recover(waiting);
        // SQLite tells nobody when it fails as it closes the database.
        if (Files.exists(Path.of(file() + "-wal"))) {
            throw new IOException("what is in " + file() + "-wal could not be put into the file");
        }
        return recovered;
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
