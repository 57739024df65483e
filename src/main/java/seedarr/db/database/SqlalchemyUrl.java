package seedarr.db.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import seedarr.db.Refusal;

/**
 * The parts of a URL as SQLAlchemy cuts it, empty where absent. The refusals here contain names of parameters, never
 * values.
 *
 * @param port present but empty in {@code h:/}
 * @param database still percent-encoded
 */
record SqlalchemyUrl(
        String source,
        String dialect,
        String user,
        String password,
        String host,
        Optional<String> port,
        String database,
        Map<String, List<String>> parameters) {

    /** SQLAlchemy's own pattern (sqlalchemy/engine/url.py). The word after a plus is a Python driver. */
    private static final Pattern GRAMMAR = Pattern.compile(
            "(?<dialect>\\w+)(?:\\+\\w+)?://"
                    + "(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?"
                    + "(?:\\[(?<ipv6>[^/?]+)\\]|(?<host>[^/:?]+))?(?::(?<port>[^/?]*))?"
                    + "(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?",
            Pattern.DOTALL);

    /**
     * Returns the parts, or nothing if the text does not start with a scheme and {@code ://}.
     *
     * @throws Refusal if a piece of a password may stand where the host should be, from where it would be printed
     */
    static Optional<SqlalchemyUrl> parse(String value, String source) {
        Matcher parts = GRAMMAR.matcher(value);
        if (!parts.matches()) {
            return Optional.empty();
        }
        if (parts.group("user") != null) {
            int at = Math.max(parts.end("user"), parts.end("password"));
            if (value.indexOf('@', at + 1) > 0 || value.substring(0, at).matches("(?s).*[?&](?:ssl)?password=.*")) {
                throw Refusal.usage(
                        source + " has an @ that is not the one before the host",
                        "%40 for every other @, and %3F for a ? in a password");
            }
        }
        return Optional.of(new SqlalchemyUrl(
                source,
                parts.group("dialect"),
                decode(part(parts, "user")),
                decode(part(parts, "password")),
                part(parts, "host") + part(parts, "ipv6"),
                Optional.ofNullable(parts.group("port")),
                part(parts, "database"),
                parameters(part(parts, "query"))));
    }

    private static String part(Matcher parts, String name) {
        return parts.group(name) == null ? "" : parts.group(name);
    }

    /** Reads parameters as Python's parse_qsl does: a plus is a space, and one without a value does not count. */
    private static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (String part : query.replace('+', ' ').split("&")) {
            String[] pair = part.split("=", 2);
            if (pair.length == 2 && !pair[1].isEmpty()) {
                parameters
                        .computeIfAbsent(decode(pair[0]), name -> new ArrayList<>())
                        .add(decode(pair[1]));
            }
        }
        return parameters;
    }

    /** Decodes as Python does: a plus stays, and so does a percent sign without two hexadecimal digits. */
    static String decode(String text) {
        String strict = text.replaceAll("%(?![0-9a-fA-F]{2})", "%25").replace("+", "%2B");
        return URLDecoder.decode(strict, StandardCharsets.UTF_8);
    }

    /** Returns the value of a parameter, if it is there. */
    Optional<String> parameter(String name) {
        List<String> given = parameters.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw twice(name);
        }
        return given.stream().findFirst();
    }

    Refusal twice(String name) {
        return Refusal.usage(source + " has " + shown(name) + " twice", "give it once");
    }

    Refusal invalid(String name, String expected) {
        return Refusal.usage(source + " has a value for " + shown(name) + " that is not understood", expected);
    }

    static Refusal unsupported(String name, String source, String remedy) {
        return Refusal.usage(source + " has " + shown(name) + ", which is not supported", remedy);
    }

    private static String shown(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_.]{0,40}") ? name : "a parameter";
    }

    @Override
    public String toString() {
        return dialect;
    }
}
