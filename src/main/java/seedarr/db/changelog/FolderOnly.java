package seedarr.db.changelog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.resource.PathResource;
import liquibase.resource.Resource;
import seedarr.db.Refusal;

/** Lets Liquibase read a folder and nothing outside of it, neither by {@code ..} nor by a symbolic link. */
final class FolderOnly extends DirectoryResourceAccessor {

    private final Path folder;
    private final Set<String> asked = new TreeSet<>();
    private boolean isSearched;

    FolderOnly(Path folder) throws IOException {
        super(folder);
        this.folder = folder.toRealPath();
    }

    /** Returns the paths of the files that were asked for, whether they are there or not. */
    Set<String> asked() {
        return asked;
    }

    /** Returns whether it was asked which files there are. */
    boolean isSearched() {
        return isSearched;
    }

    @Override
    public List<Resource> getAll(String path) throws IOException {
        List<Resource> found = super.getAll(path);
        if (found.isEmpty()) {
            asked.add(path.replaceFirst("^/+", ""));
        }
        return found;
    }

    @Override
    public List<Resource> search(String path, SearchOptions options) throws IOException {
        isSearched = true;
        return super.search(path, options);
    }

    @Override
    public List<Resource> search(String path, boolean recursive) throws IOException {
        isSearched = true;
        return super.search(path, recursive);
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    protected Resource createResource(Path file, String name) {
        asked.add(getRootPath().relativize(file).normalize().toString());
        try {
            if (Files.exists(file) && !file.toRealPath().startsWith(folder)) {
                throw Refusal.failed(
                        "the changelog reads " + name + ", which is outside of its folder",
                        "a changelog whose files all lie below " + folder);
            }
        } catch (IOException e) {
            throw Refusal.failed(name + " cannot be read: " + e.getMessage(), "a look at its permissions")
                    .because(e);
        }
        return new PathResource(name, file) {

            @Override
            public Resource resolve(String other) {
                return createResource(file.resolve(other), resolvePath(other));
            }

            @Override
            public Resource resolveSibling(String other) {
                return createResource(file.resolveSibling(other), resolveSiblingPath(other));
            }
        };
    }
}
