package seedarr.db.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** What names the database, in libpq's words, and the variable that libpq reads for it. The driver reads none. */
    private static final Map<String, String> VARIABLES = Map.of(
            "host", "PGHOST", "port", "PGPORT", "user", "PGUSER", "dbname", "PGDATABASE", "password", "PGPASSWORD");

    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^\\]]+)\\]|([^:]*))(?::(.*))?", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}._:%-]+");

    /** Returns the names of all parameters that are understood. */
    static Set<String> parameters() {
        Set<String> names = new HashSet<>(VARIABLES.keySet());
        names.addAll(PostgresParameter.ALL.keySet());
        return names;
    }

    public PostgresUrl {
        properties = Map.copyOf(properties);
    }

    static PostgresUrl fromSqlalchemy(SqlalchemyUrl url, Map<String, String> environment) {
        String source = url.source();
        Map<String, String> named = new HashMap<>();
        put(named, "user", PercentCode.decode(url.user()), source);
        put(named, "password", PercentCode.decode(url.password()), source);
        put(named, "dbname", PercentCode.decode(url.database()), source);
        address(named, url.address(), source);

        Map<String, String> properties = new HashMap<>();
        Parameters parameters = Parameters.parse(url.query(), source);
        if (parameters.values().getOrDefault("host", List.of()).size() > 1) {
            throw severalHosts(source);
        }
        for (String name : parameters.values().keySet()) {
            String value = parameters.value(name).orElseThrow();
            if (name.equals("host") && value.matches("[^:/]+:[^:]*")) {
                address(named, value, source);
            } else if (VARIABLES.containsKey(name)) {
                put(named, name, value, source);
            } else {
                PostgresParameter.translate(name, value, source, properties);
            }
        }
        VARIABLES.forEach((name, variable) -> {
            if (!named.containsKey(name)) {
                put(named, name, environment.getOrDefault(variable, ""), variable);
            }
        });
        return of(named, properties);
    }

    /** Reads what follows {@code jdbc:postgresql:} as the driver's own parser does, which knows no PGHOST etc. */
    static PostgresUrl fromJdbc(String text, String source) {
        int question = text.indexOf('?');
        String server = question < 0 ? text : text.substring(0, question);
        if (server.contains("@")) {
            throw Refusal.usage(
                    source + " has an @, but jdbc:postgresql: takes no user before the host",
                    "postgresql://user@host/database");
        }
        Map<String, String> named = new HashMap<>();
        if (server.matches("//[^/]*/[^/]*")) {
            int slash = server.indexOf('/', 2);
            address(named, server.substring(2, slash), source);
            put(named, "dbname", decode(server.substring(slash + 1), source), source);
        } else if (server.matches("[^/:]*")) {
            put(named, "dbname", decode(server, source), source);
        } else if (!server.equals("//")) {
            throw Refusal.usage(source + " is not a PostgreSQL URL", "jdbc:postgresql://host:5432/database");
        }
        Map<String, String> properties = new HashMap<>();
        for (String part :
                question < 0 ? new String[0] : text.substring(question + 1).split("&")) {
            String[] pair = part.split("=", 2);
            String value = pair.length < 2 ? "" : decode(pair[1], source);
            switch (pair[0]) {
                case "" -> {}
                case "user", "password", "host", "port", "dbname" -> put(named, pair[0], value, source);
                case "PGHOST", "PGPORT", "PGDBNAME" ->
                    put(named, pair[0].substring(2).toLowerCase(Locale.ROOT), value, source);
                default -> {
                    // The driver reads a service file only while it parses a URL itself.
                    if (pair[0].equals("service") || PGProperty.forName(pair[0]) == null) {
                        throw Parameters.unsupported(pair[0], source);
                    }
                    properties.put(pair[0], value);
                }
            }
        }
        return of(named, properties);
    }

    private static PostgresUrl of(Map<String, String> named, Map<String, String> properties) {
        String user = named.getOrDefault("user", System.getProperty("user.name"));
        return new PostgresUrl(
                named.getOrDefault("host", "localhost"),
                Integer.parseInt(named.getOrDefault("port", "5432")),
                named.getOrDefault("dbname", user),
                user,
                Optional.ofNullable(named.get("password")),
                properties);
    }

    private static void address(Map<String, String> named, String address, String source) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw noHost(source);
        }
        put(named, "host", parts.group(1) != null ? parts.group(1) : parts.group(2), source);
        if (parts.group(3) != null) {
            checkPort(parts.group(3), source);
            put(named, "port", parts.group(3), source);
        }
    }

    /** Overrides what was named before, except by nothing. */
    private static void put(Map<String, String> named, String name, String value, String source) {
        if (value.isEmpty()) {
            return;
        }
        switch (name) {
            case "host" -> checkHost(value, source);
            case "port" -> checkPort(value, source);
            default -> {}
        }
        named.put(name, value);
    }

    private static void checkHost(String host, String source) {
        if (host.contains(",")) {
            throw severalHosts(source);
        }
        if (host.startsWith("/")) {
            throw Refusal.usage(
                    source + " has a Unix socket as its host, which is not supported",
                    "localhost as the host, with the server listening there");
        }
        if (!HOST.matcher(host).matches()) {
            throw noHost(source);
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

    private static Refusal noHost(String source) {
        return Refusal.usage(source + " has a host that is not a host name", "postgresql://user@host:5432/database");
    }

    private static String decode(String text, String source) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) { // No cause: it would repeat a piece of the value.
            throw Refusal.usage(
                    source + " has a % that is not followed by two hexadecimal digits", "write %25 for a %");
        }
    }

    @Override
    public String toString() {
        String address = host.contains(":") ? "[" + host + "]" : host;
        return "postgresql://" + user + "@" + address + ":" + port + "/" + database;
    }
}
