package seedarr.db.database;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import seedarr.db.Refusal;

/**
 * A database on a PostgreSQL server.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param password absent if neither the URL nor PGPASSWORD has one: then the JDBC driver looks into ~/.pgpass
 * @param properties what else the URL says, in the names of the JDBC driver; it may hold sslpassword
 */
public record PostgresUrl(
        String host, int port, String database, String user, Optional<String> password, Map<String, String> properties)
        implements DatabaseUrl {

    static final String JDBC = "jdbc:postgresql:";

    /** What names the database, and the variable that libpq reads for it. The driver reads none. */
    private static final Map<PGProperty, String> VARIABLES = Map.of(
            PGProperty.PG_HOST, "PGHOST",
            PGProperty.PG_PORT, "PGPORT",
            PGProperty.PG_DBNAME, "PGDATABASE",
            PGProperty.USER, "PGUSER",
            PGProperty.PASSWORD, "PGPASSWORD");

    /** The parameters of libpq (of asyncpg: ssl), and the driver's counterparts. */
    private static final Map<String, PGProperty> PARAMETERS = Map.ofEntries(
            Map.entry("host", PGProperty.PG_HOST),
            Map.entry("port", PGProperty.PG_PORT),
            Map.entry("dbname", PGProperty.PG_DBNAME),
            Map.entry("user", PGProperty.USER),
            Map.entry("password", PGProperty.PASSWORD),
            Map.entry("application_name", PGProperty.APPLICATION_NAME),
            Map.entry("options", PGProperty.OPTIONS),
            Map.entry("connect_timeout", PGProperty.CONNECT_TIMEOUT),
            Map.entry("sslmode", PGProperty.SSL_MODE),
            Map.entry("ssl", PGProperty.SSL_MODE),
            Map.entry("sslrootcert", PGProperty.SSL_ROOT_CERT),
            Map.entry("sslcert", PGProperty.SSL_CERT),
            Map.entry("sslkey", PGProperty.SSL_KEY),
            Map.entry("sslpassword", PGProperty.SSL_PASSWORD),
            Map.entry("sslnegotiation", PGProperty.SSL_NEGOTIATION),
            Map.entry("gssencmode", PGProperty.GSS_ENC_MODE),
            Map.entry("krbsrvname", PGProperty.KERBEROS_SERVER_NAME),
            Map.entry("channel_binding", PGProperty.CHANNEL_BINDING),
            Map.entry("target_session_attrs", PGProperty.TARGET_SERVER_TYPE));

    /** The driver asks the server for transaction_read_only, so its "primary" is libpq's read-write. */
    private static final Map<String, String> TARGETS = Map.of(
            "any", "any",
            "primary", "primary",
            "read-write", "primary",
            "standby", "secondary",
            "read-only", "secondary",
            "prefer-standby", "preferSecondary");

    /** What libpq, psycopg, asyncpg and pg8000 tune a connection with; it means nothing to the one of a command. */
    private static final Pattern TUNING = Pattern.compile(
            "(tcp_)?keepalives?(_idle|_interval|_count)?|tcp_user_timeout|(command_)?timeout"
                    + "|(prepared_)?statement_cache_size|max_cached_statement_lifetime|max_cacheable_statement_size"
                    + "|prepare_threshold|client_encoding|fallback_application_name|sslcompression|sslsni|async_fallback");

    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}._:%-]+");

    /** Kept here, for the level of a logger that nobody keeps is forgotten. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    static {
        // The driver logs pieces of a URL that it does not understand.
        DRIVER.setLevel(Level.OFF);
    }

    public PostgresUrl {
        properties = Map.copyOf(properties);
    }

    /** Takes what the parameters say, else what stands before them, else the variables. */
    static PostgresUrl fromSqlalchemy(SqlalchemyUrl url, Map<String, String> environment) {
        String source = url.source();
        Map<String, String> properties = new HashMap<>();
        for (String name : url.parameters().keySet()) {
            if (PARAMETERS.containsKey(name)) {
                putParameter(properties, name, url);
            } else if (!TUNING.matcher(name).matches()) {
                throw SqlalchemyUrl.unsupported(name, source, "leave it out");
            }
        }
        put(properties, PGProperty.PG_HOST, url.host(), source);
        url.port().ifPresent(port -> checkPort(port, source));
        put(properties, PGProperty.PG_PORT, url.port().orElse(""), source);
        put(properties, PGProperty.PG_DBNAME, SqlalchemyUrl.decode(url.database()), source);
        put(properties, PGProperty.USER, url.user(), source);
        put(properties, PGProperty.PASSWORD, url.password(), source);
        VARIABLES.forEach(
                (property, variable) -> put(properties, property, environment.getOrDefault(variable, ""), variable));
        return of(properties);
    }

    private static void putParameter(Map<String, String> properties, String name, SqlalchemyUrl url) {
        PGProperty property = PARAMETERS.get(name);
        if (property == PGProperty.PG_HOST && url.parameters().get(name).size() > 1) {
            throw severalHosts(url.source());
        }
        String value = url.parameter(name).orElseThrow();
        boolean isTarget = property == PGProperty.TARGET_SERVER_TYPE;
        String[] choices = isTarget ? TARGETS.keySet().toArray(String[]::new) : property.getChoices();
        if (choices != null && !List.of(choices).contains(value)) {
            throw url.invalid(name, "one of " + Stream.of(choices).sorted().collect(Collectors.joining(", ")));
        }
        if (property == PGProperty.CONNECT_TIMEOUT && !value.matches("[0-9]{1,6}")) {
            throw url.invalid(name, "a whole number of seconds, such as connect_timeout=10");
        }
        if (properties.containsKey(property.getName())) {
            throw url.twice(property.getName());
        }
        if (property == PGProperty.PG_HOST && value.matches("[^:/]+:[^:]+")) {
            put(properties, PGProperty.PG_PORT, value.substring(value.indexOf(':') + 1), url.source());
            value = value.substring(0, value.indexOf(':'));
        }
        put(properties, property, isTarget ? TARGETS.get(value) : value, url.source());
    }

    /** Reads a URL by the driver's own parser, which knows no PGHOST etc. */
    static PostgresUrl fromJdbc(String value, String source) {
        if (value.matches("(?s).*[?&]service\\b.*")) { // The parser would look it up in a file.
            throw SqlalchemyUrl.unsupported("service", source, "leave it out");
        }
        // The parser takes user:password@host for the name of a database.
        boolean isPlain = value.matches("(?s)" + JDBC + "(?://[^@?]*|[^:/@?]*)(?:\\?.*)?");
        Properties parsed = isPlain ? Driver.parseURL(value, null) : null;
        if (parsed == null) {
            throw Refusal.usage(
                    source + " is not a PostgreSQL URL",
                    "jdbc:postgresql://host:5432/database?user=name, and %25 for each %");
        }
        parsed.computeIfPresent("PGHOST", (name, host) -> host.toString().replaceAll("[\\[\\]]", ""));
        Map<String, String> properties = new HashMap<>();
        parsed.stringPropertyNames().stream().sorted().forEach(name -> {
            PGProperty property = PGProperty.forName(name);
            if (property == null) {
                throw SqlalchemyUrl.unsupported(name, source, "leave it out");
            }
            put(properties, property, parsed.getProperty(name), source);
        });
        return of(properties);
    }

    /** Adds what is not there yet. What names the database is never empty. */
    private static void put(Map<String, String> properties, PGProperty property, String value, String source) {
        if (properties.containsKey(property.getName()) || value.isEmpty() && VARIABLES.containsKey(property)) {
            return;
        }
        switch (property) {
            case PG_HOST -> checkHost(value, source);
            case PG_PORT -> checkPort(value, source);
            default -> {}
        }
        properties.put(property.getName(), value);
    }

    private static void checkHost(String host, String source) {
        if (host.contains(",")) {
            throw severalHosts(source);
        }
        if (host.startsWith("/") || host.startsWith("%2F")) {
            throw Refusal.usage(
                    source + " has a Unix socket as its host, which is not supported",
                    "localhost as the host, with the server listening there");
        }
        if (!HOST.matcher(host).matches()) {
            throw Refusal.usage(source + " has a host that is not a host name", "postgresql://user@host:5432/database");
        }
    }

    /** Does not repeat the port: in a URL without an {@code @} it may be a password. */
    private static void checkPort(String port, String source) {
        if (port.contains(",")) {
            throw severalHosts(source);
        }
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw Refusal.usage(source + " has a port that is not a number from 1 to 65535", "5432 as the port");
        }
    }

    private static Refusal severalHosts(String source) {
        return Refusal.usage(source + " names several hosts, which is not supported", "the host of the primary server");
    }

    private static PostgresUrl of(Map<String, String> properties) {
        Map<String, String> others = new HashMap<>(properties);
        VARIABLES.keySet().forEach(named -> others.remove(named.getName()));
        String user = properties.getOrDefault("user", System.getProperty("user.name"));
        return new PostgresUrl(
                properties.getOrDefault("PGHOST", "localhost"),
                Integer.parseInt(properties.getOrDefault("PGPORT", "5432")),
                properties.getOrDefault("PGDBNAME", user),
                user,
                Optional.ofNullable(properties.get("password")),
                others);
    }

    @Override
    public String toString() {
        String address = host.contains(":") ? "[" + host + "]" : host;
        return "postgresql://" + user + "@" + address + ":" + port + "/" + database;
    }
}
