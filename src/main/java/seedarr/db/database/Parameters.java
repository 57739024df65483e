package seedarr.db.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import seedarr.db.Refusal;

/** The parameters after the question mark, sorted by name. The refusals here contain names, never values. */
record Parameters(String source, Map<String, List<String>> values) {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,40}");

    /** Reads the parameters as Python's parse_qsl does: a plus is a space, and one without a value does not count. */
    static Parameters parse(String query, String source) {
        Map<String, List<String>> values = new TreeMap<>();
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            if (equals >= 0 && equals < part.length() - 1) {
                String spaced = part.replace('+', ' ');
                values.computeIfAbsent(PercentCode.decode(spaced.substring(0, equals)), name -> new ArrayList<>())
                        .add(PercentCode.decode(spaced.substring(equals + 1)));
            }
        }
        return new Parameters(source, values);
    }

    /** Returns the value of a parameter, if it is there. */
    Optional<String> value(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw twice(name, source);
        }
        return given.stream().findFirst();
    }

    static Refusal twice(String name, String source) {
        return Refusal.usage(source + " has " + shown(name) + " twice", "give it once");
    }

    static Refusal unsupported(String name, String source) {
        return Refusal.usage(source + " has " + shown(name) + ", which is not supported", "leave it out");
    }

    static Refusal invalid(String name, String source, String expected) {
        return Refusal.usage(source + " has a value for " + shown(name) + " that is not understood", expected);
    }

    private static String shown(String name) {
        return PLAIN_NAME.matcher(name).matches() ? name : "a parameter";
    }

    @Override
    public String toString() {
        return "Parameters" + values.keySet();
    }
}
