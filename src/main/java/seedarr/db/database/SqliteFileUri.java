package seedarr.db.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import seedarr.db.Refusal;

/** SQLite's own URI form, {@code file:path?mode=ro}, cut as SQLite cuts it (sqlite.org/uri.html). */
final class SqliteFileUri {

    private static final String SCHEME = "file:";

    private SqliteFileUri() {}

    static SqliteUrl parse(String uri, String source, Path workingFolder, Optional<Duration> timeout) {
        // Everything after # is ignored, also parameters.
        String[] parts = uri.substring(SCHEME.length()).split("#", 2)[0].split("\\?", 2);
        String path = parts[0];
        if (path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            String authority = slash < 0 ? path.substring(2) : path.substring(2, slash);
            if (!authority.isEmpty() && !authority.equals("localhost")) {
                throw Refusal.usage(
                        source + " has a host after file:", "file:relative/path.db or file:/absolute/path.db");
            }
            path = slash < 0 ? "" : path.substring(slash);
        }
        String mode = parts.length < 2 ? "rwc" : mode(parts[1], source);
        if (mode.equals("memory")) {
            throw SqliteUrl.inMemory(source);
        }
        Path file = SqliteUrl.physical(SqliteUrl.path(PercentCode.decode(path), source, workingFolder));
        return new SqliteUrl(file, mode.equals("ro"), !mode.equals("rwc"), timeout);
    }

    /** Returns the only parameter that is supported: the others change locking or caching, or where SQLite reads. */
    private static String mode(String query, String source) {
        String mode = null;
        for (String part : query.split("&")) {
            String[] pair = part.split("=", 2);
            String name = PercentCode.decode(pair[0]);
            if (part.isEmpty()) {
                continue;
            }
            if (!name.equals("mode")) {
                throw Parameters.unsupported(name, source);
            }
            if (mode != null) {
                throw Parameters.twice(name, source);
            }
            mode = pair.length < 2 ? "" : PercentCode.decode(pair[1]);
            if (!mode.matches("ro|rw|rwc|memory")) {
                throw Parameters.invalid(name, source, "mode=ro, mode=rw or mode=rwc");
            }
        }
        return mode == null ? "rwc" : mode;
    }
}
