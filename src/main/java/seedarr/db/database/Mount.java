package seedarr.db.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system that a file is on, as Linux lists it (proc_mounts(5)); on others nothing is known. Java's own FileStore
 * takes a bind mount for what it was bound from.
 */
record Mount(String type, boolean isReadOnly) {

    static Mount of(Path file) {
        Mount found = new Mount("", false);
        Path last = file.getRoot();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
                String[] fields = line.split(" ");
                Path point = Path.of(fields[1].replace("\\040", " "));
                if (file.startsWith(point) && point.startsWith(last)) {
                    last = point;
                    found = new Mount(fields[2], List.of(fields[3].split(",")).contains("ro"));
                }
            }
        } catch (IOException e) {
            // Another system.
        }
        return found;
    }

    /** Returns what to add where others may have the file open on another machine; else nothing. */
    String network() {
        return type.matches("nfs.*|cifs|smb.*|9p|afs|ceph|glusterfs|lustre|fuse\\..*")
                ? ", perhaps on another machine: it is on a share (" + type + ")"
                : "";
    }
}
