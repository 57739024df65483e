package seedarr.db.database;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import seedarr.db.Refusal;

/** A file that was missing, with the folders that were missing above it, until it is clear that it is to stay. */
final class NewFile implements Session.Companion {

    private final Path file;
    private final Creation creation;
    private final Deque<Path> made = new ArrayDeque<>();

    NewFile(Path file) {
        this(file, Files::createFile);
    }

    /** A new file that only this user can read. */
    static NewFile ofPrivate(Path file) {
        return new NewFile(file, path -> {
            FileAccess.createPrivate(path);
            return path;
        });
    }

    private NewFile(Path file, Creation creation) {
        this.file = file;
        this.creation = creation;
    }

    /**
     * Makes the file and its folders, as far as no other process is faster. As root, each gets the owner of the folder
     * that it lies in, so that the application's user can write it.
     */
    void make() {
        try {
            Deque<Path> missing = new ArrayDeque<>();
            for (Path folder = file.getParent(); !Files.exists(folder); folder = folder.getParent()) {
                missing.push(folder);
            }
            for (Path folder : missing) {
                make(folder, Files::createDirectory);
            }
            make(file, creation);
        } catch (IOException e) {
            afterClose();
            throw Refusal.failed(
                            file + " cannot be created: " + SqliteError.reason(e), "a folder that this user can write")
                    .because(e);
        }
    }

    private interface Creation {
        Path create(Path path) throws IOException;
    }

    private void make(Path path, Creation creation) throws IOException {
        try {
            made.push(creation.create(path));
            inheritOwner(path);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster, which is as good.
        }
    }

    private static void inheritOwner(Path made) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            PosixFileAttributes parent = Files.readAttributes(made.getParent(), PosixFileAttributes.class);
            PosixFileAttributeView view =
                    Files.getFileAttributeView(made, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setOwner(parent.owner());
            view.setGroup(parent.group());
        } catch (IOException e) {
            // A root that may not give files away, as in a rootless container: then they are its own.
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
