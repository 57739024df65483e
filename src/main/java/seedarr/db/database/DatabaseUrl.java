package seedarr.db.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import seedarr.db.Refusal;

/**
 * The parts of a value of DATABASE_URL as SQLAlchemy 2.1 cuts it, since the application reads it too; empty where absent.
 * A refusal contains names of parameters, never values, and {@link #toString()} nothing of the URL.
 *
 * @param source where the value came from, for messages: "DATABASE_URL", "--url", "url in liquibase.properties"
 */
public record DatabaseUrl(String source, Matcher parts, Map<String, String> parameters) {

    /**
     * SQLAlchemy's own pattern (sqlalchemy/engine/url.py). The word after a plus is a Python driver; postgres:// is what
     * hosting services hand out.
     */
    private static final Pattern GRAMMAR = Pattern.compile("(?s)(?<dialect>sqlite|postgres(?:ql)?)(?:\\+\\w+)?://"
            + "(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?"
            + "(?:\\[(?<ipv6>[^/?]+)\\]|(?<host>[^/:?]+))?(?::(?<port>[^/?]*))?"
            + "(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?");

    /** Values that name no database, or another one than they seem to; what is wrong with them; what to do. */
    private static final String WRONG = """
            \\s* -> is empty -> sqlite:///./data/seedarr.db, or leave it out to use the default
            ['"].* -> has quotes around it -> leave them out; docker's --env-file keeps them
            jdbc:sqlite:(file:|:resource:|.*\\?).* -> has more than a path after jdbc:sqlite: -> jdbc:sqlite:path/to/file.db, without file:, :resource: and parameters
            (?!(sqlite|postgres(ql)?)(\\+\\w+)?://|jdbc:(sqlite|postgresql):).* -> is neither a SQLite nor a PostgreSQL URL -> sqlite:///path/to/file.db or postgresql://user@host/database
            sqlite[^?]*\\?(.*&)?uri=(?!(\\s*(?i:false|no|off|n|f|0)\\s*)?(&|$)).* -> has uri, which is not supported -> the path alone, without uri and file:, such as sqlite:///./data/seedarr.db
            jdbc:sqlite:(:memory:)?|sqlite(\\+\\w+)?:///?((:|%3[aA])memory(:|%3[aA]))?(\\?.*)? -> names a database in memory, which would be gone when the command ends -> a file, such as sqlite:///./data/seedarr.db
            sqlite(\\+\\w+)?://[^/?].* -> has a host or a user, but SQLite has only a path -> sqlite:///relative/path.db or sqlite:////absolute/path.db
            """;

    /**
     * Returns the database that a value names. Looks at the file system only where a name alone does not decide, and
     * connects to nothing.
     *
     * @param workingFolder what a relative SQLite path starts from
     * @param environment where PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD are looked up
     * @throws Refusal (usage) if the value names no database that can be opened, or a piece of a password may stand where
     *     the host should be, from where it would be printed
     */
    public static Target parse(String value, String source, Path workingFolder, Map<String, String> environment) {
        refuseControlCharacters(value, source);
        WRONG.lines()
                .map(line -> line.split(" -> "))
                .filter(row -> value.matches("(?s)" + row[0]))
                .findFirst()
                .ifPresent(row -> {
                    throw Refusal.usage(source + " " + row[1], row[2]);
                });
        if (value.startsWith("jdbc:sqlite:")) {
            return SqliteFile.of(path(value.replaceFirst("jdbc:sqlite:", ""), source, workingFolder));
        }
        if (value.startsWith("jdbc:postgresql:")) {
            return PostgresUrl.fromJdbc(value, source);
        }
        Matcher parts = GRAMMAR.matcher(value);
        // Whatever comes after the scheme matches.
        if (parts.matches() && parts.group("user") != null) {
            int at = Math.max(parts.end("user"), parts.end("password"));
            if (value.indexOf('@', at + 1) > 0 || value.substring(0, at).matches("(?s).*[?&](?:ssl)?password=.*")) {
                throw Refusal.usage(
                        source + " has an @ that is not the one before the host",
                        "%40 for every other @, and %3F for a ? in a password");
            }
        }
        DatabaseUrl url = new DatabaseUrl(source, parts, new TreeMap<>());
        url.readParameters();
        return parts.group("dialect").equals("sqlite")
                ? url.sqlite(workingFolder)
                : PostgresUrl.fromSqlalchemy(url, environment);
    }

    static void refuseControlCharacters(String text, String source) {
        text.codePoints().filter(Character::isISOControl).findFirst().ifPresent(character -> {
            throw Refusal.usage(
                    source + " has a control character: " + Character.getName(character),
                    "leave it out; a file with the line ends of Windows has one at the end of each line");
        });
    }

    /** Returns a part, still percent-encoded. */
    String part(String name) {
        return Optional.ofNullable(parts.group(name)).orElse("");
    }

    /** As Python's parse_qsl does: a plus is a space, and one without a value does not count. */
    private void readParameters() {
        for (String part : part("query").replace('+', ' ').split("&")) {
            String[] pair = part.split("=", 2);
            if (pair.length == 2 && !pair[1].isEmpty() && parameters.put(decode(pair[0]), decode(pair[1])) != null) {
                throw wrong(source, decode(pair[0]), " twice", "give it once");
            }
        }
    }

    private SqliteFile sqlite(Path workingFolder) {
        Path file = path(decode(part("database")), source, workingFolder).normalize();
        Path undecoded = path(part("database"), source, workingFolder).normalize();
        // SQLAlchemy up to 2.0 does not decode: its file must not get a second, empty one beside it.
        if (!file.equals(undecoded) && !Files.exists(file) && Files.isRegularFile(undecoded)) {
            throw Refusal.usage(
                    source + " names " + file + ", but only " + undecoded + " exists",
                    "write %25 for each % of the file name, or rename the file");
        }
        return new SqliteFile(file, timeout());
    }

    private static Path path(String name, String source, Path workingFolder) {
        refuseControlCharacters(name, source);
        try {
            Path path = workingFolder.toAbsolutePath().resolve(name);
            // Where Java has replaced a byte that is no UTF-8, this is another file's name.
            if (path.toString().indexOf('\uFFFD') < 0) {
                return path;
            }
        } catch (InvalidPathException e) {
            // No cause: it would repeat the name.
        }
        throw Refusal.usage(
                source + " has a file name that is not UTF-8, or that this system cannot store",
                "a plain name for the file and its folders, such as sqlite:///./data/seedarr.db");
    }

    private Optional<Duration> timeout() {
        return Optional.ofNullable(parameters.get("timeout")).map(String::strip).map(seconds -> {
            if (!seconds.matches("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?")) {
                throw Refusal.usage(
                        source + " has timeout, with a value that is not understood",
                        "a number of seconds, such as timeout=20");
            }
            double millis = Double.parseDouble(seconds) * 1000;
            return Duration.ofMillis((long) Math.min(Integer.MAX_VALUE, Math.max(0, millis)));
        });
    }

    /** Decodes as Python does: a plus stays, and so does a percent sign without two hexadecimal digits. */
    static String decode(String text) {
        String strict = text.replaceAll("%(?![0-9a-fA-F]{2})", "%25").replace("+", "%2B");
        return URLDecoder.decode(strict, StandardCharsets.UTF_8);
    }

    static Refusal wrong(String source, String parameter, String problem, String remedy) {
        String shown = parameter.matches("[A-Za-z][A-Za-z0-9_.]{0,40}") ? parameter : "a parameter";
        return Refusal.usage(source + " has " + shown + problem, remedy);
    }

    @Override
    public String toString() {
        return source;
    }
}
