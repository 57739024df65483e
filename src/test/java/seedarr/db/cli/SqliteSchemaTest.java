package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The schema at each revision is what real Alembic made of a v1 database: schema-sqlite.json was read back from it with
 * table_xinfo, index_list and index_info, ddl-sqlite.sql from its sqlite_master.
 */
class SqliteSchemaTest {

    private static final List<String> REVISIONS =
            List.of("001_add_checkpoint_fields", "002_add_tmdb_cache", "003_add_tags_table");

    @TempDir
    Path folder;

    @Test
    void goes_up_and_down_one_revision_at_a_time_from_v1() throws Exception {
        goes_up_and_down(Sqlite.v1(folder));
    }

    @Test
    void goes_up_and_down_one_revision_at_a_time_from_an_empty_file() throws Exception {
        goes_up_and_down(new Sqlite(folder.resolve("empty.db")));
    }

    private static void goes_up_and_down(Sqlite database) throws Exception {
        Command command = Command.in(database.file().getParent()).on(database.url());
        for (String revision : REVISIONS) {
            command.succeed("update", revision);
            assertThat(schema(database)).as(revision).isEqualTo(expected(revision));
        }
        assertThat(ddl(database)).containsExactlyInAnyOrderElementsOf(expectedDdl());
        assertThat(database.query("SELECT ID, TAG FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED"))
                .containsExactlyElementsOf(REVISIONS.stream()
                        .map(revision -> revision + "|" + revision)
                        .toList());
        for (String revision : List.of("002_add_tmdb_cache", "001_add_checkpoint_fields", "base")) {
            command.succeed("rollback-count", "1");
            assertThat(schema(database)).as("down to " + revision).isEqualTo(expected(revision));
        }
    }

    @Test
    void the_text_of_a_v1_schema_is_the_same_after_up_and_down() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        List<String> before = database.schemaText();
        Command command = Command.in(folder).on(database.url());
        command.succeed("update");
        command.succeed("rollback", "base");
        assertThat(database.schemaText()).isEqualTo(before);
    }

    private static Map<String, Object> schema(Sqlite database) throws SQLException {
        Map<String, Object> schema = new TreeMap<>();
        for (String table : database.query("SELECT name FROM sqlite_schema WHERE type = 'table'"
                + " AND name NOT LIKE 'DATABASECHANGELOG%' AND name NOT LIKE 'sqlite%'")) {
            schema.put(
                    table,
                    List.of(
                            database.query("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo('"
                                    + table + "')"),
                            database.query("SELECT iif(origin = 'c', name, '(constraint)'), \"unique\", origin,"
                                    + " (SELECT group_concat(name) FROM pragma_index_info(l.name))"
                                    + " FROM pragma_index_list('" + table + "') l ORDER BY 1")));
        }
        return schema;
    }

    /** The facts in the same form. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> expected(String revision) throws Exception {
        Map<String, Map<String, Map<String, List<Map<String, Object>>>>> facts;
        try (InputStream in = SqliteSchemaTest.class.getResourceAsStream("/schema-sqlite.json")) {
            // YAML is a superset of JSON, and its parser is here already.
            facts = new Yaml().load(in);
        }
        Map<String, Object> schema = new TreeMap<>();
        facts.get(revision).forEach((table, parts) -> {
            List<String> columns = new ArrayList<>();
            parts.get("columns")
                    .forEach(column -> columns.add(row(column, "name", "type", "notnull", "default", "pk")));
            List<String> indexes = new ArrayList<>();
            parts.get("indexes").forEach(index -> {
                Map<String, Object> flat = new LinkedHashMap<>(index);
                flat.put("unique", Boolean.TRUE.equals(index.get("unique")) ? 1 : 0);
                flat.put("columns", String.join(",", (List<String>) index.get("columns")));
                indexes.add(row(flat, "name", "unique", "origin", "columns"));
            });
            indexes.sort(null);
            schema.put(table, List.of(columns, indexes));
        });
        return schema;
    }

    private static String row(Map<String, Object> facts, String... keys) {
        return String.join(
                "|", Arrays.stream(keys).map(key -> "" + facts.get(key)).toList());
    }

    private static List<String> ddl(Sqlite database) throws SQLException {
        return database
                .query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'DATABASECHANGELOG%'")
                .stream()
                .map(SqliteSchemaTest::withoutSpace)
                .toList();
    }

    private static List<String> expectedDdl() throws Exception {
        try (InputStream in = SqliteSchemaTest.class.getResourceAsStream("/ddl-sqlite.sql")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split(";\\s*"))
                    .map(SqliteSchemaTest::withoutSpace)
                    .toList();
        }
    }

    private static String withoutSpace(String sql) {
        return sql.replaceAll("\\s+", "");
    }
}
