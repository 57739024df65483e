package seedarr.db.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import seedarr.db.Refusal;

/**
 * A SQLite file.
 *
 * @param file absolute, without {@code .} and {@code ..}; odd characters are part of the name and mean nothing
 * @param timeout how long to wait for a lock, if the URL says so
 */
public record SqliteUrl(Path file, Optional<Duration> timeout) implements DatabaseUrl {

    static final String JDBC = "jdbc:sqlite:";

    private static final char NOT_UNICODE = '\uFFFD';

    /** What SQLAlchemy takes for no. */
    private static final String FALSE = "(?i)false|no|off|n|f|0";

    static SqliteUrl fromSqlalchemy(SqlalchemyUrl url, Path workingFolder) {
        String source = url.source();
        if (url.port().isPresent() || !(url.user() + url.password() + url.host()).isEmpty()) {
            throw Refusal.usage(
                    source + " has a host or a user, but SQLite has only a path",
                    "sqlite:///relative/path.db or sqlite:////absolute/path.db");
        }
        // With it, the path and the other parameters would mean something else.
        if (url.parameter("uri").filter(uri -> !uri.strip().matches(FALSE)).isPresent()) {
            throw SqlalchemyUrl.unsupported(
                    "uri", source, "the path alone, without uri and file:, such as sqlite:///./data/seedarr.db");
        }
        Optional<Duration> timeout = url.parameter("timeout").map(seconds -> timeout(seconds, url));
        Path file = path(SqlalchemyUrl.decode(url.database()), source, workingFolder)
                .normalize();
        Path undecoded = path(url.database(), source, workingFolder).normalize();
        // SQLAlchemy up to 2.0 does not decode: its file must not get a second, empty one beside it.
        if (!file.equals(undecoded) && !Files.exists(file) && Files.isRegularFile(undecoded)) {
            throw Refusal.usage(
                    source + " names " + file + ", but only " + undecoded + " exists",
                    "write %25 for each % of the file name, or rename the file");
        }
        return new SqliteUrl(file, timeout);
    }

    /** Reads a path after {@code jdbc:sqlite:}; none of the forms that SQLite or its driver give a meaning of their own. */
    static SqliteUrl fromJdbc(String value, String source, Path workingFolder) {
        String name = value.substring(JDBC.length());
        if (name.startsWith("file:") || name.startsWith(":resource:") || name.contains("?")) {
            throw Refusal.usage(
                    source + " has more than a path after jdbc:sqlite:",
                    "jdbc:sqlite:path/to/file.db, without file:, :resource: and parameters");
        }
        return new SqliteUrl(physical(path(name, source, workingFolder)), Optional.empty());
    }

    private static Path path(String name, String source, Path workingFolder) {
        if (name.isEmpty() || name.equals(":memory:")) {
            throw Refusal.usage(
                    source + " names a database in memory, which would be gone when the command ends",
                    "a file, such as sqlite:///./data/seedarr.db");
        }
        try {
            Path path = workingFolder.toAbsolutePath().resolve(name);
            if (path.toString().indexOf(NOT_UNICODE) >= 0) {
                // Java has replaced a byte that is no UTF-8: this is another file's name.
                throw Refusal.usage(source + " has a file name that is not UTF-8", "renaming the file or its folder");
            }
            return path;
        } catch (InvalidPathException e) { // No cause: it would repeat the name.
            throw Refusal.usage(
                    source + " has a file name that this system cannot store",
                    "a plain file name, such as sqlite:///./data/seedarr.db");
        }
    }

    /** Removes {@code ..} as SQLite does by itself: a symbolic link to a folder is followed first. */
    static Path physical(Path path) {
        Path folder = path.getParent();
        if (folder == null || path.equals(path.normalize())) {
            return path;
        }
        try {
            return folder.toRealPath().resolve(path.getFileName()).normalize();
        } catch (IOException e) { // The folder does not exist (yet).
            return path.normalize();
        }
    }

    private static Duration timeout(String seconds, SqlalchemyUrl url) {
        if (!seconds.strip().matches("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?")) {
            throw url.invalid("timeout", "a number of seconds, such as timeout=20");
        }
        double millis = Double.parseDouble(seconds.strip()) * 1000;
        return Duration.ofMillis((long) Math.min(Integer.MAX_VALUE, Math.max(0, millis)));
    }

    @Override
    public String toString() {
        return "sqlite:///" + file;
    }
}
