package seedarr.db.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.Function;
import seedarr.db.database.SqliteError;

class GuardTest {
    private static final String REBUILD = """
            CREATE TABLE fresh (id INTEGER PRIMARY KEY, file_path, status, error_message, created_at, updated_at);
            INSERT INTO fresh SELECT id, file_path, status, error_message, created_at, updated_at FROM file_entries;
            DROP TABLE file_entries;
            ALTER TABLE fresh RENAME TO file_entries""";

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        run("CREATE TABLE log (a, b)");
        run("CREATE TABLE other (id INTEGER PRIMARY KEY, uploaded_at DATETIME, label TEXT)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void run(String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : script.split(";(?![^;]*\\bEND\\b)\\s*")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
    }

    private void startAt(int revision) throws SQLException {
        if (revision == 0) {
            run(ChangelogSql.up(1).substring(0, ChangelogSql.up(1).indexOf(';')));
        }
        for (int i = 1; i <= revision; i++) {
            run(ChangelogSql.up(i));
        }
    }

    /** Returns what a change harms where the changelog is the real one and the change itself. */
    private List<String> harmedBy(String sql) throws SQLException {
        Snapshot before = Snapshot.of("sqlite", connection);
        run("BEGIN IMMEDIATE");
        run(sql);
        List<String> changelog = new ArrayList<>(List.of(sql));
        for (int revision = 1; revision <= 3; revision++) {
            changelog.addAll(List.of(ChangelogSql.up(revision), ChangelogSql.down(revision)));
        }
        List<String> harm = Guard.harm(before, Snapshot.of("sqlite", connection), changelog, List.of(sql));
        run("ROLLBACK");
        return harm;
    }

    record Change(int from, String sql) {
        @Override
        public String toString() {
            return sql.startsWith("CREATE TABLE fresh")
                    ? "rebuild"
                    : "from " + from + ": " + sql.strip().split("\n")[0];
        }
    }

    private static final Change UP_1 = new Change(0, ChangelogSql.up(1));
    private static final Change UP_2 = new Change(1, ChangelogSql.up(2));
    private static final Change UP_3 = new Change(2, ChangelogSql.up(3));
    private static final Change DOWN_1 = new Change(1, ChangelogSql.down(1));
    private static final Change DOWN_2 = new Change(2, ChangelogSql.down(2));
    private static final Change DOWN_3 = new Change(3, ChangelogSql.down(3));
    private static final Change REBUILT = new Change(0, REBUILD);

    private static Arguments row(Change change, String objects, String... obstacles) {
        return Arguments.of(change, objects, List.of(obstacles));
    }

    private static Change change(int from, String sql) {
        return new Change(from, sql);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                // nothing of the user's
                row(UP_1, ""),
                row(UP_2, ""),
                row(UP_3, ""),
                row(DOWN_1, ""),
                row(DOWN_2, ""),
                row(DOWN_3, ""),
                // harmless objects
                row(DOWN_1, "CREATE VIEW v AS SELECT id, status FROM file_entries"),
                row(DOWN_1, "CREATE VIEW v AS SELECT * FROM file_entries"),
                row(DOWN_1, "CREATE VIEW v AS SELECT uploaded_at FROM other"),
                row(DOWN_1, "CREATE VIEW v AS SELECT 'uploaded_at' AS k, id FROM file_entries -- not uploaded_at"),
                row(DOWN_1, "CREATE VIEW v AS SELECT \"some text\" AS k, id FROM file_entries /* uploaded_at */"),
                row(DOWN_1, "CREATE VIEW v AS SELECT id AS uploaded_at FROM file_entries"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g UPDATE OF status ON file_entries BEGIN INSERT INTO log VALUES (1, 2); END"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g UPDATE OF uploaded_at ON other BEGIN UPDATE other SET uploaded_at = 1; END"),
                row(DOWN_1, "CREATE INDEX i ON other (uploaded_at)"),
                row(DOWN_1, "CREATE INDEX i ON file_entries (status) WHERE status <> 'uploaded_at'"),
                row(DOWN_1, "CREATE TABLE child (x REFERENCES file_entries (id), uploaded_at)"),
                row(DOWN_3, "CREATE VIEW tag_labels AS SELECT label FROM other"),
                row(DOWN_3, "CREATE TABLE child (x REFERENCES tmdb_cache)"),
                row(DOWN_3, "CREATE TABLE child (x REFERENCES nowhere_to_be_found)"),
                row(
                        DOWN_3,
                        "CREATE VIEW v AS WITH RECURSIVE tags(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM tags WHERE n < 9)"
                                + " SELECT n FROM tags"),
                row(UP_1, "CREATE VIEW v AS SELECT * FROM file_entries; CREATE VIEW w AS SELECT * FROM v"),
                row(
                        UP_1,
                        "CREATE TRIGGER g INSERT ON file_entries BEGIN INSERT INTO log SELECT id, status FROM file_entries; END"),
                row(
                        UP_1,
                        "CREATE TRIGGER g INSERT ON file_entries WHEN new.id < 0 BEGIN SELECT RAISE(ABORT, 'no'); END"),
                // broken before
                row(DOWN_3, "CREATE VIEW v AS SELECT x FROM missing"),
                row(DOWN_3, "CREATE TRIGGER g INSERT ON log BEGIN INSERT INTO missing SELECT label FROM tags; END"),
                row(DOWN_3, "CREATE TRIGGER g INSERT ON log BEGIN INSERT INTO tags VALUES (1); END"),
                row(DOWN_3, "CREATE VIEW v AS SELECT label FROM other, (SELECT label FROM tags)"),
                row(DOWN_3, "CREATE TRIGGER g INSERT ON log BEGIN INSERT INTO missing VALUES (1); END"),
                row(DOWN_3, "CREATE VIEW v AS SELECT nothing_like_it FROM tags"),
                row(UP_1, "CREATE VIEW v AS SELECT x FROM missing"),
                row(
                        UP_1,
                        "CREATE TRIGGER g INSERT ON file_entries BEGIN INSERT INTO log SELECT * FROM file_entries; END"),
                // a column goes, SQLite says nothing
                row(
                        DOWN_1,
                        "CREATE TRIGGER g UPDATE OF uploaded_at ON file_entries BEGIN INSERT INTO log VALUES (1, \"x\"); END",
                        "trigger g uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g UPDATE OF UPLOADED_AT, [scanned_at] ON FILE_ENTRIES BEGIN SELECT 1; END",
                        "trigger g uses file_entries.scanned_at, file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g INSERT ON log BEGIN UPDATE file_entries SET uploaded_at = 1; END",
                        "trigger g uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g INSERT ON log BEGIN INSERT INTO file_entries (uploaded_at) VALUES (1); END",
                        "trigger g uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g INSERT ON log BEGIN INSERT INTO file_entries (id) VALUES (1)"
                                + " ON CONFLICT (id) DO UPDATE SET uploaded_at = 1; END",
                        "trigger g uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g INSERT ON log BEGIN UPDATE file_entries SET uploaded_at = py_now(new.a); END",
                        "trigger g uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE VIEW v AS SELECT \"uploaded_at\" FROM file_entries",
                        "view v uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE VIEW v AS SELECT * FROM file_entries; CREATE VIEW w AS SELECT \"uploaded_at\" FROM v",
                        "view w uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE VIEW v (a, b, c, d, e, f, g, h, i, j, k) AS SELECT * FROM file_entries",
                        "view v would no longer work: expected 11 columns for 'v' but got 6"),
                row(
                        DOWN_1,
                        "CREATE TRIGGER g INSERT ON log BEGIN SELECT \"uploaded_at\" FROM file_entries; END",
                        "trigger g uses file_entries.uploaded_at"),
                row(
                        DOWN_1,
                        "CREATE VIEW \"a \"\"view\" AS SELECT id, \"uploaded_at\" FROM file_entries",
                        "view a \"view uses file_entries.uploaded_at"),
                // a full-text index whose content is what goes
                row(
                        DOWN_3,
                        "CREATE VIRTUAL TABLE found USING fts5 (label, content = 'tags', content_rowid = 'id')",
                        "table found uses tags"),
                row(
                        DOWN_1,
                        "CREATE VIRTUAL TABLE found USING fts5(file_path, scanned_at, content=file_entries)",
                        "table found uses file_entries.scanned_at"),
                row(DOWN_3, "CREATE VIRTUAL TABLE found USING fts4(content=\"tags\", label)", "table found uses tags"),
                row(
                        DOWN_3,
                        "CREATE VIRTUAL TABLE found USING fts5(content, label, content='tags')",
                        "table found uses tags"),
                row(DOWN_3, "CREATE VIRTUAL TABLE found USING fts5 (tags, content = 'file_entries')"),
                row(DOWN_3, "CREATE VIRTUAL TABLE found USING fts5 (label, tags, content = '')"),
                // a table goes
                row(DOWN_3, "CREATE INDEX mine ON tags (label DESC)", "index mine would be dropped with tags"),
                row(DOWN_3, "CREATE INDEX label ON tags (label)", "index label would be dropped with tags"),
                row(
                        DOWN_3,
                        "CREATE TRIGGER g INSERT ON tags BEGIN INSERT INTO log VALUES (1, 2); END",
                        "trigger g would be dropped with tags"),
                row(
                        DOWN_3,
                        "CREATE TRIGGER tags INSERT ON tags BEGIN INSERT INTO log VALUES (1, 2); END",
                        "trigger tags would be dropped with tags"),
                row(
                        DOWN_3,
                        "CREATE VIEW v AS SELECT label FROM tags; CREATE VIEW w AS SELECT * FROM v",
                        "view v uses tags",
                        "view w would no longer work: no such table: main.tags"),
                row(
                        DOWN_3,
                        "CREATE VIEW v AS SELECT 1 AS one FROM log WHERE a IN (SELECT tag_id FROM \"TAGS\")",
                        "view v uses tags"),
                row(
                        DOWN_3,
                        "CREATE TRIGGER g DELETE ON other BEGIN DELETE FROM tags WHERE label = old.label; END",
                        "trigger g uses tags"),
                row(
                        DOWN_3,
                        "CREATE TABLE child (x REFERENCES Tags (tag_id) ON DELETE CASCADE)",
                        "table child uses tags"),
                row(DOWN_3, "CREATE TABLE child (x, FOREIGN KEY (x) REFERENCES tags)", "table child uses tags"),
                row(
                        DOWN_3,
                        "CREATE VIEW v AS SELECT label FROM other; CREATE TRIGGER \"größer als\" INSTEAD OF INSERT ON v"
                                + " BEGIN INSERT INTO tags (label) VALUES (new.label); END",
                        "trigger größer als uses tags"),
                row(
                        DOWN_3,
                        "CREATE VIEW v AS SELECT * FROM tags; CREATE TRIGGER g INSTEAD OF DELETE ON v BEGIN SELECT 1; END",
                        "view v uses tags",
                        "trigger g would no longer work: no such table: main.tags"),
                row(
                        DOWN_2,
                        "CREATE TABLE \"select\" (k TEXT PRIMARY KEY) WITHOUT ROWID;"
                                + " CREATE TRIGGER \"group\" UPDATE OF k ON \"select\" BEGIN DELETE FROM tmdb_cache; END",
                        "trigger group uses tmdb_cache"),
                row(
                        DOWN_2,
                        "CREATE TABLE s (k TEXT NOT NULL, g TEXT AS (k || 'x')) STRICT;"
                                + " CREATE TRIGGER g UPDATE ON s BEGIN DELETE FROM tmdb_cache; END",
                        "trigger g uses tmdb_cache"),
                row(
                        DOWN_2,
                        "CREATE VIRTUAL TABLE found USING fts5 (title); CREATE TRIGGER g INSERT ON tmdb_cache"
                                + " BEGIN INSERT INTO found (title) VALUES (new.title); END",
                        "trigger g would be dropped with tmdb_cache"),
                // columns come
                row(
                        UP_1,
                        "CREATE TABLE copy AS SELECT * FROM file_entries;"
                                + " CREATE TRIGGER g INSERT ON file_entries BEGIN INSERT INTO copy SELECT * FROM file_entries; END",
                        "trigger g would no longer work: table copy has 6 columns but 11 values were supplied"),
                row(
                        UP_1,
                        "CREATE VIRTUAL TABLE found USING fts5 (a, b, c, d, e, f);"
                                + " CREATE TRIGGER g INSERT ON file_entries BEGIN INSERT INTO found SELECT * FROM file_entries; END",
                        "trigger g would no longer work: table found has 6 columns but 11 values were supplied"),
                row(
                        UP_1,
                        "CREATE TRIGGER g UPDATE ON other BEGIN INSERT INTO file_entries VALUES (1, 2, 3, 4, 5, 6); END",
                        "trigger g would no longer work: table file_entries has 11 columns but 6 values were supplied"),
                row(
                        UP_1,
                        "CREATE VIEW v AS SELECT file_path, uploaded_at FROM file_entries JOIN other USING (id)",
                        "view v would no longer work: ambiguous column name: uploaded_at"),
                row(
                        UP_1,
                        "CREATE VIEW v AS SELECT * FROM file_entries UNION SELECT a, b, 1, 2, 3, 4 FROM log",
                        "view v would no longer work: SELECTs to the left and right of UNION do not have the same"
                                + " number of result columns"),
                // a table is rebuilt, dropped on purpose, renamed
                row(
                        REBUILT,
                        "ALTER TABLE file_entries ADD COLUMN note; CREATE INDEX i ON file_entries (status);"
                                + " CREATE TRIGGER g UPDATE OF status ON file_entries BEGIN SELECT 1; END",
                        "index i would be dropped with file_entries",
                        "trigger g would be dropped with file_entries",
                        "column file_entries.note would be lost"),
                row(
                        change(1, "DROP TRIGGER IF EXISTS main.\"g\"; DROP VIEW [v]; " + ChangelogSql.down(1)),
                        "CREATE TRIGGER G UPDATE OF uploaded_at ON file_entries BEGIN SELECT 1; END;"
                                + " CREATE VIEW v AS SELECT \"uploaded_at\" FROM file_entries"),
                row(
                        change(1, "DROP VIEW v; CREATE VIEW v AS SELECT id FROM file_entries; " + ChangelogSql.down(1)),
                        "CREATE VIEW v AS SELECT id, \"uploaded_at\" FROM file_entries"),
                row(
                        change(3, "ALTER TABLE tags RENAME TO labels; ALTER TABLE labels RENAME COLUMN label TO text"),
                        "CREATE VIEW v AS SELECT label, \"label\" FROM tags; CREATE TABLE child (x REFERENCES tags (tag_id));"
                                + " CREATE TRIGGER g UPDATE OF label ON tags BEGIN SELECT new.label; END; CREATE INDEX i ON tags (label)"),
                row(
                        change(3, "DROP INDEX idx_tags_tag_id"),
                        "CREATE TABLE Child (x REFERENCES tags (tag_id))",
                        "table Child would no longer work: foreign key mismatch - \"Child\" referencing \"tags\""),
                row(
                        change(3, "DROP VIEW a"),
                        "CREATE VIEW a AS SELECT 1 AS one; CREATE VIEW b AS SELECT one FROM a",
                        "view b would no longer work: no such table: main.a"),
                row(
                        change(0, "CREATE TABLE zz (b); CREATE INDEX zz_b ON zz (b); DROP TABLE other"),
                        "CREATE INDEX mine ON other (label); CREATE INDEX ix_other_label ON other (label)",
                        "index mine would be dropped with other"),
                row(
                        change(0, "CREATE TABLE another (note TEXT, label TEXT, key INTEGER PRIMARY KEY); " + REBUILD),
                        "ALTER TABLE file_entries ADD COLUMN note; ALTER TABLE file_entries ADD COLUMN text;"
                                + " ALTER TABLE file_entries ADD COLUMN \"key\"; ALTER TABLE file_entries ADD COLUMN label",
                        "column file_entries.note would be lost",
                        "column file_entries.text would be lost",
                        "column file_entries.key would be lost",
                        "column file_entries.label would be lost"),
                row(
                        change(3, "ALTER TABLE tags RENAME COLUMN label TO name"),
                        "CREATE VIEW w AS SELECT \"label\" AS \"label\" FROM tags"),
                row(
                        change(3, "ALTER TABLE tags RENAME TO labels"),
                        "CREATE TABLE child (x REFERENCES tags (id)); INSERT INTO child VALUES (9)"),
                row(change(3, "DROP TABLE found"), "CREATE VIRTUAL TABLE found USING fts5 (title)"));
    }

    @ParameterizedTest(name = "{0} | {1}")
    @MethodSource("changes")
    void names_what_the_change_breaks_and_nothing_else(Change change, String objects, List<String> obstacles)
            throws SQLException {
        startAt(change.from());
        run(objects);
        assertThat(harmedBy(change.sql())).isEqualTo(obstacles);
    }

    static Stream<Arguments> refusals() {
        String quoted = "no such column: \"uploaded_at\" - should this be a string literal in single-quotes?";
        return Stream.of(
                refused(
                        DOWN_1,
                        "CREATE INDEX i ON file_entries (status) WHERE \"uploaded_at\" > 1",
                        "error in index i after drop column: " + quoted),
                refused(
                        DOWN_1,
                        "ALTER TABLE file_entries ADD COLUMN late CHECK (\"uploaded_at\" <> late)",
                        "error in table file_entries after drop column: " + quoted),
                refused(
                        DOWN_1,
                        "CREATE TRIGGER g INSERT ON log BEGIN UPDATE log SET a = f.uploaded_at FROM file_entries AS f; END",
                        "error in trigger g after drop column: no such column: f.uploaded_at"),
                refused(
                        DOWN_1,
                        "CREATE INDEX i ON file_entries (uploaded_at)",
                        "error in index i after drop column: no such column: uploaded_at"),
                refused(
                        DOWN_1,
                        "CREATE INDEX i ON file_entries (status) WHERE uploaded_at > 1",
                        "error in index i after drop column: no such column: uploaded_at"),
                refused(
                        DOWN_1,
                        "CREATE VIEW v AS SELECT uploaded_at FROM file_entries",
                        "error in view v after drop column: no such column: uploaded_at"),
                refused(
                        DOWN_1,
                        "CREATE VIEW v AS SELECT * FROM file_entries; CREATE VIEW w AS SELECT uploaded_at FROM v",
                        "error in view w after drop column: no such column: uploaded_at"),
                refused(
                        DOWN_1,
                        "CREATE VIEW v AS SELECT file_entries.id FROM file_entries JOIN other USING (uploaded_at)",
                        "error in view v after drop column: cannot join using column uploaded_at - column not present in both tables"),
                refused(
                        DOWN_1,
                        "CREATE TRIGGER g UPDATE ON file_entries BEGIN INSERT INTO log VALUES (new.uploaded_at, 1); END",
                        "error in trigger g after drop column: no such column: new.uploaded_at"),
                refused(
                        DOWN_1,
                        "CREATE VIEW elsewhere AS SELECT x FROM missing",
                        "error in view elsewhere: no such table: main.missing"),
                refused(
                        DOWN_1,
                        "CREATE TRIGGER elsewhere INSERT ON log BEGIN SELECT x FROM missing; END",
                        "error in trigger elsewhere: no such table: main.missing"),
                refused(
                        DOWN_1,
                        "CREATE TEMP VIEW v AS SELECT uploaded_at FROM file_entries",
                        "error in view v after drop column: no such column: uploaded_at"),
                refused(
                        DOWN_1,
                        "ALTER TABLE file_entries ADD COLUMN late AS (uploaded_at)",
                        "error in table file_entries after drop column: no such column: uploaded_at"),
                refused(
                        DOWN_3,
                        "PRAGMA foreign_keys = ON; CREATE TABLE child (x REFERENCES tags); INSERT INTO tags VALUES (1, 2, 3, 4, 5, 6, 7);"
                                + " INSERT INTO child VALUES (1)",
                        "FOREIGN KEY constraint failed"));
    }

    private static Arguments refused(Change change, String objects, String message) {
        return Arguments.of(change, objects, message);
    }

    @ParameterizedTest(name = "{0} | {1}")
    @MethodSource("refusals")
    void sqlite_itself_refuses(Change change, String objects, String message) throws SQLException {
        startAt(change.from());
        run(objects);
        assertThatThrownBy(() -> run(change.sql()))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(SqliteError.message(e)).isEqualTo(message));
    }

    @Test
    void what_needs_the_applications_functions_is_told_by_the_names_in_it(@TempDir Path folder) throws SQLException {
        String url = "jdbc:sqlite:" + folder.resolve("seedarr.db");
        try (Connection application = DriverManager.getConnection(url)) {
            connection.close();
            connection = application;
            startAt(3);
            Function.create(application, "py_hash", new NothingFunction(), -1, Function.FLAG_DETERMINISTIC);
            run("CREATE TABLE log (a, b)");
            run("CREATE TRIGGER g INSERT ON log BEGIN INSERT INTO tags (label) VALUES (py_hash(new.a)); END");
            run("CREATE TRIGGER h INSERT ON log BEGIN UPDATE log SET b = py_hash(new.a); END");
            run("CREATE VIEW v AS SELECT py_hash(uploaded_at) FROM file_entries");
        }
        connection = DriverManager.getConnection(url);
        assertThat(harmedBy(ChangelogSql.down(3))).containsExactly("trigger g uses tags");
        assertThat(harmedBy("ALTER TABLE tags RENAME TO labels")).isEmpty();
    }

    private static final class NothingFunction extends Function {
        @Override
        protected void xFunc() throws SQLException {
            result();
        }
    }

    @Test
    void only_rows_that_lost_their_parents_now_are_told() throws SQLException {
        run("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
        run("CREATE TABLE \"the 'child'\" (a REFERENCES parent, b REFERENCES parent)");
        run("INSERT INTO parent VALUES (1), (2); INSERT INTO \"the 'child'\" VALUES (1, 8), (1, 2)");
        assertThat(harmedBy("DROP TABLE IF EXISTS missing")).isEmpty();
        assertThat(harmedBy("DELETE FROM parent WHERE id = 1"))
                .containsExactly("2 rows of the 'child' refer to parent rows that are not there");
        // One more here and one less there is not the same as before.
        assertThat(harmedBy("DELETE FROM parent WHERE id = 1; INSERT INTO parent VALUES (8)"))
                .containsExactly("2 rows of the 'child' refer to parent rows that are not there");
        assertThat(harmedBy("ALTER TABLE \"the 'child'\" ADD COLUMN c REFERENCES parent"))
                .isEmpty();
        // Of this one SQLite cannot tell, and then it tells of none.
        run("CREATE TABLE odd (a REFERENCES parent (no_key)); INSERT INTO odd VALUES (1)");
        assertThat(harmedBy("DELETE FROM parent WHERE id = 1"))
                .containsExactly("2 rows of the 'child' refer to parent rows that are not there");
    }

    @Test
    void a_virtual_table_of_an_unknown_module_does_no_harm() throws SQLException {
        startAt(3);
        run("PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('table', 'odd', 'odd', 0,"
                + " 'CREATE VIRTUAL TABLE odd USING strange (a)'); PRAGMA writable_schema = RESET");
        run("CREATE VIEW v AS SELECT * FROM odd; CREATE VIEW w AS SELECT label FROM tags");
        run("CREATE TRIGGER g INSERT ON log BEGIN INSERT INTO odd VALUES (1); END");
        assertThat(harmedBy(ChangelogSql.down(3))).containsExactly("view w uses tags");
    }

    @Test
    void shadow_tables_do_no_harm_in_whatever_order_they_are_listed() throws SQLException {
        startAt(1);
        run("CREATE VIRTUAL TABLE found USING fts5 (a, b, c, d, e, f); VACUUM");
        run("CREATE TRIGGER g INSERT ON file_entries BEGIN INSERT INTO found SELECT * FROM file_entries; END");
        assertThat(harmedBy("DROP TABLE found")).isEmpty();
        run("DROP TRIGGER g; CREATE TRIGGER g INSERT ON file_entries BEGIN INSERT INTO found (a) VALUES (new.id); END");
        assertThat(harmedBy("DROP TABLE found")).containsExactly("trigger g uses found");
    }

    @Test
    void temporary_objects_are_ignored() throws SQLException {
        startAt(3);
        run(
                "CREATE TEMP VIEW v AS SELECT label FROM tags; CREATE TEMP TRIGGER g INSERT ON main.tags BEGIN SELECT 1; END");
        assertThat(harmedBy(ChangelogSql.down(3))).isEmpty();
    }

    @Test
    void reading_writes_nothing() throws SQLException {
        startAt(3);
        run("CREATE TABLE child (x REFERENCES tags (label)); PRAGMA query_only = ON; BEGIN");
        Snapshot before = Snapshot.of("sqlite", connection);
        assertThat(Guard.harm(before, Snapshot.of("sqlite", connection), List.of(), List.of()))
                .isEmpty();
    }

    @Test
    void legacy_alter_table_and_foreign_keys_change_nothing() throws SQLException {
        startAt(3);
        run(
                "PRAGMA legacy_alter_table = ON; PRAGMA foreign_keys = ON; CREATE TABLE child (x REFERENCES tags ON DELETE CASCADE)");
        run("CREATE TRIGGER g INSERT ON log BEGIN DELETE FROM tags; END");
        run("INSERT INTO tags VALUES (1, 2, 3, 4, 5, 6, 7); INSERT INTO child VALUES (1)");
        assertThat(harmedBy(ChangelogSql.down(3))).containsExactly("table child uses tags", "trigger g uses tags");
    }
}
