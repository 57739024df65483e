package seedarr.db.cli;

import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.Optional;
import java.util.StringJoiner;

/** An object of JSON (RFC 8259) with strings, numbers, booleans, null, lists and objects. */
final class Json {

    private final StringJoiner members = new StringJoiner(", ", "{", "}");

    Json with(String key, Object value) {
        members.add(quoted(key) + ": " + text(value));
        return this;
    }

    @Override
    public String toString() {
        return members.toString();
    }

    /** Returns a value as JSON. */
    static String text(Object value) {
        if (value instanceof Optional<?> optional) {
            return text(optional.orElse(null));
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Json::text).collect(joining(", ", "[", "]"));
        }
        return value instanceof String string ? quoted(string) : String.valueOf(value);
    }

    private static String quoted(String string) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : string.toCharArray()) {
            if (c < 0x20) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return json.append('"').toString();
    }
}
