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

    /** A sequence that a column's own default uses is that column's (SERIAL), and goes with it. */
    private static final String OBJECTS = """
            WITH c AS (SELECT * FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace)
            SELECT 'table', relname, relname FROM c WHERE relkind IN ('r', 'p', 'f')
            UNION ALL
            SELECT 'column', attname, relname FROM pg_attribute JOIN c ON c.oid = attrelid
             WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p')
            UNION ALL
            SELECT 'index', i.relname, c.relname FROM pg_index JOIN pg_class i ON i.oid = indexrelid JOIN c ON c.oid = indrelid
             WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid AND conrelid = c.oid)
            UNION ALL
            SELECT 'constraint', conname, relname FROM pg_constraint JOIN c ON c.oid = conrelid
            UNION ALL
            SELECT 'trigger', tgname, relname FROM pg_trigger JOIN c ON c.oid = tgrelid WHERE NOT tgisinternal
            UNION ALL
            SELECT 'rule', rulename, relname FROM pg_rewrite JOIN c ON c.oid = ev_class WHERE rulename <> '_RETURN'
            UNION ALL
            SELECT 'policy', polname, relname FROM pg_policy JOIN c ON c.oid = polrelid
            UNION ALL
            SELECT 'statistics', stxname, relname FROM pg_statistic_ext JOIN c ON c.oid = stxrelid
            UNION ALL
            SELECT 'sequence', s.relname, c.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a'
             JOIN c ON c.oid = d.refobjid WHERE s.relkind = 'S'
             AND NOT EXISTS (SELECT FROM pg_depend WHERE refobjid = s.oid AND classid = 'pg_attrdef'::regclass)
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

    private boolean isLost(SchemaObject object, PostgresObjects after, ExecutedSql sql) {
        return switch (object.type()) {
            // The columns and constraints of a table that goes are part of it.
            case "column", "constraint" -> after.hasTable(object.table()) && !sql.takesAway(object);
            case "index" -> !sql.takesAway(object) && !goesWithWhatItIndexes(object, after);
            default -> !sql.takesAway(object);
        };
    }

    /** Whether it is an index that SQLAlchemy named by its table and column, one of which is gone. */
    private boolean goesWithWhatItIndexes(SchemaObject index, PostgresObjects after) {
        if (!index.isNamedBySqlalchemy() || !after.hasTable(index.table())) {
            return index.isNamedBySqlalchemy();
        }
        String name = index.name().substring(("ix_" + index.table() + "_").length());
        SchemaObject column = new SchemaObject("column", name, index.table(), "", false);
        return objects.contains(column) && !after.objects.contains(column);
    }

    private boolean hasTable(String name) {
        return objects.contains(new SchemaObject("table", name, name, "", false));
    }
}
