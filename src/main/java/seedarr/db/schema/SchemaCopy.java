package seedarr.db.schema;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A copy of a schema in memory, without rows, to try things out in.
 *
 * <p>What cannot be created, such as a virtual table of a module that is not there, is left out. Functions and
 * collations that the application registers for itself are {@link ApplicationStubs}.
 */
final class SchemaCopy implements AutoCloseable {
    /** What SQLite makes of a statement: its program, or why it does not compile. Only one of them is not null. */
    record Compiled(String program, String error) {
        /** Whether it fails, and not just for want of an INSTEAD OF trigger for this kind of statement. */
        boolean broken() {
            return error != null && !error.startsWith("cannot modify ");
        }
    }

    private static final String NEW_NAME = "\"seedarr-scratch\"";

    private final Connection connection;
    private final ApplicationStubs stubs = new ApplicationStubs();
    private final Map<String, String> texts;
    private Map<String, List<Compiled>> compiled;

    SchemaCopy(List<SchemaObject> objects) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        try {
            create(objects.stream().filter(o -> o.isA("table") && !o.virtual()).toList());
            create(objects.stream().filter(o -> o.isA("table") && o.virtual()).toList());
            create(objects.stream().filter(o -> o.isA("index")).toList());
            create(objects.stream().filter(o -> o.isA("view")).toList());
            create(objects.stream().filter(o -> o.isA("trigger")).toList());
            // With this setting a rename passes over objects that are broken instead of failing.
            run("PRAGMA writable_schema = ON");
            // Every rename turns "text" into 'text' where it is no identifier: once now, so that it is no change later.
            run("CREATE TABLE " + NEW_NAME + " (a)");
            run("ALTER TABLE " + NEW_NAME + " RENAME COLUMN a TO b");
            run("DROP TABLE " + NEW_NAME);
            texts = readTexts();
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void create(List<SchemaObject> objects) {
        for (SchemaObject object : objects) {
            try {
                if (!object.shadow()) {
                    run(object.sql());
                }
            } catch (SQLException e) {
                continue; // then whatever uses it compiles neither before nor after
            }
        }
    }

    /**
     * Returns the keys of all objects that use a table (column null) or a column of it: their text changes when it gets
     * another name, or their program does (NATURAL JOIN, or a name that comes through another view's {@code *}).
     */
    Set<String> usersOf(String table, String column) throws SQLException {
        return changedBy(table, column, true);
    }

    /** Returns the keys of those whose program depends on the column's name, though they do not name it themselves. */
    Set<String> joinedBy(String table, String column) throws SQLException {
        return changedBy(table, column, false);
    }

    private Set<String> changedBy(String table, String column, boolean orText) throws SQLException {
        Map<String, List<Compiled>> before = compiled();
        var changed = new HashSet<String>();
        run("SAVEPOINT renaming");
        try {
            run("ALTER TABLE main." + SchemaObject.quote(table) + " RENAME "
                    + (column == null ? "" : "COLUMN " + SchemaObject.quote(column)) + " TO " + NEW_NAME);
            Map<String, String> newTexts = readTexts();
            texts.forEach((key, text) -> {
                boolean broken = before.getOrDefault(key, List.of()).stream().anyMatch(Compiled::broken);
                if (orText && !broken && newTexts.containsKey(key) && !text.equals(newTexts.get(key))) {
                    changed.add(key);
                }
            });
            compile().forEach((key, now) -> {
                if (differs(before.get(key), now)) {
                    changed.add(key);
                }
            });
        } catch (SQLException e) {
            changed.clear(); // the table is not in the scratch, or virtual: compiling tells what can be told
        } finally {
            run("ROLLBACK TO renaming");
            run("RELEASE renaming");
        }
        changed.remove("table " + SchemaObject.fold(table));
        return changed;
    }

    private static boolean differs(List<Compiled> before, List<Compiled> after) {
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).error() == null && !before.get(i).equals(after.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Returns for each view how it is read, and for each trigger the insert, update and delete that may fire it. */
    Map<String, List<Compiled>> compiled() throws SQLException {
        if (compiled == null) {
            compiled = compile();
        }
        return compiled;
    }

    private Map<String, List<Compiled>> compile() throws SQLException {
        var result = new HashMap<String, List<Compiled>>();
        run("SAVEPOINT compiling");
        List<SchemaObject> triggers = rows("trigger");
        for (SchemaObject trigger : triggers) {
            run("DROP TRIGGER " + SchemaObject.quote(trigger.name()));
        }
        for (SchemaObject view : rows("view")) {
            result.put(view.key(), List.of(explain("SELECT * FROM main." + SchemaObject.quote(view.name()))));
        }
        for (SchemaObject trigger : triggers) { // each alone, so that none fails for another that it sets off
            run(trigger.sql());
            String table = "main." + SchemaObject.quote(trigger.table());
            result.put(
                    trigger.key(),
                    List.of(
                            explain("INSERT INTO " + table + " DEFAULT VALUES"),
                            explain("UPDATE " + table + " SET " + assignments(trigger.table())),
                            explain("DELETE FROM " + table)));
            run("DROP TRIGGER " + SchemaObject.quote(trigger.name()));
        }
        run("ROLLBACK TO compiling");
        run("RELEASE compiling");
        return result;
    }

    /** Assigns every column that can be assigned to, so that every trigger with an UPDATE OF list fires. */
    private String assignments(String table) {
        var assignments = new StringJoiner(", ");
        try (var query = connection.prepareStatement("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0")) {
            query.setString(1, table);
            try (ResultSet columns = query.executeQuery()) {
                while (columns.next()) {
                    String column = SchemaObject.quote(columns.getString(1));
                    assignments.add(column + " = " + column);
                }
            }
        } catch (SQLException e) {
            return ""; // a view that does not compile: nor will the UPDATE
        }
        return assignments.toString();
    }

    /** Compiles without running. Left out are p4, for it holds names, and Transaction, for it holds the version of the schema. */
    private Compiled explain(String sql) throws SQLException {
        var program = new StringBuilder();
        do {
            try (Statement statement = connection.createStatement();
                    ResultSet steps = statement.executeQuery("EXPLAIN " + sql)) {
                while (steps.next()) {
                    if (steps.getString("opcode").equals("Transaction")) {
                        continue;
                    }
                    program.append(steps.getString("opcode"));
                    for (String operand : List.of("p1", "p2", "p3")) {
                        program.append(' ').append(steps.getInt(operand));
                    }
                    program.append('\n');
                }
                return new Compiled(program.toString(), null);
            } catch (SQLException e) {
                if (!stubs.supply(connection, e)) {
                    return new Compiled(null, ApplicationStubs.message(e));
                }
            }
        } while (true);
    }

    private void run(String sql) throws SQLException {
        do {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return;
            } catch (SQLException e) {
                if (!stubs.supply(connection, e)) {
                    throw e;
                }
            }
        } while (true);
    }

    private Map<String, String> readTexts() throws SQLException {
        var result = new HashMap<String, String>();
        rows("%").forEach(object -> result.put(object.key(), object.sql()));
        return result;
    }

    private List<SchemaObject> rows(String type) throws SQLException {
        var rows = new ArrayList<SchemaObject>();
        try (var query = connection.prepareStatement(
                "SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE type LIKE ? AND sql IS NOT NULL")) {
            query.setString(1, type);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    rows.add(new SchemaObject(
                            found.getString(1), found.getString(2), found.getString(3), found.getString(4), false));
                }
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
