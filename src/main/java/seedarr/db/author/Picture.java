package seedarr.db.author;

import java.sql.Connection;
import java.sql.DriverManager;
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
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.SchemaObject;
import seedarr.db.sql.TableText;
import seedarr.db.state.Schema;

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
                if (object.isA("table") && !object.virtual() && !object.shadow()) {
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

    /** Returns the folded names of the tables that have rows of their own. */
    public Set<String> tables() {
        return rows.keySet();
    }

    /** Returns this picture as statements that only rename would leave it; as it is where they cannot be run on it. */
    public Picture after(List<String> renames) {
        if (renames.isEmpty()) {
            return this;
        }
        try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = memory.createStatement()) {
            for (SchemaObject object : objects.values()) {
                statement.execute(object.sql());
                for (Map<String, String> row : rows.getOrDefault(SchemaObject.fold(object.name()), List.of())) {
                    if (object.isA("table")) {
                        statement.execute("INSERT INTO " + SchemaObject.quote(object.name()) + " ("
                                + String.join(
                                        ", ",
                                        row.keySet().stream()
                                                .map(SchemaObject::quote)
                                                .toList())
                                + ") VALUES (" + String.join(", ", row.values()) + ")");
                    }
                }
            }
            for (String rename : renames) {
                statement.execute(rename);
            }
            return of(memory, Set.of());
        } catch (SQLException e) {
            // The names are not those of this moment.
            return this;
        }
    }

    /** Returns what checks or shows rows and is not in a later picture: triggers, views, unique indexes of some rows. */
    public List<String> droppedIn(Picture later) {
        return objects.values().stream()
                .filter(object -> !object.isA("table") && !later.objects.containsKey(object.key()))
                .filter(object ->
                        !object.isA("index") || ExecutedSql.words(object.sql()).containsAll(List.of("unique", "where")))
                .filter(object -> later.rows.containsKey(SchemaObject.fold(object.table())) || object.isA("view"))
                .map(object -> object.type() + " " + object.name())
                .toList();
    }

    /** Compares the numbers of rows in the tables that both have. */
    public List<String> countDifferences(Picture later) {
        var differences = new ArrayList<String>();
        rows.forEach((table, all) -> {
            int after = later.rows.getOrDefault(table, all).size();
            if (after != all.size()) {
                differences.add(table + " had " + count(all.size()) + ", and has " + after);
            }
        });
        return differences;
    }

    /** Returns the uniqueness that a later picture asks for of tables that are here. */
    public List<String> uniquenessNewIn(Picture later) {
        return later.schema.parts().stream()
                .filter(part -> !part.key().isEmpty() && rows.containsKey(part.table()))
                .filter(part -> !schema.parts().contains(part))
                .map(Schema.Part::toString)
                .toList();
    }

    /** Returns what of the tables is not in a later picture: columns, uniqueness, what a table's text says; not rows. */
    public List<String> lostIn(Picture later) {
        var lost = new ArrayList<String>();
        Set<Schema.Part> left = later.schema.parts();
        for (SchemaObject object : objects.values()) {
            String name = SchemaObject.fold(object.name());
            if (!object.isA("table") || object.virtual() || object.shadow()) {
                continue;
            }
            if (!later.rows.containsKey(name)) {
                lost.add("table " + object.name());
                continue;
            }
            schema.parts().stream()
                    .filter(part -> part.table().equals(name) && !left.contains(part))
                    .forEach(part -> lost.add(part.toString()));
            TableText.of(object.sql())
                    .lostIn(TableText.of(later.objects.get(object.key()).sql()))
                    .forEach(definition -> lost.add("of " + object.name() + ": " + oneLine(definition)));
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
        before.without(now).forEach(definition -> differences.add("missing in " + name + ": " + oneLine(definition)));
        now.without(before).forEach(definition -> differences.add("left over in " + name + ": " + oneLine(definition)));
        if (differences.isEmpty() && inOrder) {
            differences.add("changed: the order of the columns of " + object.name());
        }
        return differences;
    }

    private static String oneLine(String sql) {
        return sql.replaceAll("\\s+", " ");
    }

    /** Counts the rows that another picture has not with the same values, in the tables and columns that both have. */
    public List<String> lostRowsIn(Picture other) {
        var differences = new ArrayList<String>();
        rows.forEach((table, before) -> {
            int lost = rowsLost(before, other.rows.getOrDefault(table, before));
            if (lost > 0) {
                differences.add(count(lost) + " of " + table + " lost or changed");
            }
        });
        return differences;
    }
}
