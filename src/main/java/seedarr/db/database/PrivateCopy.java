package seedarr.db.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Function;
import seedarr.db.Refusal;

/**
 * A copy of a database file and its journal in a folder that only this user can read. On it SQLite can do the recovery
 * that a killed writer left to the next one; the database itself stays for the application or the next update to
 * recover.
 */
final class PrivateCopy {

    private static final List<String> SUFFIXES = List.of("", "-journal", "-wal");
    private static final int ATTEMPTS = 5;

    private PrivateCopy() {}

    /** Opens a copy; its files are taken away at once, so that nothing is left of it however the command ends. */
    static Session open(Path file, Function<Path, Session> opener) {
        try {
            Path folder = Files.createTempDirectory("seedarr-db-");
            try {
                Path copy = folder.resolve("copy.db");
                for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                    String before = fingerprint(file);
                    for (String suffix : SUFFIXES) {
                        copy(Path.of(file + suffix), Path.of(copy + suffix));
                    }
                    if (before.equals(fingerprint(file))) {
                        return opener.apply(copy);
                    }
                }
                throw Refusal.failed(file + " is being changed right now", "again in a moment");
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw Refusal.failed(
                            file + " was left by a killed writer, and a private copy to read it failed: "
                                    + SqliteError.reason(e),
                            "room in " + System.getProperty("java.io.tmpdir")
                                    + ", or starting Seedarr once, so that SQLite recovers it")
                    .because(e);
        }
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

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().delete());
        }
        Files.deleteIfExists(folder);
    }
}
