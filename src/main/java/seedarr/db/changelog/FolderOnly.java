package seedarr.db.changelog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
@SuppressWarnings("try") // There is nothing to close.
final class FolderOnly extends DirectoryResourceAccessor {

    /** The paths that were asked for, there or not; where it was asked which files there are, none of an index. */
    final Set<String> asked = new TreeSet<>();

    FolderOnly(Path folder) throws FileNotFoundException {
        super(folder);
    }

    @Override
    public List<Resource> getAll(String path) throws IOException {
        asked.add(path.replaceFirst("^/+", ""));
        return super.getAll(path);
    }

    @Override
    public List<Resource> search(String path, SearchOptions options) throws IOException {
        asked.add(RevisionIndex.RECORD);
        return super.search(path, options);
    }

    @Override
    protected Resource createResource(Path file, String name) {
        asked.add(getRootPath().relativize(file).normalize().toString());
        try {
            if (Files.exists(file)
                    && !file.toRealPath().startsWith(getRootPath().toRealPath())) {
                throw Refusal.failed(
                        "the changelog reads " + name + ", which is outside of its folder",
                        "a changelog whose files all lie below " + getRootPath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
