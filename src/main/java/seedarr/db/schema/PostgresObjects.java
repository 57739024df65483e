package seedarr.db.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A picture of the current schema of a PostgreSQL database at one moment. PostgreSQL itself refuses to drop what a view
 * or a foreign key depends on; this finds what it drops along without a word: indexes, triggers, rules and constraints.
 */
public final class PostgresObjects {

    private static final String OBJECTS = """
            SELECT 'table', c.relname, c.relname FROM pg_class c
             WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'column', a.attname, c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'index', i.relname, c.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
             JOIN pg_class c ON c.oid = x.indrelid WHERE c.relnamespace = current_schema()::regnamespace
             AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid)
            UNION ALL
            SELECT 'constraint', k.conname, c.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
             WHERE c.relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'trigger', t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
             WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'rule', r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
             WHERE r.rulename <> '_RETURN' AND c.relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'statistics', s.stxname, c.relname FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid
             WHERE c.relnamespace = current_schema()::regnamespace
            """;

    private final Set<SchemaObject> objects = new LinkedHashSet<>();

    private PostgresObjects() {}

    /** Takes the picture. Reads the catalogue only. */
    public static PostgresObjects read(Connection connection) throws SQLException {
        PostgresObjects picture = new PostgresObjects();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(OBJECTS)) {
            while (rows.next()) {
                picture.objects.add(
                        new SchemaObject(rows.getString(1), rows.getString(2), rows.getString(3), "", false));
            }
        }
        return picture;
    }

    /**
     * Returns what was there and is gone in {@code after}, though the SQL does not name it.
     *
     * @param executedSql the SQL that made the change; what it drops by name, it does on purpose
     */
    public List<Obstacle> brokenBy(PostgresObjects after, String executedSql) {
        ExecutedSql sql = new ExecutedSql(executedSql);
        return objects.stream()
                .filter(object -> !after.objects.contains(object))
                .filter(object -> isLost(object, after, sql))
                .map(object -> new Obstacle(object.type(), object.name(), "of " + object.table() + " would be dropped"))
                .toList();
    }

    private static boolean isLost(SchemaObject object, PostgresObjects after, ExecutedSql sql) {
        return switch (object.type()) {
            // The columns and constraints of a table that goes are part of it.
            case "column", "constraint" -> after.hasTable(object.table()) && !sql.mentions(object.name());
            default -> !sql.takesAway(object);
        };
    }

    private boolean hasTable(String name) {
        return objects.contains(new SchemaObject("table", name, name, "", false));
    }
}
