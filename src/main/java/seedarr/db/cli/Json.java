package seedarr.db.cli;

import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** An object of JSON (RFC 8259). */
final class Json {

    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f]");

    /** Written as text only when that is asked for. */
    private final Map<String, Object> members = new LinkedHashMap<>();

    /** Adds a member: null, a number, a truth, an object, a list or an Optional; anything else becomes a string. */
    Json with(String key, Object value) {
        members.put(key, value);
        return this;
    }

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> text(member.getKey()) + ": " + text(member.getValue()))
                .collect(joining(", ", "{", "}"));
    }

    private static String text(Object value) {
        if (value instanceof Optional<?> optional) {
            return text(optional.orElse(null));
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Json::text).collect(joining(", ", "[", "]"));
        }
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof Json) {
            return String.valueOf(value);
        }
        String escaped = CONTROL.matcher(value.toString().replaceAll("[\"\\\\]", "\\\\$0"))
                .replaceAll(
                        found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
        return '"' + escaped + '"';
    }

    /** Returns a time of a history table, which is in UTC, in the form of ISO 8601. */
    static String time(String time) {
        return time.replaceFirst("^(\\S+) (\\d\\d:\\d\\d:\\d\\d).*$", "$1T$2Z");
    }
}
