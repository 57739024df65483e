package seedarr.db.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.util.PGPropertyUtil;
import seedarr.db.Refusal;

/** URLs of a database on a PostgreSQL server. */
final class PostgresUrl {

    static final String JDBC = "jdbc:postgresql:";

    /** What names the database, as the driver calls it. */
    private static final Set<String> NAMING = Set.of("PGHOST", "PGPORT", "PGDBNAME", "user", "password");

    /** The parameters of libpq (of asyncpg: ssl) that go to the driver. */
    private static final List<String> PARAMETERS = List.of(("host port dbname user password application_name options"
                    + " connect_timeout sslmode ssl sslrootcert sslcert sslkey sslpassword sslnegotiation gssencmode"
                    + " krbsrvname channel_binding require_auth target_session_attrs")
            .split(" "));

    /** Variables by which libpq would go elsewhere, or trust less; of all others it has, those of the parameters count. */
    private static final List<String> REFUSED_VARIABLES =
            List.of(("PGHOSTADDR PGSERVICE PGREQUIRESSL PGSSLCRL PGSSLCRLDIR PGSSLCERTMODE PGSSLMINPROTOCOLVERSION"
                            + " PGSSLMAXPROTOCOLVERSION")
                    .split(" "));

    /** What libpq, psycopg, asyncpg and pg8000 tune a connection with; it means nothing to one command on one host. */
    private static final Pattern TUNING = Pattern.compile(
            "(tcp_)?keepalives?(_idle|_interval|_count)?|tcp_user_timeout|(command_)?timeout"
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
        for (String name : PARAMETERS) {
            String value = environment.getOrDefault(variable(name), "");
            if (!value.isEmpty()
                    && !name.matches("ssl(password)?")
                    && !properties.containsKey(property(name).getName())) {
                putParameter(properties, name, value, variable(name));
            }
        }
        REFUSED_VARIABLES.stream()
                .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
                .forEach(variable -> {
                    throw Refusal.usage(
                            variable + " is set, which is not supported", "the same command without " + variable);
                });
        trustAsLibpq(properties);
        return new PostgresServer(properties);
    }

    private static String variable(String parameter) {
        return "PG"
                + Map.of("dbname", "DATABASE", "application_name", "APPNAME", "connect_timeout", "CONNECT_TIMEOUT")
                        .getOrDefault(parameter, parameter.replace("_", "").toUpperCase(Locale.ROOT));
    }

    /** Where there is a root certificate, libpq looks whether the server's fits; {@code system} is those of Java. */
    private static void trustAsLibpq(Properties properties) {
        Path ofUser = Path.of(System.getProperty("user.home"), ".postgresql", "root.crt");
        String root = properties.getProperty("sslrootcert", ofUser.toString());
        if (root.equals("system")) {
            properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
            properties.setProperty("sslmode", "verify-full");
        } else if ("require".equals(properties.getProperty("sslmode")) && Files.exists(Path.of(root))) {
            properties.setProperty("sslmode", "verify-ca");
        }
    }

    /** Of those that the driver does not call otherwise, capitals and underscores are the only difference. */
    private static PGProperty property(String name) {
        String called = PGPropertyUtil.translatePGServiceToPGProperty(
                Map.of("ssl", "sslmode", "krbsrvname", "kerberosServerName", "target_session_attrs", "targetServerType")
                        .getOrDefault(name, name.replace("_", "")));
        return Stream.of(PGProperty.values())
                .filter(known -> known.getName().equalsIgnoreCase(called))
                .findFirst()
                .orElseThrow();
    }

    private static void putParameter(Properties properties, String name, String value, String source) {
        PGProperty property = property(name);
        boolean isTimeout = property == PGProperty.CONNECT_TIMEOUT;
        boolean isTarget = property == PGProperty.TARGET_SERVER_TYPE;
        List<String> choices = isTarget
                ? List.of("any", "read-write", "primary", "prefer-standby")
                : property.getChoices() == null ? List.of() : List.of(property.getChoices());
        List<String> values = property == PGProperty.REQUIRE_AUTH ? List.of(value.split(",")) : List.of(value);
        if (isTimeout ? !value.matches("-?[0-9]{1,6}") : !choices.isEmpty() && !choices.containsAll(values)) {
            String problem = isTarget && value.matches("standby|read-only")
                    ? "which leaves out the server that can be changed"
                    : "with a value that is not understood";
            String remedy = isTimeout ? "a number of seconds, such as 10" : "one of " + String.join(", ", choices);
            throw source.equals(variable(name))
                    ? Refusal.usage(source + " is set, " + problem, remedy)
                    : DatabaseUrl.wrong(source, name, ", " + problem, remedy);
        }
        if (properties.containsKey(property.getName())) {
            throw DatabaseUrl.wrong(source, property.getName(), " twice", "give it once");
        }
        String[] parts = property == PGProperty.PG_HOST && value.matches("[^:]+:[^:]+")
                ? value.split(":")
                : new String[] {isTarget ? "any" : isTimeout && value.startsWith("-") ? "0" : value, ""};
        put(properties, property.getName(), parts[0], source);
        put(properties, "PGPORT", parts[1], source);
        if (isTimeout) {
            // Of the driver's, that is only until the server answers at all.
            put(properties, PGProperty.LOGIN_TIMEOUT.getName(), parts[0], source);
        }
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
        if (properties.containsKey(name) || value.isEmpty() && NAMING.contains(name)) {
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
