package seedarr.db.database;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameters of PostgreSQL's libpq (and of asyncpg) that the JDBC driver has under its own name. */
record PostgresParameter(String property, Map<String, String> choices) {

    private static final PostgresParameter SSL_MODE =
            oneOf("sslmode", "disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    static final Map<String, PostgresParameter> ALL = Map.ofEntries(
            Map.entry("application_name", any("ApplicationName")),
            Map.entry("options", any("options")),
            Map.entry("sslrootcert", any("sslrootcert")),
            Map.entry("sslcert", any("sslcert")),
            Map.entry("sslkey", any("sslkey")),
            Map.entry("sslpassword", any("sslpassword")),
            Map.entry("krbsrvname", any("kerberosServerName")),
            Map.entry("connect_timeout", any("connectTimeout")),
            Map.entry("sslmode", SSL_MODE),
            Map.entry("ssl", SSL_MODE), // asyncpg's name
            Map.entry("sslnegotiation", oneOf("sslNegotiation", "postgres", "direct")),
            Map.entry("gssencmode", oneOf("gssEncMode", "disable", "prefer", "require")),
            Map.entry("channel_binding", oneOf("channelBinding", "disable", "prefer", "require")),
            Map.entry("keepalives", new PostgresParameter("tcpKeepAlive", Map.of("1", "true", "0", "false"))),
            // The driver asks the server for transaction_read_only, so "primary" is libpq's read-write.
            Map.entry(
                    "target_session_attrs",
                    new PostgresParameter(
                            "targetServerType",
                            Map.of(
                                    "any", "any",
                                    "primary", "primary",
                                    "read-write", "primary",
                                    "standby", "secondary",
                                    "read-only", "secondary",
                                    "prefer-standby", "preferSecondary"))));

    /** Adds a parameter to the driver's properties; one without a counterpart is refused, for it may matter. */
    static void translate(String name, String value, String source, Map<String, String> properties) {
        PostgresParameter parameter = ALL.get(name);
        if (parameter == null) {
            throw Parameters.unsupported(name, source);
        }
        String translated = parameter.choices.isEmpty() ? value : parameter.choices.get(value);
        if (translated == null) {
            String expected = String.join(
                    ", ", parameter.choices.keySet().stream().sorted().toList());
            throw Parameters.invalid(name, source, "one of " + expected);
        }
        if (name.equals("connect_timeout") && !value.matches("[0-9]{1,6}")) {
            throw Parameters.invalid(name, source, "a whole number of seconds, such as connect_timeout=10");
        }
        if (properties.put(parameter.property, translated) != null) {
            throw Parameters.twice(parameter.property, source);
        }
    }

    private static PostgresParameter any(String property) {
        return new PostgresParameter(property, Map.of());
    }

    private static PostgresParameter oneOf(String property, String... values) {
        return new PostgresParameter(
                property, Stream.of(values).collect(Collectors.toMap(value -> value, value -> value)));
    }
}
