package seedarr.db.database;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Who may read and write a file that is made: nobody who may not read the one that it is made after. */
public final class FileAccess {

    private static final FileAttribute<?>[] PRIVATE =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];

    private FileAccess() {}

    /**
     * Makes an empty file that only this user can read.
     *
     * @throws IOException when it cannot be made, or something is there already
     */
    public static Path createPrivate(Path file) throws IOException {
        return Files.createFile(file, PRIVATE);
    }

    /** Gives a file the group and the owner of another, each as far as this user may give it. */
    public static void inheritOwner(Path original, Path made) {
        for (String id : new String[] {"gid", "uid"}) {
            try {
                set(made, id, get(original, id));
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
            int mode = get(original, "mode") & 0777;
            if (get(original, "gid") != get(made, "gid")) {
                // The members of that group are among the others now.
                mode &= 0700 | mode >> 3 & 07;
            }
            set(made, "mode", mode | 0600);
        } catch (IOException | UnsupportedOperationException e) {
            // Then it stays private.
        }
    }

    private static int get(Path file, String attribute) throws IOException {
        return (int) Files.getAttribute(file, "unix:" + attribute);
    }

    /** Not through a link that somebody put in the place of the file. */
    private static void set(Path file, String attribute, int value) throws IOException {
        Files.setAttribute(file, "unix:" + attribute, value, LinkOption.NOFOLLOW_LINKS);
    }
}
