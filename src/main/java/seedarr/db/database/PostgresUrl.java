package seedarr.db.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import seedarr.db.Refusal;

/** URLs of a database on a PostgreSQL server. */
final class PostgresUrl {

    /**
     * The parameters of libpq (of asyncpg: ssl), and what the driver calls them. Nothing is there for those by which libpq would
     * go elsewhere, or trust less.
     */
    private static final Map<String, String> PARAMETERS = Stream.of(("host=PGHOST port=PGPORT dbname=PGDBNAME user=user"
                            + " password=password options=options application_name=ApplicationName"
                            + " connect_timeout=connectTimeout ssl=sslmode sslmode=sslmode sslrootcert=sslrootcert"
                            + " sslcert=sslcert sslkey=sslkey sslpassword=sslpassword sslnegotiation=sslNegotiation"
                            + " gssencmode=gssEncMode krbsrvname=kerberosServerName channel_binding=channelBinding"
                            + " require_auth=requireAuth hostaddr= service= requiressl= sslcrl= sslcrldir= sslcertmode="
                            + " ssl_min_protocol_version= ssl_max_protocol_version=")
                    .split(" "))
            .collect(Collectors.toMap(pair -> pair.replaceFirst("=.*", ""), pair -> pair.replaceFirst(".*=", "")));

    /** What libpq, psycopg, asyncpg and pg8000 tune a connection with; it means nothing to one command on one host. */
    private static final Pattern TUNING =
            Pattern.compile("(tcp_)?keepalives?(_idle|_interval|_count)?|tcp_user_timeout|(command_)?timeout"
                    + "|(prepared_)?statement_cache_size|max_cached_statement_lifetime|max_cacheable_statement_size"
                    + "|prepare_threshold|client_encoding|fallback_application_name|sslcompression|sslsni|async_fallback"
                    + "|target_session_attrs");

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
            if (!TUNING.matcher(name).matches()) {
                putParameter(properties, name, value, name, source);
            }
        });
        put(properties, "PGHOST", url.part("host") + url.part("ipv6"), source);
        put(properties, "PGPORT", url.part("port"), source);
        put(properties, "PGDBNAME", DatabaseUrl.decode(url.part("database")), source);
        put(properties, "user", DatabaseUrl.decode(url.part("user")), source);
        put(properties, "password", DatabaseUrl.decode(url.part("password")), source);
        PARAMETERS.forEach((name, property) -> {
            String value = environment.getOrDefault(variable(name), "");
            if (!value.isEmpty() && !name.matches("ssl(password)?") && !properties.containsKey(property)) {
                putParameter(properties, name, value, variable(name), "the environment");
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

    private static String variable(String parameter) {
        return "PG"
                + Map.of("dbname", "DATABASE", "application_name", "APPNAME", "connect_timeout", "CONNECT_TIMEOUT")
                        .getOrDefault(parameter, parameter.replace("_", "").toUpperCase(Locale.ROOT));
    }

    /** Adds a parameter of libpq; a refusal calls it as it is called in the source. */
    private static void putParameter(Properties properties, String name, String value, String called, String source) {
        PGProperty property = PGProperty.forName(PARAMETERS.getOrDefault(name, ""));
        if (property == null) {
            throw DatabaseUrl.wrong(source, called, ", which is not supported", "leave it out");
        }
        String[] choices = property.getChoices();
        if (property == PGProperty.CONNECT_TIMEOUT
                ? !value.matches("-?[0-9]{1,6}")
                : choices != null
                        && property != PGProperty.REQUIRE_AUTH
                        && !List.of(choices).contains(value)) {
            throw DatabaseUrl.wrong(
                    source,
                    called,
                    ", with a value that is not understood",
                    choices == null ? "a number of seconds, such as 10" : "one of " + String.join(", ", choices));
        }
        if (properties.containsKey(property.getName())) {
            throw DatabaseUrl.wrong(source, property.getName(), " twice", "give it once");
        }
        put(properties, property.getName(), value, source);
        if (property == PGProperty.CONNECT_TIMEOUT) {
            String seconds = value.startsWith("-") ? "0" : value;
            properties.setProperty(property.getName(), seconds);
            // Of the driver's, that is only until the server answers at all.
            properties.setProperty(PGProperty.LOGIN_TIMEOUT.getName(), seconds);
        }
    }

    /** Reads a URL by the driver's own parser, which knows no PGHOST etc. */
    static PostgresServer fromJdbc(String value, String source) {
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
        parsed.stringPropertyNames().forEach(name -> {
            if (PGProperty.forName(name) == null) {
                throw DatabaseUrl.wrong(source, name, ", which is not supported", "leave it out");
            }
            put(properties, name, parsed.getProperty(name), source);
        });
        return new PostgresServer(properties);
    }

    /** Adds what is not there yet and not empty; but a JDBC URL may have ssl alone. */
    private static void put(Properties properties, String name, String value, String source) {
        if (properties.containsKey(name) || value.isEmpty() && !name.equals("ssl")) {
            return;
        }
        DatabaseUrl.refuseControlCharacters(value, source);
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
