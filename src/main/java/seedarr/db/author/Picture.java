package seedarr.db.author;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.Rows;
import seedarr.db.sql.SchemaObject;
import seedarr.db.sql.TableText;
import seedarr.db.state.Schema;

/**
 * A small SQLite database at one moment: the text of its schema, and the rows that a revision can reach, to be compared
 * with another moment.
 *
 * @param read what the schema was read from
 * @param objects by their keys; a virtual table is no table, and the {@link #PARTS} of a table follow it
 * @param rows of each table that is reached, by its folded name; each row's values, as SQL writes them, by the columns'
 *     folded names
 * @param reached the folded names of those tables, and other words
 */
record Picture(
        List<SchemaObject> read,
        Map<String, SchemaObject> objects,
        Map<String, List<Map<String, String>>> rows,
        Schema schema,
        Set<String> reached) {

    /** Of a database without tables. */
    static final Picture EMPTY = new Picture(List.of(), Map.of(), Map.of(), new Schema(Map.of()), Set.of());

    /** The types of what is in a table's own text. */
    static final Set<String> PARTS = Set.of("column", "constraint");

    /** The words of constraints; NOT is that of NOT NULL. What makes unique is no such word: a {@link Schema} has it. */
    private static final Set<String> CONSTRAINT_WORDS =
            Set.of("not check references primary collate as autoincrement conflict without strict".split(" "));

    /** What begins a clause of a column, or the rest of one. */
    private static final Set<String> CLAUSES =
            Set.of("constraint not null default unique check references collate primary generated as".split(" "));

    /** Something that is not the same in two schemas; null in the one that does not have it. */
    record Change(SchemaObject before, SchemaObject after) {

        SchemaObject object() {
            return before == null ? after : before;
        }

        String table() {
            return "table " + SchemaObject.fold(object().table());
        }

        /** Whether it goes, and another one of its table comes, which says the same of a column by another name. */
        boolean isRenamed(Change come, String old, String name) {
            return after == null
                    && come.before == null
                    && object().isA(come.object().type())
                    && table().equals(come.table())
                    && clauses(before.sql(), old, name).equals(clauses(come.after.sql(), old, name));
        }

        String texts() {
            String first = before == null ? "(nothing)" : oneLine(before.sql());
            return first + " -> " + (after == null ? "(nothing)" : oneLine(after.sql()));
        }

        /** Says what it is, when the first schema is what there should be. */
        @Override
        public String toString() {
            String what = before == null ? "left over: " : after == null ? "missing: " : "changed: ";
            return what + object().key() + (before == null || after == null ? "" : ": " + texts());
        }

        /** Returns whether it takes away what a {@link Schema} does not have. */
        boolean losesConstraint() {
            if (before == null || before.isA("column") && after == null) {
                return false;
            }
            List<String> left = new ArrayList<>(ExecutedSql.words(after == null ? "" : after.sql()));
            return PARTS.contains(before.type())
                    ? ExecutedSql.words(before.sql()).stream()
                            .anyMatch(word -> CONSTRAINT_WORDS.contains(word) && !left.remove(word))
                    : before.virtual() || before.sql().matches("(?is)CREATE UNIQUE INDEX .*\\bWHERE\\b.*");
        }
    }

    /**
     * Takes a picture of the tables that statements can reach, before they are run; without statements, of the same tables
     * at another moment. A schema that is still the same is not read again.
     */
    Picture later(Optional<List<String>> statements, Connection connection) throws SQLException {
        List<SchemaObject> now = SchemaObject.read(connection);
        boolean isSame = now.equals(read);
        var later = new Picture(
                now,
                isSame ? objects : objects(now),
                new LinkedHashMap<>(),
                isSame ? schema : Schema.read(connection),
                statements.map(sql -> reached(sql, now)).orElse(reached));
        for (SchemaObject table : later.objects.values()) {
            String name = SchemaObject.fold(table.name());
            if (table.isA("table") && later.reached.contains(name)) {
                List<String> columns = later.columns(name);
                String query = columns.stream()
                        .map(column -> "quote(" + SchemaObject.quote(column) + ")")
                        .collect(joining(", ", "SELECT ", " FROM main." + SchemaObject.quote(name)));
                List<Map<String, String>> rows = Rows.of(connection, query).stream()
                        .map(row ->
                                columns.stream().collect(toMap(each -> each, each -> row.get(columns.indexOf(each)))))
                        .toList();
                later.rows.put(name, rows);
            }
        }
        return later;
    }

    /**
     * Returns the words of statements, and of all that these name: of the triggers and views that they can set off, and of
     * the tables, which name their parents. The rows of a table that is not among them stay as they are; foreign keys change
     * none, for they are off. Liquibase writes into its own tables.
     */
    private static Set<String> reached(List<String> statements, List<SchemaObject> objects) {
        Set<String> reached = new HashSet<>(Schema.TOOLS);
        statements.forEach(sql -> addNames(sql, reached));
        int size = 0;
        while (reached.size() > size) {
            size = reached.size();
            objects.stream()
                    .filter(object -> Stream.of(object.name(), object.table())
                            .anyMatch(name -> reached.contains(SchemaObject.fold(name))))
                    .forEach(object -> addNames(object.sql(), reached));
        }
        return reached;
    }

    /** SQLite takes a text for a name where a name has to be. */
    private static void addNames(String sql, Set<String> names) {
        for (String word : ExecutedSql.words(sql)) {
            boolean isText = word.length() > 1 && word.startsWith("'");
            String name = isText ? word.substring(1, word.length() - 1).replace("''", "'") : word;
            names.add(SchemaObject.fold(name));
        }
    }

    private List<String> columns(String table) {
        return List.copyOf(
                TableText.of(objects.get("table " + table).sql()).columns().keySet());
    }

    /** Returns the objects of a database by their keys, without the tables of tools and what virtual tables make themselves. */
    static Map<String, SchemaObject> objects(List<SchemaObject> read) {
        var objects = new LinkedHashMap<String, SchemaObject>();
        for (SchemaObject object : read) {
            if (object.virtual()) {
                add(objects, object, "virtual table", "", object.sql());
            } else if (!object.shadow() && !Schema.TOOLS.contains(SchemaObject.fold(object.table()))) {
                objects.put(object.key(), object);
                if (object.isA("table")) {
                    TableText text = TableText.of(object.sql());
                    text.columns().forEach((name, sql) -> add(objects, object, "column", "." + name, sql));
                    // By words: the white space in it means nothing.
                    for (String sql : text.others()) {
                        String words = String.join(" ", ExecutedSql.words(sql));
                        add(objects, object, "constraint", ": " + words.replaceAll("(?<=\\() | (?=[),])", ""), sql);
                    }
                }
            }
        }
        return objects;
    }

    private static void add(Map<String, SchemaObject> all, SchemaObject table, String type, String end, String sql) {
        var object = new SchemaObject(type, table.name() + end, table.name(), sql, false);
        all.put(object.key(), object);
    }

    /** Counts the rows that a later picture has not with the same values, in the tables and columns that both have. */
    List<String> lostRowsIn(Picture later) {
        var differences = new ArrayList<String>();
        rows.forEach((table, all) -> {
            var lost = new ArrayList<>(all);
            for (Map<String, String> now : later.rows.getOrDefault(table, all)) {
                lost.stream()
                        .filter(row -> row.entrySet().stream()
                                .allMatch(each -> now.getOrDefault(each.getKey(), each.getValue())
                                        .equals(each.getValue())))
                        .findFirst()
                        .ifPresent(lost::remove);
            }
            if (!lost.isEmpty()) {
                differences.add(
                        (lost.size() == 1 ? "1 row" : lost.size() + " rows") + " of " + table + " lost or changed");
            }
        });
        return differences;
    }

    /** Returns what of the schema is not in a later picture: tables, columns, uniqueness, constraints; not rows. */
    List<String> lostIn(Picture later) {
        var lost = new ArrayList<String>();
        later.schema
                .lacking(schema.parts())
                .forEach(part -> lost.add((part.type() == Schema.Type.TABLE ? "table " : "") + part));
        changes(objects, later.objects).stream()
                .filter(Change::losesConstraint)
                .map(Change::before)
                .forEach(object -> lost.add("of " + object.table() + ": " + oneLine(object.sql())));
        return lost;
    }

    /** Returns the differences of another schema from this one; with inOrder, the order of a table's columns counts. */
    List<String> differences(Picture other, boolean inOrder) {
        List<Change> changes = changes(objects, other.objects);
        return changes.isEmpty() && inOrder
                ? rows.keySet().stream()
                        .filter(table -> !columns(table).equals(other.columns(table)))
                        .map(table -> "changed: the order of the columns of " + table)
                        .toList()
                : changes.stream().map(Change::toString).toList();
    }

    /** Compares two schemas: of a table that both have, its columns and constraints; of any other object, its text. */
    static List<Change> changes(Map<String, SchemaObject> before, Map<String, SchemaObject> after) {
        return Stream.concat(after.keySet().stream(), before.keySet().stream())
                .distinct()
                // What a trigger is on may have changed beside it.
                .filter(key -> key.startsWith("trigger ") || !Objects.equals(before.get(key), after.get(key)))
                .filter(key -> !words(key, before).equals(words(key, after)))
                .map(key -> new Change(before.get(key), after.get(key)))
                .filter(change -> !PARTS.contains(change.object().type())
                        || before.containsKey(change.table()) && after.containsKey(change.table()))
                .toList();
    }

    private static List<String> words(String key, Map<String, SchemaObject> objects) {
        SchemaObject object = objects.get(key);
        if (object == null || object.isA("table")) {
            return List.of(object == null ? "" : "table");
        }
        if (object.isA("column")) {
            return clauses(object.sql(), "", "");
        }
        // A trigger on a view goes and comes with the view.
        SchemaObject view = objects.getOrDefault("view " + SchemaObject.fold(object.table()), object);
        return ExecutedSql.words(object.sql() + "\n" + view.sql());
    }

    /** Returns the words, renamed, clause by clause and sorted, for the order of a column's clauses means nothing. */
    private static List<String> clauses(String column, String old, String name) {
        List<String> clauses = new ArrayList<>(List.of(""));
        int depth = 0;
        for (String word : ExecutedSql.words(column)) {
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            if (depth == 0 && CLAUSES.contains(word)) {
                clauses.add("");
            }
            int last = clauses.size() - 1;
            clauses.set(last, clauses.get(last) + " " + (word.equals(old) ? name : word));
        }
        return clauses.stream().sorted().toList();
    }

    static String oneLine(String sql) {
        return sql.strip().replaceAll("\\s+", " ");
    }
}
