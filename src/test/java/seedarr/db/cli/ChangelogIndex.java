package seedarr.db.cli;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.RevisionIndex;

/**
 * Gives the commands that run in memory an index of the tests' changelog, as the packaged command has one: half of what
 * they did was to parse the same three files again. It counts only where the files are the same, byte by byte, and is
 * written anew by each process of the tests, before its first test, by the classes that are to be tested.
 */
public final class ChangelogIndex implements BeforeAllCallback {

    private static boolean isWritten;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (!isWritten) {
            Path lock = Files.createDirectories(Path.of("target")).resolve("index-lock");
            // Another process would find the half of it, and write an empty one.
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                RevisionIndex.write(new Changelog(Folder.INSTALLATION, "changelog/master.yaml"));
            }
            isWritten = true;
        }
    }
}
