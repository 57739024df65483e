package seedarr.db.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import seedarr.db.Refusal;

/**
 * A write-ahead log or a rollback journal that lies alone, or beside a file that it does not belong to: the database was moved
 * away, its copy failed, a backup was not unpacked. It may hold the only copy of committed rows, and SQLite would delete it,
 * or write it into the wrong file.
 */
public final class StrayLog {

    /** What the three kinds of files begin with (sqlite.org/fileformat2.html). */
    private static final ByteBuffer DATABASE = ByteBuffer.wrap("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII));

    private static final long JOURNAL = 0xd9d505f920a163d7L;
    private static final int LOG = 0x377f0682;

    private StrayLog() {}

    /** Refuses what lies beside a database and is not its own. To be called before SQLite opens the file. */
    static void refuse(Path database) {
        beside(database).ifPresent(log -> {
            String name = "" + database.getFileName();
            throw Refusal.failed(
                            log + (database.toFile().length() == 0 ? " lies alone" : " does not belong to " + name)
                                    + ": it may hold the newest rows of another file",
                            "putting that file back beside it as " + name + ", or moving it away")
                    .leaving("nothing was changed");
        });
    }

    /**
     * Moves away what lies alone, beside no database or an empty one, and returns where it was and is.
     *
     * @throws Refusal when it cannot be moved, or does not lie alone; then nothing was
     */
    public static Map<Path, Path> moveAway(Path database) {
        Map<Path, Path> moved = new LinkedHashMap<>();
        String time = Instant.now().toString().replaceAll("[:-]|\\.\\d+", "");
        try {
            for (var log = beside(database);
                    log.isPresent() && database.toFile().length() == 0;
                    log = beside(database)) {
                String kind = log.get().toString().substring(database.toString().length() + 1);
                moved.put(log.get(), Files.move(log.get(), Path.of(database + "." + time + ".stray-" + kind)));
            }
            refuse(database);
            return moved;
        } catch (IOException | Refusal e) {
            moveBack(database, moved);
            throw e instanceof Refusal refusal
                    ? refusal
                    : SqliteError.failed(
                            database + " has a log beside it that cannot be moved", (IOException) e, "moving it away");
        }
    }

    /** Moves it back, but not beside a database that somebody has filled meanwhile, whose log it would become. */
    public static void moveBack(Path database, Map<Path, Path> moved) {
        moved.forEach((from, to) -> {
            try {
                if (database.toFile().length() == 0) {
                    Files.move(to, from);
                }
            } catch (IOException e) {
                // Then it keeps its name, which says what it is.
            }
        });
    }

    private static Optional<Path> beside(Path database) {
        Path log = Path.of(database + "-wal");
        Path journal = Path.of(database + "-journal");
        ByteBuffer start = start(log);
        boolean isStray = start.limit() > 0;
        ByteBuffer header = isStray || Files.exists(journal) ? start(database) : start;
        if (isDatabase(header)) {
            int size = Short.toUnsignedInt(header.getShort(16));
            // SQLite passes over a log that does not begin like one. Whoever leaves its log takes that away first.
            isStray = start.limit() == 32
                    && (start.getInt(0) & ~1) == LOG
                    && (header.get(18) == 1 || start.getInt(8) != (size == 1 ? 65536 : size));
        } else if (!isStray && pagesIn(journal) > 0) {
            return Optional.of(journal);
        }
        return isStray ? Optional.of(log) : Optional.empty();
    }

    /**
     * Returns how many pages a database had when its journal was begun: none where a first update or restore was killed, and
     * SQLite makes the file empty again. Less than 0 where it is no journal, or one that is spent.
     */
    public static long pagesIn(Path journal) {
        ByteBuffer start = start(journal);
        return start.limit() < 20 || start.getLong(0) != JOURNAL ? -1 : Integer.toUnsignedLong(start.getInt(16));
    }

    static boolean isDatabase(ByteBuffer header) {
        return header.limit() == 32 && header.slice(0, 16).equals(DATABASE);
    }

    /** Returns the first bytes of a file, none where there is no file; refuses one that cannot be read. */
    static ByteBuffer start(Path file) {
        if (!Files.isRegularFile(file)) {
            return ByteBuffer.allocate(0);
        }
        try (var in = Files.newInputStream(file)) {
            return ByteBuffer.wrap(in.readNBytes(32));
        } catch (AccessDeniedException e) {
            throw SqliteError.notReadable(file);
        } catch (IOException e) {
            throw SqliteError.failed(file + " cannot be read", e, "a look at the disk");
        }
    }
}
