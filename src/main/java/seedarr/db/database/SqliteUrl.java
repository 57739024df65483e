package seedarr.db.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import seedarr.db.Refusal;

/**
 * A SQLite file.
 *
 * @param file absolute, without {@code .} and {@code ..}; odd characters are part of the name and mean nothing
 * @param readOnly whether the file must not be written to; then it must exist as well
 * @param mustExist whether a missing file must not be created
 * @param timeout how long to wait for a lock, if the URL says so
 */
public record SqliteUrl(Path file, boolean readOnly, boolean mustExist, Optional<Duration> timeout)
        implements DatabaseUrl {

    static final String JDBC = "jdbc:sqlite:";

    private static final char NOT_UNICODE = '\uFFFD';

    /** What Python's sqlite3 takes for itself and does not hand to SQLite. */
    private static final Set<String> OF_PYTHON =
            Set.of("uri", "timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements");

    static SqliteUrl fromSqlalchemy(SqlalchemyUrl url, Path workingFolder) {
        String source = url.source();
        if (!(url.user() + url.password() + url.address()).isEmpty()) {
            throw Refusal.usage(
                    source + " has a host or a user, but SQLite has only a path",
                    "sqlite:///relative/path.db or sqlite:////absolute/path.db");
        }
        Parameters parameters = Parameters.parse(url.query(), source);
        String decoded = PercentCode.decode(url.database());
        SqliteUrl opened = open(decoded, parameters, workingFolder);
        if (!decoded.equals(url.database()) && !Files.exists(opened.file)) {
            // SQLAlchemy up to 2.0 does not decode: its file must not get a second, empty one beside it.
            SqliteUrl undecoded = open(url.database(), parameters, workingFolder);
            if (Files.isRegularFile(undecoded.file)) {
                throw Refusal.usage(
                        source + " names " + opened.file + ", but only " + undecoded.file + " exists",
                        "write %25 for each % of the file name, or rename the file");
            }
        }
        return opened;
    }

    private static SqliteUrl open(String name, Parameters parameters, Path workingFolder) {
        String source = parameters.source();
        Optional<Duration> timeout = parameters.value("timeout").map(seconds -> timeout(seconds, source));
        if (!uri(parameters)) {
            // Without uri=true SQLAlchemy ignores what SQLite would understand.
            return new SqliteUrl(path(name, source, workingFolder).normalize(), false, false, timeout);
        }
        String options = parameters.values().keySet().stream()
                .filter(option -> !OF_PYTHON.contains(option))
                .map(option -> option + "=" + parameters.value(option).orElseThrow())
                .collect(Collectors.joining("&"));
        if (name.startsWith("file:")) {
            // The question mark is absent without options, as in SQLAlchemy: what is decoded may contain one.
            return SqliteFileUri.parse(options.isEmpty() ? name : name + "?" + options, source, workingFolder, timeout);
        }
        if (options.contains("mode=memory")) {
            throw inMemory(source);
        }
        if (!options.isEmpty()) {
            throw Refusal.usage(
                    source + " has uri=true, but its path does not start with file:",
                    "sqlite:///file:path.db?mode=ro&uri=true");
        }
        return new SqliteUrl(physical(path(name, source, workingFolder)), false, false, timeout);
    }

    /** Reads what follows {@code jdbc:sqlite:}; only a path or SQLite's URI form, none of the driver's own forms. */
    static SqliteUrl fromJdbc(String text, String source, Path workingFolder) {
        if (text.startsWith("file:")) {
            return SqliteFileUri.parse(text, source, workingFolder, Optional.empty());
        }
        if (text.startsWith(":resource:")) {
            throw Refusal.usage(source + " has :resource:, which is not supported", "jdbc:sqlite:path/to/file.db");
        }
        int question = text.indexOf('?');
        String name = question < 0 ? text : text.substring(0, question);
        if (name.length() + 1 < text.length()) {
            throw Parameters.unsupported(text.substring(question + 1).split("[=&]", 2)[0], source);
        }
        return new SqliteUrl(physical(path(name, source, workingFolder)), false, false, Optional.empty());
    }

    static Path path(String name, String source, Path workingFolder) {
        if (name.isEmpty() || name.equals(":memory:")) {
            throw inMemory(source);
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

    static Refusal inMemory(String source) {
        return Refusal.usage(
                source + " names a database in memory, which would be gone when the command ends",
                "a file, such as sqlite:///./data/seedarr.db");
    }

    private static boolean uri(Parameters parameters) {
        return parameters
                .value("uri")
                .map(text -> switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "on", "y", "t", "1" -> true;
                    case "false", "no", "off", "n", "f", "0" -> false;
                    default -> throw Parameters.invalid("uri", parameters.source(), "uri=true");
                })
                .orElse(false);
    }

    private static Duration timeout(String seconds, String source) {
        if (!seconds.strip().matches("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?")) {
            throw Parameters.invalid("timeout", source, "a number of seconds, such as timeout=20");
        }
        double millis = Double.parseDouble(seconds.strip()) * 1000;
        return Duration.ofMillis((long) Math.min(Integer.MAX_VALUE, Math.max(0, millis)));
    }

    @Override
    public String toString() {
        return "sqlite:///" + file;
    }
}
