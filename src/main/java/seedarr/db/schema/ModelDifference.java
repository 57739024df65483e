package seedarr.db.schema;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What leads from one SQLite schema to another, and back: with ALTER TABLE where a table stays, for that is what keeps its
 * rows. The order of a table's columns is no difference.
 *
 * @param up the statements that lead to the other schema, without semicolons
 * @param down the statements that lead back, in the order of work
 * @param notDone differences that ALTER TABLE cannot make, with both definitions
 * @param isDestructive whether the way up drops rows or values
 */
public record ModelDifference(List<String> up, List<String> down, List<String> notDone, boolean isDestructive) {

    /**
     * Compares two databases.
     *
     * @param except tables to leave out, by folded name
     */
    public static ModelDifference between(Connection database, Connection model, Set<String> except)
            throws SQLException {
        return new Comparer(objects(database, except), objects(model, except)).compare();
    }

    private static Map<String, SchemaObject> objects(Connection connection, Set<String> except) throws SQLException {
        var objects = new LinkedHashMap<String, SchemaObject>();
        try (Statement statement = connection.createStatement()) {
            for (SchemaObject object : SchemaObject.read(statement)) {
                if (!object.shadow() && !except.contains(SchemaObject.fold(object.table()))) {
                    objects.put(object.key(), object);
                }
            }
        }
        return objects;
    }

    /** Collects the steps in the order of work: first what depends on tables goes, at last what depends on them comes. */
    private static final class Comparer {

        private final Map<String, SchemaObject> before;
        private final Map<String, SchemaObject> after;
        private final List<String> up = new ArrayList<>();
        private final List<String> down = new ArrayList<>();
        private final List<String> notDone = new ArrayList<>();
        private boolean isDestructive;

        Comparer(Map<String, SchemaObject> before, Map<String, SchemaObject> after) {
            this.before = before;
            this.after = after;
        }

        ModelDifference compare() throws SQLException {
            for (String type : List.of("trigger", "view", "index")) {
                List<SchemaObject> gone = new ArrayList<>(goneOrChanged(type, before, after));
                Collections.reverse(gone);
                gone.forEach(object -> step(drop(object), object.sql()));
            }
            for (SchemaObject table : tables(before)) {
                SchemaObject other = after.get(table.key());
                if (other != null) {
                    alter(table, other);
                }
            }
            for (SchemaObject table : tables(before)) {
                if (!after.containsKey(table.key())) {
                    isDestructive = true;
                    step(drop(table), table.sql());
                }
            }
            for (SchemaObject table : tables(after)) {
                if (!before.containsKey(table.key())) {
                    step(table.sql(), drop(table));
                }
            }
            for (String type : List.of("index", "view", "trigger")) {
                goneOrChanged(type, after, before).forEach(object -> step(object.sql(), drop(object)));
            }
            Collections.reverse(down);
            return new ModelDifference(up, down, notDone, isDestructive);
        }

        private void step(String there, String back) {
            up.add(there);
            down.add(back);
        }

        private static List<SchemaObject> tables(Map<String, SchemaObject> objects) {
            return objects.values().stream()
                    .filter(object -> object.isA("table"))
                    .toList();
        }

        private static List<SchemaObject> goneOrChanged(
                String type, Map<String, SchemaObject> objects, Map<String, SchemaObject> others) {
            return objects.values().stream()
                    .filter(object -> object.isA(type))
                    .filter(object -> !others.containsKey(object.key())
                            || !ExecutedSql.words(object.sql())
                                    .equals(ExecutedSql.words(
                                            others.get(object.key()).sql())))
                    .toList();
        }

        private static String drop(SchemaObject object) {
            return "DROP " + object.type().toUpperCase(Locale.ROOT) + " " + object.nameInText();
        }

        private void alter(SchemaObject table, SchemaObject other) throws SQLException {
            if (table.virtual() || other.virtual()) {
                if (!ExecutedSql.words(table.sql()).equals(ExecutedSql.words(other.sql()))) {
                    changed(table, table.sql(), other.sql());
                }
                return;
            }
            TableText old = TableText.of(table.sql());
            TableText now = TableText.of(other.sql());
            old.columns().forEach((name, definition) -> {
                String wanted = now.columns().get(name);
                if (wanted != null && !ExecutedSql.words(wanted).equals(ExecutedSql.words(definition))) {
                    changed(table, definition, wanted);
                }
            });
            compareRest(table, old, now);
            for (Map.Entry<String, String> column : old.columns().entrySet()) {
                if (!now.columns().containsKey(column.getKey())
                        && canDo(
                                table,
                                table.sql(),
                                dropColumn(table, column.getValue()),
                                addColumn(table, column.getValue()))) {
                    isDestructive = true;
                    step(dropColumn(table, column.getValue()), addColumn(table, column.getValue()));
                }
            }
            for (Map.Entry<String, String> column : now.columns().entrySet()) {
                if (!old.columns().containsKey(column.getKey())
                        && canDo(
                                table,
                                table.sql(),
                                addColumn(table, column.getValue()),
                                dropColumn(table, column.getValue()))) {
                    step(addColumn(table, column.getValue()), dropColumn(table, column.getValue()));
                }
            }
        }

        private void compareRest(SchemaObject table, TableText old, TableText now) {
            var left = new TableText(Map.of(), old.constraints(), old.options());
            var right = new TableText(Map.of(), now.constraints(), now.options());
            List<String> gone = left.without(right);
            List<String> come = right.without(left);
            if (!gone.isEmpty() || !come.isEmpty()) {
                changed(table, String.join(", ", gone), String.join(", ", come));
            }
        }

        private void changed(SchemaObject table, String old, String now) {
            notDone.add("table " + table.name() + ": " + oneLine(old) + " -> " + oneLine(now));
        }

        private static String oneLine(String sql) {
            return sql.isEmpty() ? "(nothing)" : sql.replaceAll("\\s+", " ");
        }

        private static String addColumn(SchemaObject table, String definition) {
            return "ALTER TABLE " + table.nameInText() + " ADD COLUMN " + definition;
        }

        private static String dropColumn(SchemaObject table, String definition) {
            return "ALTER TABLE " + table.nameInText() + " DROP COLUMN " + ExecutedSql.firstName(definition);
        }

        /** Tries the statements on a copy of the table with rows, for SQLite alone knows what it can do. */
        private boolean canDo(SchemaObject table, String sql, String there, String back) throws SQLException {
            try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");
                    Statement statement = memory.createStatement()) {
                try {
                    statement.execute(sql);
                    Seed.into(memory, Set.of());
                    statement.execute(there);
                    statement.execute(back);
                    return true;
                } catch (SQLException e) {
                    notDone.add("table " + table.name() + ": " + oneLine(there) + ", then " + oneLine(back) + " ("
                            + ApplicationStubs.message(e) + ")");
                    return false;
                }
            }
        }
    }
}
