package seedarr.db.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A picture of a SQLite schema at one moment: tables, indexes, triggers and views of the main database. Temporary
 * objects and SQLite's own ({@code sqlite_…}) are not in it.
 */
public final class UserObjects {
    private static final String NOT_VIRTUAL = " WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL TABLE%'";

    private record Column(SchemaObject table, String name) {}

    private final Map<String, SchemaObject> objects = new LinkedHashMap<>();
    /** By table.column, folded. */
    private final Map<String, Column> columns = new LinkedHashMap<>();

    private ForeignKeys foreignKeys;

    private UserObjects() {}

    /** Takes the picture. Reads the catalogue only, no rows, and writes nothing; fine inside an open transaction. */
    public static UserObjects read(Connection connection) throws SQLException {
        var picture = new UserObjects();
        try (Statement statement = connection.createStatement()) {
            SchemaObject.read(statement).forEach(object -> picture.objects.put(object.key(), object));
            picture.readColumns(statement);
            picture.foreignKeys = ForeignKeys.read(statement);
        }
        return picture;
    }

    private void readColumns(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT s.name, c.name FROM main.sqlite_schema s"
                + " JOIN pragma_table_xinfo(s.name, 'main') c" + NOT_VIRTUAL)) {
            while (rows.next()) {
                SchemaObject table = table(rows.getString(1));
                if (table != null) {
                    columns.put(path(table.name(), rows.getString(2)), new Column(table, rows.getString(2)));
                }
            }
        }
    }

    private SchemaObject table(String name) {
        return objects.get("table " + SchemaObject.fold(name));
    }

    private static String path(String table, String column) {
        return SchemaObject.fold(table) + "." + SchemaObject.fold(column);
    }

    /**
     * Returns every object of this picture that the change to {@code after} dropped or broke, in the order in which
     * they were made, one obstacle each. Empty means: what is not named in the revision's SQL is there and works as
     * before. What was broken before is not reported.
     *
     * @param executedSql the SQL that made the change; what it drops or alters by name, it does on purpose
     */
    public List<Obstacle> brokenBy(UserObjects after, String executedSql) throws SQLException {
        if (objects.values().stream().allMatch(object -> object.equals(after.objects.get(object.key())))) {
            return List.of(); // only new objects, and those break none
        }
        var sql = new ExecutedSql(executedSql);
        Map<String, String> reasons =
                foreignKeys.brokenBy(after.foreignKeys, (table, column) -> gone(after, table, column));
        if (objects.values().stream().anyMatch(o -> after.has(o) && (o.isA("view") || o.isA("trigger")))) {
            reasons.putAll(programsBrokenBy(after));
        }
        var obstacles = new ArrayList<Obstacle>();
        for (SchemaObject object : objects.values()) {
            String reason = reasons.get(object.key());
            if (!after.has(object)) {
                boolean lost = !object.shadow()
                        && !sql.takesAway(object)
                        && !(object.isNamedBySqlalchemy()
                                && !after.objects.containsKey("table " + SchemaObject.fold(object.table())));
                reason = lost ? "would be dropped with " + object.table() : null;
            }
            if (reason != null) {
                obstacles.add(new Obstacle(object.type(), object.name(), reason));
            }
        }
        for (Column column : goneSince(after)) {
            if (!sql.mentions(column.name())) {
                obstacles.add(new Obstacle("column", column.table().name() + "." + column.name(), "would be lost"));
            }
        }
        return obstacles;
    }

    private boolean has(SchemaObject object) {
        return objects.containsKey(object.key());
    }

    private List<SchemaObject> tablesGoneSince(UserObjects after) {
        return objects.values().stream()
                .filter(object -> object.isA("table") && !object.shadow() && !after.has(object))
                .toList();
    }

    /** Columns that are gone from tables that are still there. */
    private List<Column> goneSince(UserObjects after) {
        return columns.entrySet().stream()
                .filter(entry -> !after.columns.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .filter(column -> after.has(column.table()))
                .toList();
    }

    /** Names a table, or with a column that column, that was there and is gone; null for what is there or never was. */
    private String gone(UserObjects after, String table, String column) {
        SchemaObject parent = table(table);
        if (parent == null) {
            return null;
        }
        if (!after.has(parent)) {
            return parent.name();
        }
        String path = column == null ? null : path(table, column);
        return columns.containsKey(path) && !after.columns.containsKey(path) ? label(columns.get(path)) : null;
    }

    private Map<String, String> programsBrokenBy(UserObjects after) throws SQLException {
        try (var old = new SchemaCopy(List.copyOf(objects.values()));
                var now = new SchemaCopy(List.copyOf(after.objects.values()))) {
            var reasons = new HashMap<String, String>();
            for (Column added : after.goneSince(this)) {
                for (String key : now.joinedBy(added.table().name(), added.name())) {
                    reasons.put(key, "would mean something else with " + label(added));
                }
            }
            Set<String> checked = now.compiled().keySet();
            for (String key : checked) {
                String error =
                        firstNewError(old.compiled().get(key), now.compiled().get(key));
                if (error != null) {
                    reasons.put(key, "would no longer work: " + error);
                }
            }
            var uses = new LinkedHashMap<String, Set<String>>();
            for (SchemaObject table : tablesGoneSince(after)) {
                old.usersOf(table.name(), null).forEach(key -> note(uses, key, table.name()));
            }
            for (Column column : goneSince(after)) {
                old.usersOf(column.table().name(), column.name()).forEach(key -> note(uses, key, label(column)));
            }
            uses.keySet().removeIf(key -> key.startsWith("table ") || !isAsBefore(key, after));
            reasons.putAll(sentences(uses));
            reasons.keySet().removeIf(key -> !objects.containsKey(key));
            return reasons;
        }
    }

    /** Whether the object is there with its old text: neither dropped nor rewritten for the change. */
    private boolean isAsBefore(String key, UserObjects after) {
        SchemaObject now = after.objects.get(key);
        return now != null && objects.get(key).sameText(now);
    }

    private static String label(Column column) {
        return column.table().name() + "." + column.name();
    }

    private static String firstNewError(List<SchemaCopy.Compiled> before, List<SchemaCopy.Compiled> after) {
        for (int i = 0; before != null && i < after.size(); i++) {
            if (before.get(i).error() == null && after.get(i).error() != null) {
                return after.get(i).error();
            }
        }
        return null;
    }

    static void note(Map<String, Set<String>> uses, String key, String used) {
        uses.computeIfAbsent(key, k -> new TreeSet<>()).add(used);
    }

    static Map<String, String> sentences(Map<String, Set<String>> uses) {
        var sentences = new HashMap<String, String>();
        uses.forEach((key, used) -> sentences.put(key, "uses " + String.join(", ", used)));
        return sentences;
    }
}
