package seedarr.db.migrate;

import static java.util.stream.Collectors.groupingBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import seedarr.db.database.SqliteError;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.OwnedNames;
import seedarr.db.sql.Rows;
import seedarr.db.sql.SchemaObject;

/**
 * What is in a database at one moment, what of it does not work, and how many rows have lost their parents. Reads the
 * catalogue, and of SQLite the rows that have a foreign key; writes nothing.
 */
final class Snapshot {

    /** The columns of tables; a virtual table has none that an ALTER could take. */
    private static final String SQLITE_COLUMNS = "SELECT s.name, c.name FROM main.sqlite_schema s"
            + " JOIN pragma_table_xinfo(s.name, 'main') c WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%'";

    /**
     * Type, name, table and the columns that it is about. A name outside of the current schema has its schema before it. Left
     * out: the index of a constraint, the sequence of a column's own default (SERIAL), and NOT NULL, which is a constraint
     * since version 18, and what belongs to an extension.
     */
    private static final String POSTGRESQL = """
            WITH n AS (SELECT oid, CASE WHEN nspname = current_schema() THEN '' ELSE nspname || '.' END AS prefix
              FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
             e AS (SELECT objid FROM pg_depend WHERE deptype = 'e'),
             c AS (SELECT r.oid, relkind, prefix || relname AS name FROM pg_class r JOIN n ON n.oid = relnamespace
              WHERE r.oid NOT IN (SELECT * FROM e)),
             a AS (SELECT * FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped)
            SELECT CASE WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, name, name, '' FROM c
             WHERE relkind IN ('r', 'p', 'f', 'v', 'm')
            UNION ALL SELECT 'column', attname, name, '' FROM a JOIN c ON c.oid = attrelid AND relkind IN ('r', 'p')
            UNION ALL SELECT 'index', i.name, c.name, (SELECT string_agg(quote_ident(attname), ' ') FROM a WHERE attrelid = c.oid AND attnum = ANY (indkey))
             FROM pg_index JOIN c i ON i.oid = indexrelid JOIN c ON c.oid = indrelid
             WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid AND conrelid = c.oid)
            UNION ALL SELECT 'constraint', conname, name, (SELECT string_agg(quote_ident(attname), ' ') FROM a WHERE attrelid = c.oid AND attnum = ANY (conkey))
             FROM pg_constraint JOIN c ON c.oid = conrelid WHERE contype <> 'n'
            UNION ALL SELECT 'trigger', tgname, name, '' FROM pg_trigger JOIN c ON c.oid = tgrelid WHERE NOT tgisinternal
            UNION ALL SELECT 'rule', rulename, name, '' FROM pg_rewrite JOIN c ON c.oid = ev_class WHERE rulename <> '_RETURN'
            UNION ALL SELECT 'policy', polname, name, '' FROM pg_policy JOIN c ON c.oid = polrelid
            UNION ALL SELECT 'statistics', stxname, name, '' FROM pg_statistic_ext JOIN c ON c.oid = stxrelid
            UNION ALL SELECT 'default', attname, name, quote_ident(attname) FROM pg_attrdef JOIN c ON c.oid = adrelid
             JOIN a ON attrelid = adrelid AND attnum = adnum
            UNION ALL SELECT 'function', f, f, '' FROM (SELECT prefix || proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
             FROM pg_proc p JOIN n ON n.oid = pronamespace WHERE p.oid NOT IN (SELECT * FROM e)) functions (f)
            UNION ALL SELECT 'type', prefix || typname, prefix || typname, '' FROM pg_type JOIN n ON n.oid = typnamespace WHERE typtype IN ('d', 'e') AND pg_type.oid NOT IN (SELECT * FROM e)
            UNION ALL SELECT 'sequence', s.name, c.name, '' FROM c s JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a'
             JOIN c ON c.oid = d.refobjid WHERE s.relkind = 'S'
             AND NOT EXISTS (SELECT FROM pg_depend WHERE refobjid = s.oid AND classid = 'pg_attrdef'::regclass)
            """;

    private static final String PARENTS = "SELECT s.name, f.\"table\" FROM main.sqlite_schema s"
            + " JOIN pragma_foreign_key_list(s.name, 'main') f WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%'";

    /**
     * The rows of a table that have no parent: what their foreign key says, because SQLite's own numbers of foreign keys
     * change when a table changes, and how many. No table is called like the columns, in their brackets.
     */
    private static final String ORPHANS = """
            SELECT "table", parent, (SELECT '(' || group_concat("from") || ')' FROM pragma_foreign_key_list(?, 'main') WHERE id = k.fkid),
             count(*)
            FROM pragma_foreign_key_check(?, 'main') k GROUP BY k.fkid
            """;

    private static final String COLUMNS_TO_SET =
            "SELECT group_concat(printf('\"%w\" = NULL', name), ', ') FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0";

    private final Map<String, SchemaObject> objects = new LinkedHashMap<>();
    private final Map<SchemaObject, String> errors = new IdentityHashMap<>();
    private final Map<List<String>, Long> orphans = new LinkedHashMap<>();

    static Snapshot of(String kind, Connection connection) throws SQLException {
        Snapshot snapshot = new Snapshot();
        if (!kind.equals("sqlite")) {
            Rows.of(connection, POSTGRESQL).forEach(row -> snapshot.add(SchemaObject.of(row)));
            return snapshot;
        }
        SchemaObject.read(connection).forEach(snapshot::add);
        Rows.of(connection, SQLITE_COLUMNS)
                .forEach(row -> snapshot.add(new SchemaObject("column", row.get(1), row.get(0), "", false)));
        Map<String, List<List<String>>> parents =
                Rows.of(connection, PARENTS).stream().collect(groupingBy(row -> row.get(0)));
        boolean hasOrphans = hasOrphans(connection);
        for (SchemaObject object : snapshot.objects()) {
            try {
                snapshot.look(object, parents.getOrDefault(object.name(), List.of()), hasOrphans, connection);
            } catch (SQLException e) {
                snapshot.errors.putIfAbsent(object, SqliteError.message(e));
            }
        }
        return snapshot;
    }

    private void add(SchemaObject object) {
        objects.put(path(object.type(), object.name(), object.table()), object);
    }

    /** Whether any row may have no parent. To ask of all tables at once takes a tenth of the time. */
    private static boolean hasOrphans(Connection connection) {
        try {
            return !Rows.of(connection, "SELECT 1 FROM pragma_foreign_key_check(NULL, 'main') LIMIT 1")
                    .isEmpty();
        } catch (SQLException e) {
            // Of some table it cannot be told. Then each is asked for by itself.
            return true;
        }
    }

    /** Compiles what uses an object, which runs nothing, and counts the rows whose parents are not there. */
    private void look(SchemaObject object, List<List<String>> parents, boolean hasOrphans, Connection connection)
            throws SQLException {
        if (object.isA("view")) {
            connection
                    .prepareStatement("EXPLAIN SELECT * FROM main." + SchemaObject.quote(object.name()))
                    .close();
        } else if (object.isA("trigger")) {
            connection
                    .prepareStatement("EXPLAIN " + statementThatFires(object, connection))
                    .close();
        } else if (object.isA("table") && !parents.isEmpty()) {
            parents.stream()
                    .map(row -> row.get(1))
                    .filter(parent -> find("table", parent, parent) == null)
                    // Nobody can write into such a child.
                    .forEach(parent -> errors.put(object, "no such table: " + parent));
            if (hasOrphans) {
                Rows.of(connection, ORPHANS, object.name(), object.name())
                        .forEach(row -> orphans.merge(row.subList(0, 3), Long.parseLong(row.get(3)), Long::sum));
            }
        }
    }

    private static String statementThatFires(SchemaObject trigger, Connection connection) throws SQLException {
        String table = "main." + SchemaObject.quote(trigger.table());
        List<String> words = ExecutedSql.words(trigger.sql());
        // CREATE TRIGGER, and a name that may have its schema before it.
        String event = words.subList(words.get(3).equals(".") ? 5 : 3, words.size()).stream()
                .filter(Set.of("insert", "update", "delete")::contains)
                .findFirst()
                .orElse("");
        return switch (event) {
            case "insert" -> "INSERT INTO " + table + " DEFAULT VALUES";
            case "delete" -> "DELETE FROM " + table;
            default ->
                "UPDATE " + table + " SET "
                        + Rows.column(connection, COLUMNS_TO_SET, trigger.table())
                                .get(0);
        };
    }

    Collection<SchemaObject> objects() {
        return objects.values();
    }

    /** Returns the objects that are left later: of the same name, and on the same table, which may have another name. */
    Map<SchemaObject, SchemaObject> leftIn(Snapshot later, OwnedNames ran) {
        Map<SchemaObject, SchemaObject> left = new IdentityHashMap<>();
        objects.forEach((path, object) -> {
            SchemaObject same = later.objects.get(path);
            SchemaObject now =
                    same != null ? same : later.find(object.type(), object.name(), ran.renamed(object.table()));
            if (now != null) {
                left.put(object, now);
            }
        });
        return left;
    }

    /** Returns an object by its name and that of its table, or null. */
    SchemaObject find(String type, String name, String table) {
        return objects.get(path(type, name, table));
    }

    private static String path(String type, String name, String table) {
        return type + " " + SchemaObject.fold(name) + " " + SchemaObject.fold(table);
    }

    String error(SchemaObject object) {
        return errors.getOrDefault(object, "");
    }

    /** Returns which rows have lost their parents since an earlier moment, in sentences. */
    List<String> orphansSince(Snapshot earlier, OwnedNames ran) {
        Map<List<String>, Long> old = new HashMap<>();
        earlier.orphans.forEach(
                (key, count) -> old.merge(key.stream().map(ran::renamed).toList(), count, Long::sum));
        List<String> sentences = new ArrayList<>();
        orphans.forEach((key, count) -> {
            long more = count - old.getOrDefault(key.stream().map(ran::renamed).toList(), 0L);
            if (more > 0) {
                sentences.add((more == 1 ? "1 row of " : more + " rows of ") + key.get(0)
                        + (more == 1 ? " refers to " : " refer to ") + key.get(1) + " rows that are not there");
            }
        });
        return sentences;
    }
}
