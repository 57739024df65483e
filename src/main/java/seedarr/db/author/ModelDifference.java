package seedarr.db.author;

import static java.util.stream.Collectors.toSet;

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
import seedarr.db.migrate.Snapshot;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.SchemaObject;
import seedarr.db.sql.TableText;
import seedarr.db.state.Schema;

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
        try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement rehearsal = memory.createStatement()) {
            var comparer = new Comparer(objects(database, except), objects(model, except), rehearsal);
            comparer.prepare(memory);
            return comparer.compare();
        }
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

    /** A statement, what undoes it, and the object that it is about. */
    private record Step(String key, String there, String back) {}

    /**
     * Collects the steps in the order of work: first what depends on tables goes, at last what depends on them comes. Each
     * is rehearsed there, back and there again in a copy with rows, because SQLite alone knows what it can do.
     */
    private static final class Comparer {

        private final Map<String, SchemaObject> before;
        private final Map<String, SchemaObject> after;
        private final Statement rehearsal;
        private final List<Step> steps = new ArrayList<>();
        private final List<String> notDone = new ArrayList<>();
        private boolean isDestructive;

        Comparer(Map<String, SchemaObject> before, Map<String, SchemaObject> after, Statement rehearsal) {
            this.before = before;
            this.after = after;
            this.rehearsal = rehearsal;
        }

        void prepare(Connection memory) throws SQLException {
            for (String type : List.of("table", "index")) {
                for (SchemaObject object : before.values()) {
                    if (object.isA(type) && !object.virtual()) {
                        rehearsal.execute(object.sql());
                    }
                }
            }
            Seed.into(memory, Set.of());
            for (SchemaObject object : before.values()) {
                if (object.isA("view") || object.isA("trigger") || object.virtual()) {
                    rehearsal.execute(object.sql());
                }
            }
        }

        ModelDifference compare() throws SQLException {
            Schema old = Schema.read(rehearsal.getConnection(), "sqlite");
            for (String type : List.of("trigger", "view", "index")) {
                List<SchemaObject> gone = new ArrayList<>(goneOrChanged(type, before, after));
                Collections.reverse(gone);
                for (SchemaObject object : gone) {
                    step(object, drop(object), object.sql());
                }
            }
            for (SchemaObject table : tables(before)) {
                if (after.containsKey(table.key())) {
                    alter(table, after.get(table.key()));
                }
            }
            for (SchemaObject table : tables(before)) {
                if (!after.containsKey(table.key())) {
                    isDestructive |= step(table, drop(table), table.sql());
                }
            }
            for (SchemaObject table : tables(after)) {
                if (!before.containsKey(table.key())) {
                    step(table, table.sql(), drop(table));
                }
            }
            for (String type : List.of("index", "view", "trigger")) {
                for (SchemaObject object : goneOrChanged(type, after, before)) {
                    if (!step(object, object.sql(), drop(object))) {
                        // Then the old one stays as well.
                        steps.removeIf(step -> step.key().equals(object.key()));
                    }
                }
            }
            isDestructive |= losesUniqueness(old, Schema.read(rehearsal.getConnection(), "sqlite"));
            List<String> down = new ArrayList<>(steps.stream().map(Step::back).toList());
            Collections.reverse(down);
            return new ModelDifference(steps.stream().map(Step::there).toList(), down, notDone, isDestructive);
        }

        private boolean losesUniqueness(Schema old, Schema now) {
            boolean isPartialGone = before.values().stream()
                    .filter(object -> object.isA("index") && !after.containsKey(object.key()))
                    .anyMatch(object -> ExecutedSql.words(object.sql()).containsAll(List.of("unique", "where")));
            return isPartialGone
                    || old.parts().stream()
                            .anyMatch(part -> !part.key().isEmpty()
                                    && now.tables().containsKey(part.table())
                                    && !now.parts().contains(part));
        }

        private boolean step(SchemaObject object, String there, String back) throws SQLException {
            rehearsal.execute("SAVEPOINT step");
            try {
                rehearsal.execute(there);
                rehearsal.execute(back);
                rehearsal.execute(there);
                if (object.isA("view") && there.equals(object.sql())) {
                    rehearsal.execute("EXPLAIN SELECT * FROM " + object.nameInText());
                }
            } catch (SQLException e) {
                rehearsal.execute("ROLLBACK TO step");
                rehearsal.execute("RELEASE step");
                notDone.add(oneLine(there) + ", and back " + oneLine(back) + " (" + Snapshot.message(e) + ")");
                return false;
            }
            rehearsal.execute("RELEASE step");
            return steps.add(new Step(object.key(), ExecutedSql.tidy(there), ExecutedSql.tidy(back)));
        }

        private static List<SchemaObject> tables(Map<String, SchemaObject> objects) {
            return objects.values().stream()
                    .filter(object -> object.isA("table"))
                    .toList();
        }

        /** A trigger on a view goes and comes with the view. */
        private static List<SchemaObject> goneOrChanged(
                String type, Map<String, SchemaObject> objects, Map<String, SchemaObject> others) {
            Set<String> views = type.equals("trigger")
                    ? goneOrChanged("view", objects, others).stream()
                            .map(SchemaObject::key)
                            .collect(toSet())
                    : Set.of();
            return objects.values().stream()
                    .filter(object -> object.isA(type))
                    .filter(object -> !others.containsKey(object.key())
                            || !object.sameWords(others.get(object.key()))
                            || views.contains("view " + SchemaObject.fold(object.table())))
                    .toList();
        }

        private static String drop(SchemaObject object) {
            return "DROP " + object.type().toUpperCase(Locale.ROOT) + " " + object.nameInText();
        }

        private void alter(SchemaObject table, SchemaObject other) throws SQLException {
            if (table.virtual() || other.virtual()) {
                if (!table.sameWords(other)) {
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
            String gone = String.join(", ", old.withoutColumns().without(now.withoutColumns()));
            String come = String.join(", ", now.withoutColumns().without(old.withoutColumns()));
            if (!gone.equals(come)) {
                changed(table, gone, come);
            }
            for (Map.Entry<String, String> column : old.columns().entrySet()) {
                if (!now.columns().containsKey(column.getKey())) {
                    isDestructive |=
                            step(table, dropColumn(table, column.getValue()), addColumn(table, column.getValue()));
                }
            }
            for (Map.Entry<String, String> column : now.columns().entrySet()) {
                if (!old.columns().containsKey(column.getKey())) {
                    step(table, addColumn(table, column.getValue()), dropColumn(table, column.getValue()));
                }
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
    }
}
