package seedarr.db.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The bytes of a database file, as they are on disk (sqlite.org/fileformat2.html).
 *
 * @param channel to be closed after every connection to the database: a process that closes a file gives up every lock
 *     that it has on it (POSIX)
 */
record Content(FileChannel channel) {

    /** How many bytes come first, among them SQLite's counters of changes. */
    static final int HEADER = 100;

    /** Bytes 18 and 19 are 2 in a database with a write-ahead log. */
    boolean hasLog() throws IOException {
        return bytes(18, 1).equals(ByteBuffer.wrap(new byte[] {2}));
    }

    /** Compares all but SQLite's counters; the other may have more at its end than its header counts. */
    boolean isSameAs(Content wanted) throws IOException {
        long size = channel.size();
        if (size < HEADER || wanted.channel.size() < size) {
            return false;
        }
        int pageSize = Short.toUnsignedInt(wanted.bytes(16, 2).getShort());
        int step = pageSize == 1 ? 65536 : pageSize;
        for (long at = 0; at < size; at += step) {
            // The page with this byte is for SQLite's locks, and holds nothing.
            if (at != 0x40000000 && !comparable(at, step).equals(wanted.comparable(at, step))) {
                return false;
            }
        }
        return true;
    }

    /** Without what differs in the first page: journal mode, counter and size, schema cookie, versions. */
    private ByteBuffer comparable(long at, int length) throws IOException {
        ByteBuffer page = bytes(at, length);
        return at > 0
                ? page
                : page.put(18, new byte[2])
                        .put(24, new byte[8])
                        .put(40, new byte[4])
                        .put(92, new byte[8]);
    }

    ByteBuffer bytes(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return bytes.flip();
    }
}
