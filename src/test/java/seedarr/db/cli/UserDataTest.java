package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users keep in their database beside the schema of the changelog survives every step up and down. */
class UserDataTest {

    private static final List<String> REVISIONS =
            List.of("001_add_checkpoint_fields", "002_add_tmdb_cache", "003_add_tags_table");

    /** One of everything. The table file_entries is v1's with additions that a user may have made. */
    private static final String EVERYTHING = """
            CREATE TABLE folders (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE RTRIM UNIQUE);
            CREATE TABLE [file_entries] ( -- the user's words, (with brackets
              id INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL COLLATE NOCASE,
              status VARCHAR(18) DEFAULT ('PEN' || 'DING') NOT NULL CHECK (length(status) > 2), error_message TEXT,
              created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,
              folder INTEGER DEFAULT 1 REFERENCES folders (id) ON DELETE SET NULL,
              parent INTEGER REFERENCES file_entries ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
              extension TEXT GENERATED ALWAYS AS (substr(file_path, -3)) VIRTUAL,
              length INTEGER AS (length(file_path)) STORED,
              PRIMARY KEY (id), CONSTRAINT one_path UNIQUE (file_path), CHECK (created_at <> 'never')
              /* the end */ );
            CREATE TABLE "odd ""name" ("a b" TEXT, "select" BLOB, [é] REAL, [a b c]) ;
            CREATE TABLE notes (entry INTEGER REFERENCES file_entries (id) ON UPDATE CASCADE, path TEXT
              REFERENCES file_entries (file_path), text TEXT);
            CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT);
            CREATE TABLE strict_one (id INTEGER PRIMARY KEY, a ANY, b TEXT NOT NULL) STRICT;
            CREATE TABLE keyed (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID;
            CREATE TABLE both (k TEXT, l INT, PRIMARY KEY (l DESC, k)) STRICT, WITHOUT ROWID;
            CREATE VIRTUAL TABLE words USING fts5 (title, body);
            CREATE TABLE log (what TEXT, at INTEGER);
            CREATE INDEX failed ON file_entries (updated_at DESC, status COLLATE NOCASE) WHERE status = 'FAILED';
            CREATE INDEX lowered ON file_entries (lower(file_path), id + 1);
            CREATE UNIQUE INDEX one_note ON notes (entry, text DESC) WHERE text IS NOT NULL;
            CREATE VIEW pending AS SELECT id, file_path AS path FROM file_entries WHERE status = 'PENDING';
            CREATE VIEW all_of_it AS SELECT * FROM file_entries;
            CREATE VIEW counted (folder, n) AS WITH RECURSIVE c AS (SELECT folder FROM all_of_it)
              SELECT folder, count(*) OVER (PARTITION BY folder) FROM c;
            CREATE TRIGGER logged AFTER UPDATE OF status ON file_entries WHEN NEW.status <> OLD.status BEGIN
              INSERT INTO log VALUES (OLD.status || '→' || NEW.status, NEW.id); END;
            CREATE TRIGGER inserted AFTER INSERT ON file_entries BEGIN
              INSERT INTO words (rowid, title, body) VALUES (NEW.id, NEW.file_path, NEW.status); END;
            CREATE TRIGGER deleted BEFORE DELETE ON file_entries BEGIN DELETE FROM notes WHERE entry = OLD.id; END;
            CREATE TRIGGER through_view INSTEAD OF UPDATE ON pending BEGIN
              UPDATE file_entries SET status = 'DONE' WHERE id = NEW.id; END;
            CREATE TRIGGER noted AFTER INSERT ON notes BEGIN
              UPDATE file_entries SET updated_at = 'noted' WHERE id = NEW.entry; END;
            INSERT INTO folders VALUES (1, 'one'), (-5, 'minus five');
            INSERT INTO file_entries (id, file_path, status, error_message, created_at, updated_at, folder, parent) VALUES
              (1, '/média/l''été ✓ 🎬.mkv', 'PENDING', NULL, '2024-01-01 00:00:00', '2024-01-01 00:00:00.123456', 1, NULL),
              (2, x'2f6dff00e9', 'FAILED', '', 'not a date', 17, NULL, 1),
              (3, CAST(x'2f61ff620063' AS TEXT), 'FAILED', CAST(x'00' AS TEXT), 1.5e300, -0.0, -5, 2),
              (9223372036854775807, '/z', x'00ff01', printf('%.*c', 20000, 'x'), '2024-02-30', '', 1, 3),
              (-9, '/orphan', 'PENDING', 'parent is not there', 9e999, -9e999, 77, 12345);
            INSERT INTO "odd ""name" VALUES (1, x'', 1e-300, '1'), (NULL, zeroblob(9000), 3, 1.0), ('', '', '', '');
            INSERT INTO notes VALUES (1, NULL, 'a'), (1, NULL, 'b'), (77, '/not there', NULL), (77, NULL, NULL);
            INSERT INTO jobs (what) VALUES ('a'), ('b'), ('c');
            DELETE FROM jobs WHERE id > 1;
            INSERT INTO strict_one VALUES (1, '1', 'b'), (2, 1, ''), (3, x'01', 'x');
            INSERT INTO keyed VALUES ('b', x'01'), ('a', NULL);
            INSERT INTO both VALUES ('b', 1), ('a', 2);
            INSERT INTO words VALUES ('été', 'the whole body'), ('second', NULL);
            UPDATE file_entries SET status = 'FAILED' WHERE id = 1;
            ANALYZE;
            PRAGMA user_version = -7;
            PRAGMA application_id = 1397048388;
            """;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, auto_vacuum {1}, page_size {2}, {3}")
    @CsvSource({
        "delete, 0, 4096, UTF-8",
        "delete, 1, 512, UTF-16be",
        "wal, 2, 1024, UTF-16le",
        "wal, 0, 65536, UTF-8",
        "truncate, 2, 4096, UTF-8"
    })
    void everything_of_the_user_is_as_it_was_after_each_step_up_and_down(
            String journalMode, int autoVacuum, int pageSize, String encoding) throws Exception {
        Sqlite database = new Sqlite(folder.resolve("seedarr.db"));
        database.execute("PRAGMA page_size = " + pageSize + "; PRAGMA auto_vacuum = " + autoVacuum
                + "; PRAGMA encoding = '" + encoding + "'; PRAGMA journal_mode = " + journalMode + ";" + EVERYTHING);
        List<String> schema = database.query("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
        Map<String, List<String>> rows = rows(database);
        Map<String, List<String>> pragmas = pragmas(database);
        assertThat(pragmas.get("page_size")).containsExactly("" + pageSize);
        assertThat(pragmas.get("encoding")).containsExactly(encoding);
        assertThat(pragmas.get("auto_vacuum")).containsExactly("" + autoVacuum);
        Command command = Command.in(folder).on(database.url());

        for (String revision : REVISIONS) {
            command.succeed("update", revision);
            assertSame(database, schema, rows, pragmas);
        }
        for (int i = 0; i < REVISIONS.size(); i++) {
            command.succeed("rollback-count", "1");
            assertSame(database, schema, rows, pragmas);
        }
        assertThat(database.query("SELECT type, name, tbl_name, sql FROM sqlite_schema"
                        + " WHERE upper(tbl_name) NOT LIKE 'DATABASECHANGELOG%' ORDER BY type, name"))
                .isEqualTo(schema);
        assertThat(database.query("SELECT count(*) FROM words WHERE words MATCH 'whole'"))
                .containsExactly("1");
    }

    private static void assertSame(
            Sqlite database, List<String> schema, Map<String, List<String>> rows, Map<String, List<String>> pragmas)
            throws SQLException {
        assertThat(rows(database)).isEqualTo(rows);
        assertThat(pragmas(database)).isEqualTo(pragmas);
        assertThat(database.query("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"))
                .containsAll(schema.stream()
                        .filter(object -> !object.startsWith("table|file_entries|"))
                        .toList());
        assertThat(database.query("PRAGMA integrity_check")).containsExactly("ok");
    }

    /** Every value of every table of the user's, with its type, and row numbers; of file_entries the user's columns. */
    private static Map<String, List<String>> rows(Sqlite database) throws SQLException {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String table : database.query("SELECT name FROM pragma_table_list WHERE schema = 'main'"
                + " AND type IN ('table', 'shadow', 'virtual') AND name NOT IN ('tags', 'tmdb_cache', 'sqlite_schema')"
                + " AND upper(name) NOT LIKE 'DATABASECHANGELOG%'")) {
            String quoted = '"' + table.replace("\"", "\"\"") + '"';
            String values = database
                    .query("SELECT name FROM pragma_table_xinfo('" + table.replace("'", "''") + "') WHERE name NOT IN"
                            + " ('scanned_at', 'analyzed_at', 'renamed_at', 'metadata_generated_at', 'uploaded_at')"
                            + " AND hidden <> 1")
                    .stream()
                    .map(column -> '"' + column.replace("\"", "\"\"") + '"')
                    .map(column -> "typeof(" + column + ") || ':' || hex(" + column + ")")
                    .collect(Collectors.joining(", "));
            boolean hasRowid = database.query(
                            "SELECT wr FROM pragma_table_list WHERE name = '" + table.replace("'", "''") + "'")
                    .equals(List.of("0"));
            List<String> found = new ArrayList<>(
                    database.query("SELECT " + (hasRowid ? "rowid, " : "") + values + " FROM " + quoted));
            if (table.equals("sqlite_stat1") || table.equals("sqlite_sequence")) {
                found.removeIf(row -> row.contains("646174616261736563")); // Liquibase's own
            }
            found.sort(null);
            rows.put(table, found);
        }
        assertThat(rows).containsKeys("file_entries", "sqlite_sequence", "words_data", "keyed");
        return rows;
    }

    private static Map<String, List<String>> pragmas(Sqlite database) throws SQLException {
        Map<String, List<String>> pragmas = new TreeMap<>();
        for (String pragma : List.of(
                "journal_mode",
                "auto_vacuum",
                "page_size",
                "encoding",
                "user_version",
                "application_id",
                "default_cache_size")) {
            pragmas.put(pragma, database.query("PRAGMA " + pragma));
        }
        pragmas.put("foreign_key_check", database.query("SELECT * FROM pragma_foreign_key_check ORDER BY 1, 2, 3, 4"));
        return pragmas;
    }

    @Test
    void constraints_and_triggers_still_work_at_the_newest_revision() throws Exception {
        Sqlite database = new Sqlite(folder.resolve("seedarr.db"));
        database.execute(EVERYTHING);
        Command.in(folder).on(database.url()).succeed("update");
        database.execute("UPDATE pending SET path = 'x' WHERE id = -9;");
        assertThat(database.query("SELECT what FROM log ORDER BY rowid"))
                .containsExactly("PENDING→FAILED", "PENDING→DONE");
        String insert = "INSERT INTO file_entries (file_path, status, created_at, updated_at) VALUES ";
        for (String wrong : List.of("('/Z', 'DONE', 1, 1)", "('/y', 'D', 1, 1)", "('/y', 'DONE', 'never', 1)")) {
            assertThat(catchThrowable(() -> database.execute(insert + wrong)))
                    .as(wrong)
                    .hasMessageContaining("constraint");
        }
        assertThat(database.query("SELECT count(*) FROM file_entries")).containsExactly("5");
    }

    static List<Arguments> objects_in_the_way() {
        return List.of(
                Arguments.of(
                        "an index",
                        "CREATE INDEX mine ON file_entries (uploaded_at, status)",
                        "001_add_checkpoint_fields failed: error in index mine after drop column: no such column: uploaded_at"),
                Arguments.of(
                        "a partial index",
                        "CREATE INDEX mine ON file_entries (status) WHERE renamed_at IS NULL",
                        "001_add_checkpoint_fields failed: error in index mine after drop column: no such column: renamed_at"),
                Arguments.of(
                        "an expression index",
                        "CREATE INDEX mine ON file_entries (coalesce(scanned_at, created_at))",
                        "001_add_checkpoint_fields failed: error in index mine after drop column: no such column: scanned_at"),
                Arguments.of(
                        "a view",
                        "CREATE VIEW mine AS SELECT analyzed_at FROM file_entries",
                        "001_add_checkpoint_fields failed: error in view mine after drop column: no such column: analyzed_at"),
                Arguments.of(
                        "a view of a view",
                        "CREATE VIEW a AS SELECT * FROM file_entries; CREATE VIEW mine AS SELECT analyzed_at FROM a",
                        "001_add_checkpoint_fields failed: error in view mine after drop column: no such column: analyzed_at"),
                Arguments.of(
                        "a trigger UPDATE OF",
                        "CREATE TRIGGER mine AFTER UPDATE OF uploaded_at ON file_entries BEGIN INSERT INTO other VALUES (1); END",
                        "in the way: trigger mine uses file_entries.uploaded_at"),
                Arguments.of(
                        "a trigger of another table that writes",
                        "CREATE TRIGGER mine AFTER INSERT ON other BEGIN UPDATE file_entries SET metadata_generated_at = 1; END",
                        "in the way: trigger mine uses file_entries.metadata_generated_at"),
                Arguments.of(
                        "a trigger of another table that reads",
                        "CREATE TRIGGER mine AFTER INSERT ON other BEGIN INSERT INTO other SELECT tag_id FROM tags; END",
                        "001_add_checkpoint_fields failed: error in trigger mine: no such table: main.tags"),
                Arguments.of(
                        "a foreign key of another table",
                        "CREATE TABLE mine (x INTEGER REFERENCES tags (id))",
                        "in the way: table mine uses tags"),
                Arguments.of(
                        "a foreign key with rows",
                        "CREATE TABLE mine (x REFERENCES tmdb_cache (tmdb_id)); INSERT INTO tmdb_cache VALUES (1, 't', 't', 1, 1, 1, 1, 1, 1, 1); INSERT INTO mine VALUES ('t')",
                        "in the way: table mine uses tmdb_cache; 1 row of mine refers to tmdb_cache rows that are not there"),
                Arguments.of(
                        "a trigger on tags",
                        "CREATE TRIGGER mine AFTER INSERT ON tags BEGIN INSERT INTO other VALUES (1); END",
                        "in the way: trigger mine would be dropped with tags"),
                Arguments.of(
                        "an index on tags",
                        "CREATE INDEX mine ON tags (category)",
                        "in the way: index mine would be dropped with tags"),
                Arguments.of(
                        "a view of tags",
                        "CREATE VIEW mine AS SELECT label FROM tags",
                        "001_add_checkpoint_fields failed: error in view mine: no such table: main.tags"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("objects_in_the_way")
    void an_object_in_the_way_of_a_rollback_is_named_and_nothing_changes(String kind, String sql, String problem)
            throws Exception {
        Command.Result result = refusedRollback(sql);
        assertThat(result.err()).isEqualTo("""
                error: %s
                nothing was changed; the database is still at 003_add_tags_table
                try: changing what it names so that it does without, then the same command again
                """.formatted(problem));
    }

    @Test
    void a_generated_column_in_the_way_of_a_rollback_stops_it_and_nothing_changes() throws Exception {
        Command.Result result =
                refusedRollback("ALTER TABLE file_entries ADD COLUMN mine TEXT AS (uploaded_at || '!')");
        assertThat(result.err())
                .contains("error in table file_entries after drop column: no such column: uploaded_at\n");
    }

    private Command.Result refusedRollback(String sql) throws Exception {
        Sqlite database = Sqlite.v1(folder);
        Command command = Command.in(folder).on(database.url());
        command.succeed("update");
        database.execute("CREATE TABLE other (x);" + sql);
        Map<String, String> before = new Folder(folder).contents();
        Command.Result result = command.run("rollback", "base");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(new Folder(folder).contents()).isEqualTo(before);
        return result;
    }

    @Test
    void an_object_on_what_stays_is_not_in_the_way() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        Command command = Command.in(folder).on(database.url());
        command.succeed("update");
        database.execute(
                "CREATE INDEX mine ON tmdb_cache (title); CREATE VIEW mine_too AS SELECT uploaded_at FROM file_entries;");
        command.succeed("rollback", "002");
        assertThat(database.query("SELECT name FROM sqlite_schema WHERE name LIKE 'mine%' ORDER BY 1"))
                .containsExactly("mine", "mine_too");
    }

    private static final String BROKEN = """
            CREATE TABLE gone (x);
            CREATE TABLE child (x REFERENCES nowhere (y), z REFERENCES file_entries (status));
            INSERT INTO child VALUES (1, 2);
            CREATE VIEW broken AS SELECT x FROM gone;
            CREATE VIEW misspelt AS SELECT no_such_function(id) FROM file_entries;
            CREATE TRIGGER broken_too AFTER INSERT ON child BEGIN INSERT INTO gone VALUES (no_such_column); END;
            DROP TABLE gone;
            """;

    @Test
    void objects_that_were_broken_before_do_not_hinder_an_update() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        database.execute(BROKEN);
        List<String> before =
                database.query("SELECT sql FROM sqlite_schema WHERE tbl_name IN ('child', 'broken', 'misspelt')");
        Command.in(folder).on(database.url()).succeed("update");
        assertThat(database.query("SELECT sql FROM sqlite_schema WHERE tbl_name IN ('child', 'broken', 'misspelt')"))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "001"})
    void a_broken_view_hinders_a_rollback_only_where_sqlite_stops_on_it_and_is_named_then(String to) throws Exception {
        Sqlite database = Sqlite.v1(folder);
        database.execute("CREATE VIEW mine AS SELECT x FROM gone");
        Command command = Command.in(folder).on(database.url());
        command.succeed("update");
        Map<String, String> before = new Folder(folder).contents();
        Command.Result result = command.run("rollback", to);
        if (to.equals("001")) {
            assertThat(result.exitCode()).as(result.err()).isZero();
        } else {
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("mine");
            assertThat(new Folder(folder).contents()).isEqualTo(before);
        }
    }
}
