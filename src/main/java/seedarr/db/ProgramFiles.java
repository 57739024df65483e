package seedarr.db;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Where this program lies. */
public final class ProgramFiles {

    private ProgramFiles() {}

    /** Returns the jar that the program runs from, or its folder of classes. */
    public static Path code() {
        try {
            URL code = ProgramFiles.class.getProtectionDomain().getCodeSource().getLocation();
            // Java 25 does not know it of classes from an archive that was recorded with another path of the same jar.
            Path path = code == null ? Path.of(System.getProperty("java.class.path")) : Path.of(code.toURI());
            return path.toRealPath();
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
