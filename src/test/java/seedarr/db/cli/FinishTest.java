package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What others left half done is finished, on either kind of database, and goes up and down like any other. */
class FinishTest {

    private static final String TAGS = "SELECT id, tag_id, label FROM tags ORDER BY id";

    @TempDir
    Path folder;

    private Command command;

    /** A half-applied database: one of the kinds that are out there, of which something is taken away. */
    private enum Half {
        COLUMNS_AND_AN_INDEX(
                AdoptionContract.Kind.ALEMBIC_001,
                "DROP INDEX idx_file_entries_uploaded_at; ALTER TABLE file_entries DROP COLUMN uploaded_at;"
                        + "ALTER TABLE file_entries DROP COLUMN renamed_at",
                "file_entries.renamed_at",
                "file_entries.uploaded_at",
                "idx_file_entries_uploaded_at"),
        A_COLUMN_OF_A_CREATE_TABLE(
                AdoptionContract.Kind.ALEMBIC_003, "ALTER TABLE tags DROP COLUMN category", "tags.category"),
        A_COLUMN_THAT_MAY_NOT_BE_NULL_OF_A_TABLE_WITHOUT_ROWS(
                AdoptionContract.Kind.ALEMBIC_002,
                "DELETE FROM tmdb_cache; ALTER TABLE tmdb_cache DROP COLUMN title; ALTER TABLE tmdb_cache DROP COLUMN \"cast\"",
                "tmdb_cache.title",
                "tmdb_cache.cast"),
        AN_INDEX(
                AdoptionContract.Kind.ALEMBIC_002, "DROP INDEX idx_tmdb_cache_expires_at", "idx_tmdb_cache_expires_at"),
        A_UNIQUE_INDEX(AdoptionContract.Kind.ALEMBIC_003, "DROP INDEX idx_tags_tag_id", "idx_tags_tag_id"),
        A_UNIQUE_INDEX_WHOSE_NAME_IS_TAKEN(
                AdoptionContract.Kind.CREATE_ALL_BY_HAND,
                "DROP INDEX ix_tags_tag_id",
                "idx_file_entries_scanned_at",
                "idx_file_entries_uploaded_at",
                "ix_tags_tag_id"),
        TWO_REVISIONS(
                AdoptionContract.Kind.CREATE_ALL_BY_HAND,
                "ALTER TABLE tmdb_cache DROP COLUMN plot; ALTER TABLE tags DROP COLUMN category; DROP INDEX ix_tags_tag_id",
                "tmdb_cache.plot",
                "tags.category",
                "idx_file_entries_scanned_at",
                "idx_file_entries_uploaded_at",
                "ix_tags_tag_id"),
        A_REVISION_BELOW_A_LATER_ONE(
                AdoptionContract.Kind.ALEMBIC_003,
                "DROP TABLE tmdb_cache",
                "tmdb_cache",
                "idx_tmdb_cache_tmdb_id",
                "idx_tmdb_cache_expires_at"),
        V1_BESIDE_TABLES_OF_A_NEWER_RELEASE(
                AdoptionContract.Kind.ALEMBIC_003,
                "DROP TABLE tmdb_cache; DROP INDEX idx_file_entries_uploaded_at; DROP INDEX idx_file_entries_scanned_at;"
                        + "ALTER TABLE file_entries DROP COLUMN scanned_at; ALTER TABLE file_entries DROP COLUMN analyzed_at;"
                        + "ALTER TABLE file_entries DROP COLUMN renamed_at; ALTER TABLE file_entries DROP COLUMN uploaded_at;"
                        + "ALTER TABLE file_entries DROP COLUMN metadata_generated_at",
                "file_entries.scanned_at",
                "file_entries.analyzed_at",
                "file_entries.renamed_at",
                "file_entries.metadata_generated_at",
                "file_entries.uploaded_at",
                "tmdb_cache",
                "idx_file_entries_scanned_at",
                "idx_file_entries_uploaded_at",
                "idx_tmdb_cache_tmdb_id",
                "idx_tmdb_cache_expires_at");

        private final AdoptionContract.Kind kind;
        private final String takeAway;
        private final List<String> made;

        Half(AdoptionContract.Kind kind, String takeAway, String... made) {
            this.kind = kind;
            this.takeAway = takeAway;
            this.made = List.of(made);
        }
    }

    static Stream<Arguments> halves() {
        return Stream.of(TestDatabase.Kind.values())
                .flatMap(kind -> Stream.of(Half.values()).map(half -> Arguments.of(kind, half)));
    }

    private TestDatabase half(TestDatabase.Kind kind, AdoptionContract.Kind whole, String takeAway) throws Exception {
        TestDatabase database = kind.empty(folder);
        whole.make(database);
        database.execute(takeAway);
        command = Command.in(folder).on(database.url());
        return database;
    }

    @ParameterizedTest
    @MethodSource("halves")
    void what_is_missing_is_made_and_then_it_goes_up_and_down(TestDatabase.Kind kind, Half half) throws Exception {
        TestDatabase database = half(kind, half.kind, half.takeAway);
        List<String> rows = database.query(MigrationContract.ROWS);
        List<String> tags =
                half.kind.name().endsWith("2") || half.kind.name().endsWith("1") ? List.of() : database.query(TAGS);
        List<String> before = database.contents();

        String dry = command.succeed("adopt", "--finish", "--dry-run");
        assertThat(dry).startsWith("database  " + database.shown() + "\nfinish    ");
        assertThat(lines(dry, "  would make    ")).isEqualTo(half.made);
        assertThat(database.contents()).isEqualTo(before);
        String out = command.succeed("adopt", "--finish");
        assertThat(lines(out, "  made      ")).isEqualTo(half.made);
        assertThat(Command.withoutBackup(out)).contains("\nfinish    ", "\ndone: the database is at ");

        assertThat(database.query(MigrationContract.ROWS)).isEqualTo(rows);
        assertThat(command.succeed("adopt", "--finish")).startsWith("nothing to adopt: ");
        command.succeed("update");
        command.succeed("status", "--check");
        assertThat(command.succeed("verify")).endsWith("\nno faults\n");
        if (!tags.isEmpty()) {
            assertThat(database.query(TAGS)).isEqualTo(tags);
        }
        command.succeed("rollback", "base");
        assertThat(database.query(MigrationContract.ROWS)).isEqualTo(rows);
        command.succeed("update");
        command.succeed("status", "--check");
    }

    private static List<String> lines(String out, String prefix) {
        return out.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private void refuses(TestDatabase database, String problem, String remedy, String... args) throws Exception {
        List<String> before = database.contents();
        assertThat(command.run(args)).isEqualTo(new Command.Result(1, "", """
                error: %s
                nothing was changed
                try: %s
                """.formatted(problem, remedy)));
        assertThat(database.contents()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void every_other_command_names_what_is_there_and_what_is_missing(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = half(
                kind,
                AdoptionContract.Kind.ALEMBIC_001,
                "DROP INDEX idx_file_entries_uploaded_at; ALTER TABLE file_entries DROP COLUMN uploaded_at");
        String problem =
                "001_add_checkpoint_fields is half applied; there: file_entries.scanned_at, file_entries.analyzed_at,"
                        + " file_entries.renamed_at, file_entries.metadata_generated_at; missing: file_entries.uploaded_at";
        for (String args : List.of("adopt", "adopt --dry-run", "update --adopt", "update", "update --sql")) {
            refuses(database, problem, "seedarr-db adopt --finish", args.split(" "));
        }
        assertThat(command.succeed("status")).endsWith("\nnot managed yet, and adopt would refuse: " + problem + "\n");
    }

    @ParameterizedTest
    @EnumSource
    void rows_that_are_the_same_stand_in_the_way_of_a_uniqueness(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = half(
                kind,
                AdoptionContract.Kind.ALEMBIC_003,
                "DROP INDEX idx_tags_tag_id; INSERT INTO tags (id, tag_id, label, updated_at, created_at)"
                        + " VALUES (101, '10', 'x', '2024-01-01', '2024-01-01')");
        String remedy = "changing or deleting all but one row of each, then seedarr-db adopt --finish";
        refuses(database, "several rows of tags have the same tag_id: 10", remedy, "adopt", "--finish");
        List<String> more = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            more.add("(%d, '2%d', 'x', '2024-01-01', '2024-01-01')".formatted(200 + i, i / 2));
        }
        database.execute(
                "INSERT INTO tags (id, tag_id, label, updated_at, created_at) VALUES " + String.join(", ", more));
        refuses(
                database,
                "several rows of tags have the same tag_id: 10; 20; 21; 22; 23; … (8 values in all)",
                remedy,
                "adopt",
                "--finish");
        database.execute("DELETE FROM tags WHERE id > 100");
        command.succeed("adopt", "--finish");
        command.succeed("status", "--check");
    }

    @ParameterizedTest
    @EnumSource
    void a_column_that_may_not_be_null_is_added_to_no_rows(TestDatabase.Kind kind) throws Exception {
        TestDatabase database =
                half(kind, AdoptionContract.Kind.ALEMBIC_002, "ALTER TABLE tmdb_cache DROP COLUMN title");
        refuses(
                database,
                "tmdb_cache.title is missing and may not be NULL, but tmdb_cache has 2 rows",
                "adding it by hand with a value for each row, then seedarr-db adopt --finish",
                "adopt",
                "--finish");
    }

    @ParameterizedTest
    @EnumSource
    void a_revision_that_changes_rows_as_well_is_refused(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = half(kind, AdoptionContract.Kind.ALEMBIC_003, "CREATE TABLE a (id INTEGER)");
        new Folder(folder)
                .withChangelog()
                .add(
                        "004_test",
                        "CREATE TABLE a (id INTEGER); CREATE TABLE b (id INTEGER); UPDATE tags SET label = 'x'",
                        "DROP TABLE b; DROP TABLE a");
        command = command.with(folder.resolve("liquibase.properties"));
        refuses(
                database,
                "004_test changes rows as well, and nobody knows whether that was done: UPDATE tags SET label = 'x';",
                "doing by hand what it has not done, then seedarr-db adopt",
                "adopt",
                "--finish");
    }

    /** A column as the changelog has it, views and triggers: with less, a constraint would be lost. */
    @ParameterizedTest
    @EnumSource
    void constraints_views_and_a_default_come_as_the_changelog_has_them(TestDatabase.Kind kind) throws Exception {
        TestDatabase database =
                half(kind, AdoptionContract.Kind.ALEMBIC_003, "CREATE TABLE a (id INTEGER, code VARCHAR(9))");
        new Folder(folder)
                .withChangelog()
                .add(
                        "004_test",
                        "CREATE TABLE a (id INTEGER, tag INTEGER REFERENCES tags (id), n INTEGER NOT NULL DEFAULT 3 CHECK (n > 2));"
                                + " ALTER TABLE a ADD COLUMN code VARCHAR(9); CREATE UNIQUE INDEX a_code ON a (code);"
                                + " CREATE VIEW a_view AS SELECT n FROM a",
                        "DROP VIEW a_view; DROP TABLE a");
        command = command.with(folder.resolve("liquibase.properties"));
        database.execute("INSERT INTO a VALUES (1, 'x'), (2, 'y')");
        assertThat(lines(command.succeed("adopt", "--finish"), "  made      "))
                .containsExactly("a.tag", "a.n", "a_code", "a_view");
        assertThat(database.query("SELECT n FROM a_view")).containsExactly("3", "3");
        TestDatabase fresh = kind.empty(folder);
        command.on(fresh.url()).succeed("update");
        assertThat(constraints(database)).isNotEmpty().isEqualTo(constraints(fresh));
        command.succeed("rollback", "003");
    }

    private static List<String> constraints(TestDatabase database) throws Exception {
        return database.query(
                database instanceof Postgres
                        ? "SELECT contype, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'a'::regclass"
                                + " AND contype <> 'n' ORDER BY 1, 2"
                        : "SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('a')"
                                + " UNION ALL SELECT 'check', sql LIKE '%CHECK (n > 2)%', '' FROM sqlite_schema WHERE name = 'a'");
    }

    @ParameterizedTest
    @EnumSource
    void what_a_managed_database_has_lost_is_made_again(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = kind.empty(folder);
        database.makeV1();
        command = Command.in(folder).on(database.url());
        command.succeed("update");
        database.execute("DROP INDEX idx_tags_label; ALTER TABLE tmdb_cache DROP COLUMN plot");
        assertThat(command.run("verify").out())
                .contains("missing: tmdb_cache.plot\n  try: seedarr-db adopt --finish, which makes it\n");
        assertThat(command.succeed("adopt")).startsWith("nothing to adopt: ");
        assertThat(lines(command.succeed("adopt", "--finish"), "  made      "))
                .containsExactly("tmdb_cache.plot", "idx_tags_label");
        assertThat(command.succeed("verify")).endsWith("\nno faults\n");
        command.succeed("rollback", "base");
    }

    @ParameterizedTest
    @EnumSource
    void a_revision_that_the_application_has_begun_on_a_managed_database_is_finished(TestDatabase.Kind kind)
            throws Exception {
        TestDatabase database = kind.empty(folder);
        database.makeV1();
        command = Command.in(folder).on(database.url());
        command.succeed("update", "001");
        database.execute(AdoptionContract.script(database, "alembic-003"));
        database.execute("ALTER TABLE tags DROP COLUMN category");
        assertThat(lines(command.succeed("adopt", "--finish"), "  recorded  "))
                .containsExactly("002_add_tmdb_cache", "003_add_tags_table");
        command.succeed("status", "--check");
        command.succeed("rollback", "base");
    }

    @Test
    void without_what_the_first_revision_builds_on_nothing_is_finished() throws Exception {
        TestDatabase database = half(
                TestDatabase.Kind.SQLITE,
                AdoptionContract.Kind.ALEMBIC_003,
                "ALTER TABLE file_entries DROP COLUMN updated_at");
        refuses(
                database,
                "this file_entries is not that of Seedarr: it has only id, file_path, status, error_message, created_at,"
                        + " scanned_at, analyzed_at, renamed_at, metadata_generated_at, uploaded_at",
                "check which database the URL names",
                "adopt",
                "--finish");
    }

    @Test
    void rows_that_alembic_left_in_its_copy_are_named_first() throws Exception {
        TestDatabase database = half(
                TestDatabase.Kind.SQLITE,
                AdoptionContract.Kind.ALEMBIC_002,
                "ALTER TABLE file_entries RENAME TO _alembic_tmp_file_entries");
        for (String args : List.of("adopt", "adopt --finish", "update --adopt", "update")) {
            refuses(
                    database,
                    "Alembic was stopped while it made file_entries anew: its rows are in _alembic_tmp_file_entries",
                    "ALTER TABLE _alembic_tmp_file_entries RENAME TO file_entries in sqlite3, then the same command again",
                    args.split(" "));
        }
        database.execute("ALTER TABLE _alembic_tmp_file_entries RENAME TO file_entries");
        command.succeed("update", "--adopt");
    }

    @Test
    void it_is_no_script_and_goes_as_far_as_anything_is_there() throws Exception {
        half(TestDatabase.Kind.SQLITE, AdoptionContract.Kind.ALEMBIC_003, "DROP INDEX idx_tags_label");
        assertThat(command.run("adopt", "--finish", "--sql").exitCode()).isEqualTo(2);
        assertThat(command.run("adopt", "--finish", "--at", "002").exitCode()).isEqualTo(2);
    }

    @Test
    void on_nothing_and_on_v1_there_is_nothing_to_finish() throws Exception {
        TestDatabase database = TestDatabase.Kind.SQLITE.empty(folder);
        command = Command.in(folder).on(database.url());
        assertThat(command.succeed("adopt", "--finish")).startsWith("nothing to adopt: ");
        database.makeV1();
        assertThat(command.succeed("adopt", "--finish")).startsWith("nothing to adopt: ");
    }

    /** What only a DO block makes cannot be told statement by statement. */
    @Test
    void what_would_not_be_whole_afterwards_is_not_recorded() throws Exception {
        TestDatabase database =
                half(TestDatabase.Kind.POSTGRESQL, AdoptionContract.Kind.ALEMBIC_003, "CREATE TABLE a (id INTEGER)");
        new Folder(folder).withChangelog().add("004_test", "CREATE TABLE a (id INTEGER)", "DROP TABLE a");
        new Folder(folder).replace("changelog/004_test.yaml", "        - tagDatabase", """
                        - sql: { dbms: sqlite, sql: ALTER TABLE tags ADD COLUMN z TEXT }
                        - sql: { dbms: postgresql, splitStatements: false, sql: "DO $$ BEGIN ALTER TABLE tags ADD COLUMN z TEXT; END $$" }
                        - tagDatabase""".indent(-16)
                .indent(8)
                .stripTrailing());
        command = command.with(folder.resolve("liquibase.properties"));
        List<String> before = database.contents();
        Command.Result result = command.run("adopt", "--finish");
        assertThat(result.err()).startsWith("error: this would not be quite 004_test: missing: tags.z\n");
        assertThat(database.contents()).isEqualTo(before);
    }

    /** What its query calls is no list of columns, and nothing says how a column that it lacks is to be filled. */
    @ParameterizedTest
    @EnumSource
    void a_table_that_was_made_from_a_query_has_only_its_index_made(TestDatabase.Kind kind) throws Exception {
        String query =
                "CREATE TABLE a AS SELECT id, random() AS r, id + 1 AS n, coalesce(label, tag_id) AS label FROM tags";
        new Folder(folder).withChangelog().add("004_test", query + "; CREATE INDEX a_id ON a (id)", "DROP TABLE a");
        half(
                kind,
                AdoptionContract.Kind.ALEMBIC_003,
                "CREATE TABLE a AS SELECT id, random() AS r, id + 1 AS n FROM tags");
        command = command.with(folder.resolve("liquibase.properties"));
        assertThat(command.run("adopt", "--finish").err())
                .startsWith("error: this would not be quite 004_test: missing: a.label\n");
        half(kind, AdoptionContract.Kind.ALEMBIC_003, query);
        command = command.with(folder.resolve("liquibase.properties"));
        assertThat(lines(command.succeed("adopt", "--finish"), "  made      ")).containsExactly("a_id");
        command.succeed("status", "--check");
    }

    @Test
    void what_a_later_revision_drops_is_not_made() throws Exception {
        TestDatabase database =
                half(TestDatabase.Kind.SQLITE, AdoptionContract.Kind.ALEMBIC_003, "CREATE TABLE b (id INTEGER)");
        new Folder(folder)
                .withChangelog()
                .add("004_test", "CREATE VIEW v AS SELECT id FROM tags", "DROP VIEW v")
                .add("005_test", "DROP VIEW v; CREATE TABLE b (id INTEGER)", "DROP TABLE b; SELECT 1");
        command = command.with(folder.resolve("liquibase.properties"));
        assertThat(command.succeed("adopt", "--finish")).doesNotContain("made");
        assertThat(database.query("SELECT count(*) FROM sqlite_schema WHERE name = 'v'"))
                .containsExactly("0");
        command.succeed("status", "--check");
    }
}
