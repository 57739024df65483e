package seedarr.db.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.resource.PathResource;
import liquibase.resource.Resource;
import seedarr.db.Refusal;

/** Lets Liquibase read a folder and nothing outside of it, neither by {@code ..} nor by a symbolic link. */
final class FolderOnly extends DirectoryResourceAccessor {

    private final Path folder;

    FolderOnly(Path folder) throws IOException {
        super(folder);
        this.folder = folder.toRealPath();
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    protected Resource createResource(Path file, String name) {
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
