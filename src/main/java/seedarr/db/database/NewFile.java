package seedarr.db.database;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import seedarr.db.Refusal;

/** A file that was missing, with the folders that were missing above it, until it is clear that it is to stay. */
public final class NewFile implements Session.Companion {

    /** Makes a file or a folder. */
    public interface Creation {
        Path create(Path path) throws IOException;
    }

    private final Path file;
    private final Deque<Path> made = new ArrayDeque<>();

    public NewFile(Path file) {
        this.file = file;
    }

    /**
     * Makes the file and its folders, as far as no other process is faster. As root, each gets the owner of the folder
     * that it lies in, so that the application's user can write it.
     *
     * @throws Refusal when it cannot be made; then nothing is left of it
     */
    public void make(Creation creation) {
        try {
            make(file, creation);
        } catch (IOException e) {
            afterClose();
            throw Refusal.failed(
                            file + " cannot be created: " + SqliteError.reason(e), "a folder that this user can write")
                    .because(e);
        }
    }

    private void make(Path path, Creation creation) throws IOException {
        if (!Files.exists(path.getParent())) {
            make(path.getParent(), Files::createDirectory);
        }
        try {
            made.push(creation.create(path));
            if ("root".equals(System.getProperty("user.name"))) {
                FileAccess.inheritOwner(path.getParent(), path);
            }
        } catch (FileAlreadyExistsException e) {
            // Another process was faster, which is as good.
        }
    }

    /**
     * Takes the file away if it was made here and is empty still. Only with the lock: another program may have it open,
     * and would lose what it writes.
     */
    @Override
    public void beforeClose(Session session) throws SQLException {
        if (made.remove(file)) {
            session.execute("PRAGMA busy_timeout = 0");
            session.execute("BEGIN IMMEDIATE");
            if (file.toFile().length() == 0) {
                file.toFile().delete();
            }
        }
    }

    /** Takes the folders away that were made here and are empty. */
    @Override
    public void afterClose() {
        for (Path path : made) {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                path.toFile().delete();
            }
        }
    }
}
