package seedarr.db.database;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import seedarr.db.Refusal;

/** A file that was missing, with the folders that were missing above it, until it is clear that it is to stay. */
final class NewFile {

    private final Deque<Path> made = new ArrayDeque<>();

    /**
     * Makes the file and its folders. As root, each gets the owner of the folder that it lies in, so that the
     * application's user can write it.
     */
    void make(Path file) {
        try {
            Deque<Path> missing = new ArrayDeque<>();
            for (Path folder = file.getParent(); !Files.exists(folder); folder = folder.getParent()) {
                missing.push(folder);
            }
            for (Path folder : missing) {
                made.push(Files.createDirectory(folder));
                inheritOwner(folder);
            }
            made.push(Files.createFile(file));
            inheritOwner(file);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster, which is as good. What is made here stays.
            made.clear();
        } catch (IOException e) {
            undo();
            throw Refusal.failed(
                            file + " cannot be created: " + SqliteError.reason(e), "a folder that this user can write")
                    .because(e);
        }
    }

    private static void inheritOwner(Path made) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        PosixFileAttributes parent = Files.readAttributes(made.getParent(), PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        view.setOwner(parent.owner());
        view.setGroup(parent.group());
    }

    /** Takes away what was made here and nobody has filled since: empty files and empty folders. */
    void undo() {
        for (Path path : made) {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    || path.toFile().length() == 0) {
                path.toFile().delete();
            }
        }
    }
}
