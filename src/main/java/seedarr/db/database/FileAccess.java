package seedarr.db.database;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Who may read and write a file. */
final class FileAccess {

    private static final boolean IS_POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private FileAccess() {}

    /** Makes an empty file that only this user can read. */
    static void createPrivate(Path file) throws IOException {
        if (IS_POSIX) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    /** Gives a private copy the owner, group and permissions of the original, as far as that makes nobody a reader who was none. */
    static void copy(Path original, Path copy) throws IOException {
        if (!IS_POSIX) {
            return;
        }
        PosixFileAttributes from = Files.readAttributes(original, PosixFileAttributes.class);
        PosixFileAttributes to = Files.readAttributes(copy, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // Not through a link that somebody put in the place of the copy.
        PosixFileAttributeView view =
                Files.getFileAttributeView(copy, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(from.permissions());
        if (!from.group().equals(to.group())) {
            try {
                view.setGroup(from.group());
            } catch (IOException e) {
                permissions.removeAll(PosixFilePermissions.fromString("---rwx---"));
            }
        }
        if (!from.owner().equals(to.owner())) {
            try {
                view.setOwner(from.owner());
            } catch (IOException e) {
                // Only root gives files away; and whoever made the copy has read the original.
            }
        }
        try {
            view.setPermissions(permissions);
        } catch (IOException e) {
            // A file system without permissions of its own, such as vfat: then it stays private.
        }
    }

    /** Lets those who may use the original use a private file as well; its owner can in any case. */
    static void permitNoMoreThan(Path original, Path made) throws IOException {
        if (IS_POSIX) {
            PosixFileAttributes from = Files.readAttributes(original, PosixFileAttributes.class);
            PosixFileAttributes to = Files.readAttributes(made, PosixFileAttributes.class);
            Set<PosixFilePermission> permissions =
                    EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            permissions.addAll(from.permissions());
            if (!from.group().equals(to.group())) {
                permissions.removeAll(PosixFilePermissions.fromString("---rwx---"));
            }
            Files.setPosixFilePermissions(made, permissions);
        }
    }
}
