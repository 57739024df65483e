package seedarr.db.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All of a small SQLite database at one moment: the text of its schema and every row, to be compared with another moment.
 */
public final class Picture {

    private final Map<String, SchemaObject> objects = new LinkedHashMap<>();
    private final Map<String, List<Map<String, String>>> rows = new LinkedHashMap<>();
    private Schema schema;

    private Picture() {}

    /**
     * Takes the picture.
     *
     * @param except tables to leave out, by folded name
     */
    public static Picture of(Connection connection, Set<String> except) throws SQLException {
        var picture = new Picture();
        try (Statement statement = connection.createStatement()) {
            for (SchemaObject object : SchemaObject.read(statement)) {
                if (!except.contains(SchemaObject.fold(object.table()))) {
                    picture.objects.put(object.key(), object);
                }
            }
            for (SchemaObject object : picture.objects.values()) {
                if (object.isA("table") && !object.virtual()) {
                    picture.rows.put(SchemaObject.fold(object.name()), rowsOf(object.name(), statement));
                }
            }
        }
        picture.schema = Schema.read(connection, "sqlite");
        return picture;
    }

    private static List<Map<String, String>> rowsOf(String table, Statement statement) throws SQLException {
        var columns = new ArrayList<String>();
        try (ResultSet result =
                statement.executeQuery("SELECT * FROM main." + SchemaObject.quote(table) + " LIMIT 0")) {
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                columns.add(result.getMetaData().getColumnLabel(i));
            }
        }
        var rows = new ArrayList<Map<String, String>>();
        try (ResultSet result = statement.executeQuery("SELECT quote("
                + String.join(
                        "), quote(", columns.stream().map(SchemaObject::quote).toList()) + ") FROM main."
                + SchemaObject.quote(table))) {
            while (result.next()) {
                var row = new TreeMap<String, String>();
                for (int i = 0; i < columns.size(); i++) {
                    row.put(SchemaObject.fold(columns.get(i)), result.getString(i + 1));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** Returns what of the tables is not in a later picture: columns, uniqueness, what a table's text says; not rows. */
    public List<String> lostIn(Picture later) {
        var lost = new ArrayList<String>();
        Set<Schema.Part> left = later.schema.parts();
        for (SchemaObject object : objects.values()) {
            String name = SchemaObject.fold(object.name());
            if (!object.isA("table") || object.virtual()) {
                continue;
            }
            if (!later.rows.containsKey(name)) {
                lost.add("table " + object.name() + " with "
                        + count(rows.get(name).size()));
                continue;
            }
            schema.parts().stream()
                    .filter(part -> part.table().equals(name) && !left.contains(part))
                    .forEach(part -> lost.add(part.toString()));
            TableText.of(object.sql())
                    .lostIn(TableText.of(later.objects.get(object.key()).sql()))
                    .forEach(definition -> lost.add("of " + object.name() + ": " + definition));
        }
        return lost;
    }

    private static String count(int rows) {
        return rows == 1 ? "1 row" : rows + " rows";
    }

    /** Counts the rows that are not there any more, or not with the same values in the columns that both have. */
    private static int rowsLost(List<Map<String, String>> before, List<Map<String, String>> after) {
        if (before.isEmpty()) {
            return 0;
        }
        Set<String> columns = new TreeSet<>(before.get(0).keySet());
        if (!after.isEmpty()) {
            columns.retainAll(after.get(0).keySet());
        }
        var left = new ArrayList<Map<String, String>>();
        after.forEach(row -> left.add(only(columns, row)));
        return (int)
                before.stream().filter(row -> !left.remove(only(columns, row))).count();
    }

    private static Map<String, String> only(Set<String> columns, Map<String, String> row) {
        var part = new TreeMap<>(row);
        part.keySet().retainAll(columns);
        return part;
    }

    /**
     * Returns the differences of another schema from this one, object by object.
     *
     * @param inOrder whether the order of a table's columns counts
     */
    public List<String> differences(Picture other, boolean inOrder) {
        var differences = new ArrayList<String>();
        objects.forEach((key, object) -> {
            SchemaObject found = other.objects.get(key);
            if (found == null) {
                differences.add("missing: " + object.type() + " " + object.name());
            } else if (!ExecutedSql.words(object.sql()).equals(ExecutedSql.words(found.sql()))) {
                differences.addAll(differences(object, found, inOrder));
            }
        });
        other.objects.forEach((key, object) -> {
            if (!objects.containsKey(key)) {
                differences.add("left over: " + object.type() + " " + object.name());
            }
        });
        return differences;
    }

    private static List<String> differences(SchemaObject object, SchemaObject found, boolean inOrder) {
        String name = object.type() + " " + object.name();
        if (!object.isA("table") || object.virtual() || found.virtual()) {
            return List.of("changed: " + name + ", was " + oneLine(object.sql()) + ", is " + oneLine(found.sql()));
        }
        TableText before = TableText.of(object.sql());
        TableText now = TableText.of(found.sql());
        var differences = new ArrayList<String>();
        before.without(now).forEach(definition -> differences.add("missing in " + name + ": " + definition));
        now.without(before).forEach(definition -> differences.add("left over in " + name + ": " + definition));
        if (differences.isEmpty() && inOrder) {
            differences.add("changed: the order of the columns of " + object.name());
        }
        return differences;
    }

    private static String oneLine(String sql) {
        return sql.replaceAll("\\s+", " ");
    }

    /** Counts the rows that another picture has not, or has in addition, in the tables and columns that both have. */
    public List<String> rowDifferences(Picture other) {
        var differences = new ArrayList<String>();
        rows.forEach((table, before) -> {
            List<Map<String, String>> after = other.rows.get(table);
            if (after == null) {
                return;
            }
            int lost = rowsLost(before, after);
            if (lost > 0) {
                differences.add(count(lost) + " of " + table + " lost or changed");
            } else if (after.size() > before.size()) {
                differences.add(count(after.size() - before.size()) + " of " + table + " left over");
            }
        });
        return differences;
    }
}
