package seedarr.db.sql;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What SQL makes, alters, renames or drops by name: what the changelog's SQL names so is the changelog's. What is named per
 * table, such as a column, is known with its table.
 */
public final class OwnedNames {

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

    /** The words that begin a constraint of a table, which is no column. */
    static final Set<String> CONSTRAINTS =
            Set.of("constraint", "primary", "unique", "check", "foreign", "exclude", "like");

    private static final Set<String> STATEMENTS = Set.of("create", "alter", "drop");
    private static final Set<String> ACTIONS = Set.of("add", "drop", "alter", "rename");

    /** What PostgreSQL names by itself: a constraint, an index or a sequence that the SQL gives no name. */
    private static final Pattern NAMED_BY_POSTGRESQL =
            Pattern.compile(".*_(?:key|check|fkey|pkey|excl|idx|seq|not_null)\\d*");

    private static final Set<String> MAKES_UNNAMED = Set.of(
            "unique",
            "check",
            "references",
            "primary",
            "foreign",
            "exclude",
            "like",
            "serial",
            "bigserial",
            "smallserial");

    private final Set<String> keys = new HashSet<>();
    /** The tables on which the SQL makes something without a name. */
    private final Set<String> unnamedOn = new HashSet<>();

    private final Map<String, String> renamedTables = new HashMap<>();

    public OwnedNames(Collection<String> statements) {
        statements.forEach(sql -> read(ExecutedSql.words(sql)));
    }

    /** Whether the object is named, with its schema or without; or is what a database named on behalf of this SQL. */
    public boolean has(SchemaObject object) {
        String name = SchemaObject.fold(object.name()).replaceFirst("\\(.*", "");
        String table = SchemaObject.fold(object.table());
        String type = object.type().equals("default") ? "column" : object.type();
        // A column's name alone is that of one in any table: of DROP COLUMN, too, only the table's own counts.
        boolean isNamed = keys.contains(type + " " + table + "." + name)
                || !type.equals("column") && keys.contains(type + " " + name);
        return isNamed
                || unnamedOn.contains(table)
                        && name.startsWith(table + "_")
                        && NAMED_BY_POSTGRESQL.matcher(name).matches();
    }

    /** Returns what a table is called afterwards. */
    public String renamed(String table) {
        String name = SchemaObject.fold(table);
        for (int times = 0; renamedTables.containsKey(name) && times <= renamedTables.size(); times++) {
            name = renamedTables.get(name);
        }
        return name;
    }

    private void read(List<String> words) {
        for (int i = 0; i + 2 < words.size(); i++) {
            if (STATEMENTS.contains(words.get(i))) {
                int type = past(MODIFIERS, words, i + 1);
                // CREATE CONSTRAINT TRIGGER makes a trigger.
                type += words.get(type).equals("constraint") && type + 1 < words.size() ? 1 : 0;
                read(words.get(i), words.get(type), past(CONDITIONS, words, type + 1), words);
            }
        }
    }

    private void read(String verb, String type, int at, List<String> words) {
        int name = name(words, at);
        switch (type) {
            case "table" -> {
                add(type, words, at);
                if (verb.equals("create")) {
                    readColumns(words.get(name), name + 1, words);
                } else if (verb.equals("alter")) {
                    readActions(words.get(name), name + 1, words);
                }
            }
            case "trigger", "policy", "rule" -> {
                int on = words.subList(name, words.size())
                        .indexOf(type.equals("rule") && verb.equals("create") ? "to" : "on");
                if (on > 0 && name + on + 1 < words.size()) {
                    keys.add(type + " " + words.get(name(words, name + on + 1)) + "." + words.get(name));
                } else {
                    add(type, words, at);
                }
            }
            default -> {
                if (type.equals("index") && words.get(at).equals("on")) {
                    unnamedOn.add(words.get(name(words, past(CONDITIONS, words, at + 1))));
                }
                add(type, words, at);
                if (name + 3 < words.size() && words.get(name + 1).equals("rename")) {
                    add(type, words, name + 3);
                }
            }
        }
    }

    /** Reads what stands in the brackets of a CREATE TABLE. */
    private void readColumns(String table, int open, List<String> words) {
        int depth = 0;
        for (int i = open; i < words.size() && (depth > 0 || i == open); i++) {
            String word = words.get(i);
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            boolean begins = depth == 1 && (word.equals("(") || word.equals(",")) && i + 1 < words.size();
            if (begins && !CONSTRAINTS.contains(words.get(i + 1))) {
                keys.add("column " + table + "." + words.get(i + 1));
            }
            readConstraint(table, i, words);
        }
    }

    private void readConstraint(String table, int at, List<String> words) {
        if (words.get(at).equals("constraint") && at + 1 < words.size()) {
            keys.add("constraint " + table + "." + words.get(past(CONDITIONS, words, at + 1)));
        } else if (MAKES_UNNAMED.contains(words.get(at))) {
            unnamedOn.add(table);
        }
    }

    /** Reads what follows on ALTER TABLE and its name. */
    private void readActions(String table, int from, List<String> words) {
        for (int i = from; i + 1 < words.size() && !words.get(i).equals(";"); i++) {
            readConstraint(table, i, words);
            String next = words.get(i + 1);
            if (!ACTIONS.contains(words.get(i)) || CONSTRAINTS.contains(next) && !next.equals("constraint")) {
                continue;
            }
            boolean isConstraint = next.equals("constraint");
            if (words.get(i).equals("rename") && next.equals("to")) {
                keys.add("table " + words.get(i + 2));
                renamedTables.put(table, words.get(i + 2));
                continue;
            }
            int name = past(CONDITIONS, words, next.equals("column") || isConstraint ? i + 2 : i + 1);
            String key = (isConstraint ? "constraint " : "column ") + table + ".";
            keys.add(key + words.get(name));
            if (name + 2 < words.size() && words.get(name + 1).equals("to")) {
                keys.add(key + words.get(name + 2));
            }
        }
    }

    /** Adds a name, and those that follow it in a list. */
    private void add(String type, List<String> words, int at) {
        for (int i = at; i < words.size(); i += 2) {
            int name = name(words, i);
            keys.add(type + " " + words.get(name));
            if (name > i) {
                keys.add(type + " " + words.get(i) + "." + words.get(name));
            }
            i = name;
            if (i + 1 >= words.size() || !words.get(i + 1).equals(",")) {
                return;
            }
        }
    }

    /** Returns where a name stands, behind its schema if it has one. */
    static int name(List<String> words, int at) {
        return at + 2 < words.size() && words.get(at + 1).equals(".") ? at + 2 : Math.min(at, words.size() - 1);
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
