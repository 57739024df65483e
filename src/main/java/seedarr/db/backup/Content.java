package seedarr.db.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a database file, as they are on disk (sqlite.org/fileformat2.html). To be closed after every connection to
 * it: a process that closes a file gives up every lock that it has on it (POSIX).
 */
record Content(FileChannel channel) implements AutoCloseable {

    /**
     * Where the first page differs: journal mode, change counter and size, schema cookie, versions. The size is that of the
     * file anyway, which is compared.
     */
    private static final int[][] OF_THE_FILE = {{18, 20}, {24, 32}, {40, 44}, {92, 100}};

    private static final int HEADER = 100;

    /** The page with this byte is for SQLite's locks, and holds nothing. */
    private static final long LOCK_BYTE = 0x40000000;

    static Content of(Path database) throws IOException {
        return new Content(FileChannel.open(database, StandardOpenOption.READ));
    }

    long size() throws IOException {
        return channel.size();
    }

    /** Returns the first bytes, among them SQLite's counters of changes. */
    ByteBuffer header() throws IOException {
        return bytes(0, HEADER);
    }

    /** Bytes 18 and 19 are 2 in a database with a write-ahead log. */
    boolean hasLog() throws IOException {
        ByteBuffer version = bytes(18, 1);
        return version.hasRemaining() && version.get() == 2;
    }

    /** A journal that still begins with its magic bytes, or cannot be read, would be rolled back. */
    static boolean isSpent(Path journal) {
        try (Content content = of(journal)) {
            ByteBuffer first = content.bytes(0, 1);
            return !first.hasRemaining() || first.get() == 0;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Compares all but SQLite's counters; the other may have more at its end than its header counts. */
    boolean isSameAs(Content wanted) throws IOException {
        long size = size();
        if (size < HEADER || wanted.size() < size) {
            return false;
        }
        int pageSize = Short.toUnsignedInt(wanted.bytes(16, 2).getShort());
        int step = pageSize == 1 ? 65536 : pageSize;
        for (long at = 0; at < size; at += step) {
            if (at != LOCK_BYTE && !comparable(at, step).equals(wanted.comparable(at, step))) {
                return false;
            }
        }
        return true;
    }

    private ByteBuffer comparable(long at, int length) throws IOException {
        ByteBuffer bytes = bytes(at, length);
        if (at == 0) {
            for (int[] range : OF_THE_FILE) {
                for (int i = range[0]; i < range[1]; i++) {
                    bytes.put(i, (byte) 0);
                }
            }
        }
        return bytes;
    }

    private ByteBuffer bytes(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
