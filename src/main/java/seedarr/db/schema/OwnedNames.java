package seedarr.db.schema;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What SQL makes, alters, renames or drops by name: what the changelog's SQL names so is the changelog's. */
final class OwnedNames {

    private static final Set<String> STATEMENTS = Set.of("create", "alter", "drop");

    /** What may stand between CREATE and the type of the object. */
    static final Set<String> MODIFIERS = Set.of(
            "or",
            "replace",
            "unique",
            "temp",
            "temporary",
            "unlogged",
            "virtual",
            "materialized",
            "foreign",
            "recursive");

    /** What may stand between the type and the name. */
    static final Set<String> CONDITIONS = Set.of("if", "not", "exists", "only", "concurrently");

    private final Set<String> keys = new HashSet<>();

    OwnedNames(Collection<String> statements) {
        statements.forEach(sql -> read(ExecutedSql.words(sql)));
    }

    /** Whether the object's type and name are among them, with its schema or without. */
    boolean has(SchemaObject object) {
        return keys.contains(object.key());
    }

    private void read(List<String> words) {
        for (int i = 0; i + 1 < words.size(); i++) {
            if (STATEMENTS.contains(words.get(i))) {
                int type = past(MODIFIERS, words, i + 1);
                // CREATE CONSTRAINT TRIGGER makes a trigger.
                type += words.get(type).equals("constraint") && type + 1 < words.size() ? 1 : 0;
                add(words.get(type), words, past(CONDITIONS, words, type + 1));
            } else if (words.get(i).equals("constraint")) {
                add("constraint", words, past(CONDITIONS, words, i + 1));
            } else if (words.get(i).equals("rename") && words.get(i + 1).equals("to")) {
                add("table", words, i + 2);
            }
        }
    }

    /** Adds a name, and those that follow it in a list. */
    private void add(String type, List<String> words, int at) {
        for (int name = at; name < words.size(); name += 2) {
            String schema = "";
            if (name + 2 < words.size() && words.get(name + 1).equals(".")) {
                schema = words.get(name) + ".";
                name += 2;
            }
            keys.add(type + " " + words.get(name));
            keys.add(type + " " + schema + words.get(name));
            if (name + 1 >= words.size() || !words.get(name + 1).equals(",")) {
                return;
            }
        }
    }

    /** Returns where the words go on behind those that may be skipped. */
    static int past(Set<String> skipped, List<String> words, int from) {
        int at = from;
        while (at < words.size() - 1 && skipped.contains(words.get(at))) {
            at++;
        }
        return Math.min(at, words.size() - 1);
    }
}
