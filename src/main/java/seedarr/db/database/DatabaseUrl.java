package seedarr.db.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import seedarr.db.Refusal;

/**
 * Cuts a value of DATABASE_URL as SQLAlchemy 2.1 does, since the application reads it too. A refusal contains names of
 * parameters, never values.
 */
public final class DatabaseUrl {

    /**
     * SQLAlchemy's own pattern (sqlalchemy/engine/url.py). The word after a plus is a Python driver; postgres:// is what
     * hosting services hand out.
     */
    private static final Pattern GRAMMAR = Pattern.compile("(?s)(?<dialect>sqlite|postgres(?:ql)?)(?:\\+\\w+)?://"
            + "(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?"
            + "(?<host>\\[[^/?]+\\]|[^/:?]+)?(?::(?<port>[^/?]*))?"
            + "(?:/(?<dbname>[^?]*))?(?:\\?(?<query>.*))?");

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

    private static final String NOT_UNDERSTOOD = ", with a value that is not understood";

    private DatabaseUrl() {}

    /**
     * Returns the database that a value names. Looks at the file system only where a name alone does not decide, and
     * connects to nothing.
     *
     * @param source where the value came from, for messages: "DATABASE_URL", "--url", "url in liquibase.properties"
     * @param workingFolder what a relative SQLite path starts from
     * @param environment where PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD are looked up
     * @throws Refusal (usage) if the value names no database that can be opened, or a piece of a password may stand where
     *     the host should be, from where it would be printed
     */
    public static Target parse(String value, String source, Path workingFolder, Map<String, String> environment) {
        refuseControlCharacters(value, source);
        for (String line : WRONG.split("\n")) {
            String[] row = line.split(" -> ");
            if (value.matches("(?s)" + row[0])) {
                throw Refusal.usage(source + " " + row[1], row[2]);
            }
        }
        if (value.startsWith("jdbc:sqlite:")) {
            return SqliteFile.of(path(value.replaceFirst("jdbc:sqlite:", ""), source, workingFolder));
        }
        if (value.startsWith("jdbc:postgresql:")) {
            return Postgres.fromJdbc(value, source);
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
        Map<String, String> parameters = new TreeMap<>();
        // As Python's parse_qsl does: a plus is a space, and one without a value does not count.
        for (String parameter : part(parts, "query").replace('+', ' ').split("&")) {
            String[] pair = parameter.split("=", 2);
            if (pair.length == 2 && !pair[1].isEmpty() && parameters.put(decode(pair[0]), decode(pair[1])) != null) {
                throw wrong(source, decode(pair[0]), " twice", "give it once");
            }
        }
        if (parts.group("dialect").equals("sqlite")) {
            Path file = sqlite(part(parts, "dbname"), source, workingFolder);
            return new SqliteFile(file, timeout(parameters.get("timeout"), source), false);
        }
        for (String name : List.of("host", "port", "dbname", "user", "password")) {
            String part = part(parts, name);
            parameters.putIfAbsent(
                    name, name.matches("host|port") ? part.replaceFirst("^\\[(.+)]$", "$1") : decode(part));
        }
        return Postgres.fromParameters(parameters, source, environment);
    }

    private static void refuseControlCharacters(String text, String source) {
        for (char character : text.toCharArray()) {
            if (Character.isISOControl(character)) {
                throw Refusal.usage(
                        source + " has a control character: " + Character.getName(character),
                        "leave it out; a file with the line ends of Windows has one at the end of each line");
            }
        }
    }

    /** Returns a part, still percent-encoded; empty where it is absent. */
    private static String part(Matcher parts, String name) {
        return Optional.ofNullable(parts.group(name)).orElse("");
    }

    private static Path sqlite(String name, String source, Path workingFolder) {
        Path file = path(decode(name), source, workingFolder).normalize();
        Path undecoded = path(name, source, workingFolder).normalize();
        // SQLAlchemy up to 2.0 does not decode: its file must not get a second, empty one beside it.
        if (!file.equals(undecoded) && !Files.exists(file) && Files.isRegularFile(undecoded)) {
            throw Refusal.usage(
                    source + " names " + file + ", but only " + undecoded + " exists",
                    "write %25 for each % of the file name, or rename the file");
        }
        return file;
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

    private static Optional<Duration> timeout(String value, String source) {
        return Optional.ofNullable(value).map(String::strip).map(seconds -> {
            if (!seconds.matches("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?")) {
                throw wrong(source, "timeout", NOT_UNDERSTOOD, "a number of seconds, such as timeout=20");
            }
            double millis = Double.parseDouble(seconds) * 1000;
            return Duration.ofMillis((long) Math.min(Integer.MAX_VALUE, Math.max(0, millis)));
        });
    }

    /** Decodes as Python does: a plus stays, and so does a percent sign without two hexadecimal digits. */
    private static String decode(String text) {
        String strict = text.replaceAll("%(?![0-9a-fA-F]{2})", "%25").replace("+", "%2B");
        return URLDecoder.decode(strict, StandardCharsets.UTF_8);
    }

    private static Refusal wrong(String source, String parameter, String problem, String remedy) {
        String shown = parameter.matches("[A-Za-z][A-Za-z0-9_.]{0,40}") ? parameter : "a parameter";
        return Refusal.usage(source + " has " + shown + problem, remedy);
    }

    /** What only a PostgreSQL URL needs, so that one of SQLite starts without the driver and its logger. */
    private static final class Postgres {

        /**
         * The parameters of libpq (of asyncpg: ssl), and what the driver calls them. Nothing is there for those by which libpq would
         * go elsewhere, or trust less.
         */
        private static final Map<String, String> PARAMETERS = Stream.of("""
            host=PGHOST port=PGPORT dbname=PGDBNAME user=user password=password options=options ssl=sslmode sslmode=sslmode
            application_name=ApplicationName connect_timeout=connectTimeout sslrootcert=sslrootcert sslcert=sslcert
            sslkey=sslkey sslpassword=sslpassword sslnegotiation=sslNegotiation gssencmode=gssEncMode
            krbsrvname=kerberosServerName channel_binding=channelBinding require_auth=requireAuth hostaddr= service=
            requiressl= sslcrl= sslcrldir= sslcertmode= ssl_min_protocol_version= ssl_max_protocol_version=
            """.split("\\s"))
                .collect(Collectors.toMap(pair -> pair.replaceFirst("=.*", ""), pair -> pair.replaceFirst(".*=", "")));

        /** What libpq, psycopg, asyncpg and pg8000 tune a connection with; it means nothing to one command on one host. */
        private static final Pattern TUNING =
                Pattern.compile("(tcp_)?keepalives?(_idle|_interval|_count)?|tcp_user_timeout|(command_)?timeout"
                        + "|(prepared_)?statement_cache_size|max_cached_statement_lifetime|max_cacheable_statement_size"
                        + "|prepare_threshold|client_encoding|fallback_application_name|sslcompression|sslsni|async_fallback"
                        + "|target_session_attrs");

        /** Logs pieces of a URL that it does not understand, so it is off; kept, for a logger that is not kept forgets it. */
        private static final Logger DRIVER = Logger.getLogger("org.postgresql");

        static {
            DRIVER.setLevel(Level.OFF);
        }

        /** Takes what the URL says, in its parameters or before them, else the variables. An empty value is none. */
        private static PostgresServer fromParameters(
                Map<String, String> parameters, String source, Map<String, String> environment) {
            Properties properties = new Properties();
            parameters.keySet().removeIf(TUNING.asMatchPredicate());
            parameters.forEach((name, value) -> putParameter(properties, name, value, name, source));
            PARAMETERS.forEach((name, property) -> {
                String variable = "PG"
                        + name.replace("dbname", "database")
                                .replace("application_name", "appname")
                                .replaceAll("_(?!timeout)", "")
                                .toUpperCase(Locale.ROOT);
                String value = environment.getOrDefault(variable, "");
                if (!value.isEmpty() && !name.matches("ssl(password)?") && !properties.containsKey(property)) {
                    putParameter(properties, name, value, variable, "the environment");
                }
            });
            // Where there is a root certificate, libpq looks whether the server's fits; "system" is those of Java.
            Path ofUser = Path.of(System.getProperty("user.home"), ".postgresql", "root.crt");
            String root = properties.getProperty("sslrootcert", ofUser.toString());
            if (root.equals("system")) {
                properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
                properties.setProperty("sslmode", "verify-full");
            } else if ("require".equals(properties.getProperty("sslmode")) && Files.exists(Path.of(root))) {
                properties.setProperty("sslmode", "verify-ca");
            }
            return new PostgresServer(properties);
        }

        /** Adds a parameter of libpq; a refusal calls it as it is called in the source. */
        private static void putParameter(
                Properties properties, String name, String value, String called, String source) {
            String property = PARAMETERS.getOrDefault(name, "");
            if (properties.containsKey(property)) {
                throw wrong(source, property, " twice", "give it once");
            }
            put(properties, property, value, called, source);
            if (property.equals("connectTimeout")) {
                if (!value.matches("-?[0-9]{1,6}")) {
                    throw wrong(source, called, NOT_UNDERSTOOD, "a number of seconds, such as 10");
                }
                String seconds = value.startsWith("-") ? "0" : value;
                properties.setProperty(property, seconds);
                // Of the driver's, that is only until the server answers at all.
                properties.setProperty("loginTimeout", seconds);
            }
            String[] choices = PGProperty.forName(property).getChoices();
            if (choices != null
                    && !property.equals("requireAuth")
                    && !List.of(choices).contains(value)) {
                throw wrong(source, called, NOT_UNDERSTOOD, "one of " + String.join(", ", choices));
            }
        }

        /** Reads a URL by the driver's own parser, which knows no PGHOST etc. */
        private static PostgresServer fromJdbc(String value, String source) {
            // The parser takes user:password@host for the name of a database, and would look a service up in a file.
            boolean isPlain = value.matches("(?s)jdbc:postgresql:(?://[^@?]*|[^:/@?]*)(?!.*[?&]service\\b)(?:\\?.*)?");
            Properties parsed = isPlain ? Driver.parseURL(value, null) : null;
            if (parsed == null) {
                throw Refusal.usage(
                        source + " is not a PostgreSQL URL",
                        "jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service");
            }
            parsed.computeIfPresent("PGHOST", (name, host) -> host.toString().replaceAll("[\\[\\]]", ""));
            Properties properties = new Properties();
            parsed.stringPropertyNames().forEach(name -> put(properties, name, parsed.getProperty(name), name, source));
            return new PostgresServer(properties);
        }

        /** Adds what is not empty; but a JDBC URL may have ssl alone. */
        private static void put(Properties properties, String name, String value, String called, String source) {
            if (PGProperty.forName(name) == null) {
                throw wrong(source, called, ", which is not supported", "leave it out");
            }
            if (value.isEmpty() && !name.equals("ssl")) {
                return;
            }
            refuseControlCharacters(value, source);
            // A % stands before the zone of an IPv6 address; at the beginning, it is a slash, of a socket's path.
            if (name.equals("PGHOST") && !value.matches("(?!%|[^:]*:[^:]*$)[\\p{L}\\p{N}._:%-]+")) {
                throw Refusal.usage(
                        source + " has a host that is not the name or the address of one server",
                        "postgresql://user@host:5432/database; Unix sockets and several hosts are not supported");
            }
            // Not repeated: in a URL without an @ it may be a password.
            if (name.equals("PGPORT") && !(value.matches("0*[1-9][0-9]{0,4}") && Integer.parseInt(value) < 65536)) {
                throw Refusal.usage(source + " has a port that is not a number from 1 to 65535", "5432 as the port");
            }
            properties.setProperty(name, value);
        }
    }
}
