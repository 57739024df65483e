package seedarr.db.database;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PGPropertyUtil;
import seedarr.db.Refusal;

/** URLs of a database on a PostgreSQL server. */
final class PostgresUrl {

    static final String JDBC = "jdbc:postgresql:";

    /** What names the database, and the variable that libpq reads for it. The driver reads none. */
    private static final Map<String, String> VARIABLES = Map.of(
            "PGHOST", "PGHOST",
            "PGPORT", "PGPORT",
            "PGDBNAME", "PGDATABASE",
            "user", "PGUSER",
            "password", "PGPASSWORD");

    /** The parameters of libpq (of asyncpg: ssl) that go to the driver. */
    private static final Set<String> PARAMETERS = Set.of(("host port dbname user password application_name options"
                    + " connect_timeout sslmode ssl sslrootcert sslcert sslkey sslpassword sslnegotiation gssencmode"
                    + " krbsrvname channel_binding")
            .split(" "));

    /** What libpq, psycopg, asyncpg and pg8000 tune a connection with; it means nothing to one command on one host. */
    private static final Pattern TUNING = Pattern.compile(
            "(tcp_)?keepalives?(_idle|_interval|_count)?|tcp_user_timeout|(command_)?timeout|target_session_attrs"
                    + "|(prepared_)?statement_cache_size|max_cached_statement_lifetime|max_cacheable_statement_size"
                    + "|prepare_threshold|client_encoding|fallback_application_name|sslcompression|sslsni|async_fallback");

    /** Kept here, for the level of a logger that nobody keeps is forgotten. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    static {
        // The driver logs pieces of a URL that it does not understand.
        DRIVER.setLevel(Level.OFF);
    }

    private PostgresUrl() {}

    /** Takes what the parameters say, else what stands before them, else the variables. */
    static PostgresServer fromSqlalchemy(DatabaseUrl url, Map<String, String> environment) {
        String source = url.source();
        Properties properties = new Properties();
        url.parameters().forEach((name, value) -> {
            if (PARAMETERS.contains(name)) {
                putParameter(properties, name, value, source);
            } else if (!TUNING.matcher(name).matches()) {
                throw DatabaseUrl.wrong(source, name, ", which is not supported", "leave it out");
            }
        });
        put(properties, "PGHOST", url.part("host") + url.part("ipv6"), source);
        put(properties, "PGPORT", url.part("port"), source);
        put(properties, "PGDBNAME", DatabaseUrl.decode(url.part("database")), source);
        put(properties, "user", DatabaseUrl.decode(url.part("user")), source);
        put(properties, "password", DatabaseUrl.decode(url.part("password")), source);
        VARIABLES.forEach(
                (property, variable) -> put(properties, property, environment.getOrDefault(variable, ""), variable));
        return new PostgresServer(properties);
    }

    private static void putParameter(Properties properties, String name, String value, String source) {
        // Of those that the driver does not call otherwise, capitals and underscores are the only difference.
        String called = PGPropertyUtil.translatePGServiceToPGProperty(
                Map.of("ssl", "sslmode", "krbsrvname", "kerberosServerName").getOrDefault(name, name.replace("_", "")));
        PGProperty property = Stream.of(PGProperty.values())
                .filter(known -> known.getName().equalsIgnoreCase(called))
                .findFirst()
                .orElseThrow();
        String[] choices = property.getChoices();
        boolean isUnderstood = choices == null || List.of(choices).contains(value);
        if (property == PGProperty.CONNECT_TIMEOUT ? !value.matches("[0-9]{1,6}") : !isUnderstood) {
            String remedy = choices == null
                    ? "a number of seconds, such as connect_timeout=10"
                    : "one of " + String.join(", ", choices);
            throw DatabaseUrl.wrong(source, name, ", with a value that is not understood", remedy);
        }
        if (properties.containsKey(property.getName())) {
            throw DatabaseUrl.wrong(source, property.getName(), " twice", "give it once");
        }
        String[] parts = property == PGProperty.PG_HOST && value.matches("[^:]+:[^:]+")
                ? value.split(":")
                : new String[] {value, ""};
        put(properties, property.getName(), parts[0], source);
        put(properties, "PGPORT", parts[1], source);
    }

    /** Reads a URL by the driver's own parser, which knows no PGHOST etc. */
    static PostgresServer fromJdbc(String value, String source) {
        // The parser takes user:password@host for the name of a database, and would look a service up in a file.
        boolean isPlain = value.matches("(?s)" + JDBC + "(?://[^@?]*|[^:/@?]*)(?!.*[?&]service\\b)(?:\\?.*)?");
        Properties parsed = isPlain ? Driver.parseURL(value, null) : null;
        if (parsed == null) {
            throw Refusal.usage(
                    source + " is not a PostgreSQL URL",
                    "jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service");
        }
        parsed.computeIfPresent("PGHOST", (name, host) -> host.toString().replaceAll("[\\[\\]]", ""));
        Properties properties = new Properties();
        parsed.stringPropertyNames().forEach(name -> {
            if (PGProperty.forName(name) == null) {
                throw DatabaseUrl.wrong(source, name, ", which is not supported", "leave it out");
            }
            put(properties, name, parsed.getProperty(name), source);
        });
        return new PostgresServer(properties);
    }

    /** Adds what is not there yet. What names the database is never empty. */
    private static void put(Properties properties, String name, String value, String source) {
        if (properties.containsKey(name) || value.isEmpty() && VARIABLES.containsKey(name)) {
            return;
        }
        // A % stands before the zone of an IPv6 address; at the beginning, it is a slash, of a socket's path.
        if (name.equals("PGHOST") && !value.matches("(?!%)[\\p{L}\\p{N}._:%-]+")) {
            throw Refusal.usage(
                    source + " has a host that is not the name or the address of one server",
                    "postgresql://user@host:5432/database; Unix sockets and several hosts are not supported");
        }
        // Not repeated: in a URL without an @ it may be a password.
        if (name.equals("PGPORT")
                && !(value.matches("[0-9]{1,5}") && Integer.parseInt(value) > 0 && Integer.parseInt(value) < 65536)) {
            throw Refusal.usage(source + " has a port that is not a number from 1 to 65535", "5432 as the port");
        }
        properties.setProperty(name, value);
    }
}
