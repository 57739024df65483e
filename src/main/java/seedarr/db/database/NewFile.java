package seedarr.db.database;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import seedarr.db.Refusal;

/**
 * A file that was missing, with the folders that were missing above it, until it is clear that it is to stay. Nobody may
 * read it who may not read the file that it is made after.
 */
public final class NewFile implements Session.Companion {

    /** What makes a new file one that only this user can read. */
    public static final FileAttribute<?> ONLY_THIS_USER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final Deque<Path> made = new ArrayDeque<>();

    /**
     * Makes the file and its folders, as far as they are missing and no other process is faster. As root, each gets the
     * owner of the folder that it lies in, so that the application's user can write it.
     *
     * @param original whose permissions the file gets; empty where it gets the usual ones
     * @throws Refusal when it cannot be made; then nothing is left of it
     */
    public NewFile(Path file, Optional<Path> original) {
        this.file = file;
        try {
            make(file, original.stream().map(like -> ONLY_THIS_USER).toArray(FileAttribute[]::new));
        } catch (IOException e) {
            afterClose(false);
            throw SqliteError.failed(file + " cannot be created", e, "a folder that this user can write");
        }
        if (made.contains(file)) {
            original.ifPresent(like -> inheritPermissions(like, file));
        }
    }

    private void make(Path path, FileAttribute<?>... attributes) throws IOException {
        if (!Files.notExists(path)) {
            return;
        }
        make(path.getParent());
        try {
            made.push(path.equals(file) ? Files.createFile(path, attributes) : Files.createDirectory(path));
            if ("root".equals(System.getProperty("user.name"))) {
                inheritOwner(path.getParent(), path);
            }
        } catch (FileAlreadyExistsException e) {
            // Another process was faster, which is as good.
        }
    }

    /** Takes away what was made here and is empty still, unless the session has committed. */
    @Override
    public void afterClose(boolean committed) {
        if (committed) {
            return;
        }
        if (made.remove(file)) {
            // Only with the lock: another program may have it open, and would lose what it writes.
            try (Session session = new Session(SqliteFile.connect(file))) {
                session.execute("BEGIN IMMEDIATE");
                if (file.toFile().length() == 0) {
                    file.toFile().delete();
                }
            } catch (SQLException e) {
                // Then it stays.
            }
        }
        // A folder with something in it stays.
        made.forEach(folder -> folder.toFile().delete());
    }

    /** Gives a file the group and the owner of another, each as far as this user may give it. */
    public static void inheritOwner(Path original, Path made) {
        for (String id : List.of("unix:gid", "unix:uid")) {
            try {
                // Not through a link that somebody put in the place of the file.
                Files.setAttribute(made, id, Files.getAttribute(original, id), LinkOption.NOFOLLOW_LINKS);
            } catch (IOException | UnsupportedOperationException e) {
                // Only root gives files away, in a rootless container not even root: then it stays this user's.
            }
        }
    }

    /**
     * Gives a private file the permissions of another, but none to a group that is not the other's. Its owner can read and
     * write it in any case. It stays private where the file system has no permissions of its own, such as vfat.
     */
    public static void inheritPermissions(Path original, Path made) {
        try {
            int mode = (int) Files.getAttribute(original, "unix:mode") & 0777;
            if (!Files.getAttribute(original, "unix:gid").equals(Files.getAttribute(made, "unix:gid"))) {
                // The members of that group are among the others now.
                mode &= 0700 | mode >> 3 & 07;
            }
            Files.setAttribute(made, "unix:mode", mode | 0600, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException e) {
            // Then it stays private.
        }
    }
}
