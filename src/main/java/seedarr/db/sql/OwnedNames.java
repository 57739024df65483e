package seedarr.db.sql;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What SQL makes, alters, renames or drops by name: what the changelog's SQL names so is the changelog's. What is named per
 * table, such as a column, is known with its table.
 */
public final class OwnedNames {

    /** The first words of the statements that change a schema. */
    public static final Set<String> STATEMENTS = Set.of("create", "alter", "drop");

    private static final Set<String> ACTIONS = Set.of("add", "drop", "alter", "rename");

    /** What PostgreSQL names by itself: a constraint, an index or a sequence that the SQL gives no name. */
    private static final String NAMED_BY_POSTGRESQL = ".*_(?:key|check|fkey|pkey|excl|idx|seq|not_null)\\d*";

    private static final Set<String> MAKES_UNNAMED =
            Set.of("unique check references primary foreign exclude like serial bigserial smallserial".split(" "));

    /** Begins the key of a table on which the SQL makes something without a name. */
    private static final String UNNAMED = "unnamed on ";

    private final Set<String> keys = new HashSet<>();
    private final Map<String, String> renamedTables = new HashMap<>();

    /** Reads statements. */
    public OwnedNames(Collection<String> statements) {
        for (String sql : statements) {
            List<String> words = Made.words(sql);
            for (int i = 0; i < words.size(); i++) {
                if (STATEMENTS.contains(words.get(i))) {
                    read(words.get(i), Made.past(Made.MODIFIERS, words, i + 1), words);
                }
            }
        }
    }

    /** Whether the object is named, with its schema or without; or is what a database named on behalf of this SQL. */
    public boolean has(SchemaObject object) {
        String name = SchemaObject.fold(object.name()).replaceFirst("\\(.*", "");
        String table = SchemaObject.fold(object.table());
        String type = object.isA("default") ? "column" : object.type();
        // A column's name alone is that of one in any table: of DROP COLUMN, too, only the table's own counts.
        return keys.contains(type + " " + table + "." + name)
                || !type.equals("column") && keys.contains(type + " " + name)
                || keys.contains(UNNAMED + table) && name.startsWith(table + "_") && name.matches(NAMED_BY_POSTGRESQL);
    }

    /** Returns what a table is called afterwards. */
    public String renamed(String table) {
        String name = SchemaObject.fold(table);
        return renamedTables.getOrDefault(name, name);
    }

    private void read(String verb, int at, List<String> words) {
        String type = words.get(at);
        int name = Made.name(words, at + 1);
        String before = type.equals("rule") && verb.equals("create") ? "to" : "on";
        int on = name + words.subList(name, words.size()).indexOf(before);
        if (on >= name && Set.of("trigger", "policy", "rule").contains(type)) {
            keys.add(type + " " + words.get(Made.name(words, on + 1)) + "." + words.get(name));
            return;
        }
        if (type.equals("index") && words.get(name).equals("on")) {
            keys.add(UNNAMED + words.get(Made.name(words, name + 1)));
        }
        add(type + " ", at + 1, words);
        if (type.equals("table") && !verb.equals("drop")) {
            readTable(verb.equals("create"), words.get(name), name + 1, words);
        } else if (words.get(name + 1).equals("rename")) {
            add(type + " ", name + 3, words);
        }
    }

    /** Reads what stands in the brackets of a CREATE TABLE, or follows on ALTER TABLE and its name. */
    private void readTable(boolean isNew, String table, int from, List<String> words) {
        int depth = 0;
        for (int i = from; i + 1 < words.size(); i++) {
            String word = words.get(i);
            String next = words.get(i + 1);
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            if (isNew ? depth == 0 : word.equals(";")) {
                return;
            }
            boolean begins = isNew ? depth == 1 && (word.equals("(") || word.equals(",")) : ACTIONS.contains(word);
            if (word.equals("constraint")) {
                add("constraint " + table + ".", i + 1, words);
            } else if (MAKES_UNNAMED.contains(word)) {
                keys.add(UNNAMED + table);
            } else if (word.equals("rename") && next.equals("to")) {
                String name = words.get(i + 2);
                keys.add("table " + name);
                renamedTables.replaceAll((old, now) -> now.equals(table) ? name : now);
                renamedTables.putIfAbsent(table, name);
            } else if (begins && !Made.CONSTRAINTS.contains(next)) {
                add("column " + table + ".", i + 1, words);
            }
        }
    }

    /** Adds a name, with its schema and without, the one that it gets, and those that follow it in a list. */
    private void add(String key, int from, List<String> words) {
        int at = Made.past(Made.CONDITIONS, words, from);
        int name = Made.name(words, at);
        keys.add(key + words.get(name));
        keys.add(key + String.join("", words.subList(at, name + 1)));
        if (Set.of(",", "to").contains(words.get(name + 1))) {
            add(key, name + 2, words);
        }
    }
}
