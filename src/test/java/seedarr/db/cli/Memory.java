package seedarr.db.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes temporary folders in memory, where the system has room there: a test writes small files and waits for the disk,
 * several times for each commit. The packaged command is tested on the disk.
 */
public final class Memory implements TempDirFactory {

    /** In bytes: the tests of two processes need 1.7 GB, nearly all of it for the databases of their PostgreSQL servers. */
    private static final long ROOM = 3L << 30;

    /** Makes a folder that nobody else has, in memory or, if there is not room enough, with all temporary files. */
    static Path newFolder(String prefix) throws IOException {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > ROOM
                ? Files.createTempDirectory(memory, prefix)
                : Files.createTempDirectory(prefix);
    }

    @Override
    public Path createTempDirectory(AnnotatedElementContext field, ExtensionContext test) throws IOException {
        return newFolder("junit");
    }
}
