package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of database that is out there gets to the newest revision and back, on either kind of server. */
interface AdoptionContract {

    /** How a database came about. */
    enum Kind {
        ALEMBIC_001("001_add_checkpoint_fields", "001_add_checkpoint_fields", "alembic-001"),
        ALEMBIC_002("002_add_tmdb_cache", "002_add_tmdb_cache", "alembic-001", "alembic-002"),
        ALEMBIC_003("003_add_tags_table", "003_add_tags_table", "alembic-001", "alembic-002", "alembic-003"),
        CONTAINER_AT_FIRST_START("003_add_tags_table", "", "create_all", "create_all-later"),
        CONTAINER_LATER("003_add_tags_table", "028_add_hardlink_and_qbit_settings", "create_all", "create_all-later"),
        V1_IN_A_CONTAINER(
                "003_add_tags_table",
                "028_add_hardlink_and_qbit_settings",
                "alembic-001",
                "alembic-002",
                "alembic-003",
                "create_all-later"),
        CREATE_ALL_BY_HAND("003_add_tags_table", null, "create_all", "create_all-later"),
        ALEMBIC_THAT_CLAIMS_LESS("002_add_tmdb_cache", "001_add_checkpoint_fields", "alembic-001", "alembic-002"),
        ALEMBIC_THAT_CLAIMS_MORE("001_add_checkpoint_fields", "003_add_tags_table", "alembic-001");

        private final String revision;
        private final String claim;
        private final List<String> parts;

        /**
         * @param revision what its schema is at
         * @param claim what alembic_version says; empty for no row, null for no such table
         */
        Kind(String revision, String claim, String... parts) {
            this.revision = revision;
            this.claim = claim;
            this.parts = List.of(parts);
        }

        void make(TestDatabase database) throws Exception {
            for (String part : parts) {
                database.execute(script(database, part));
            }
            database.execute(script("rows", "file_entries"));
            database.execute(script("rows", "001"));
            if (!revision.startsWith("001")) {
                database.execute(script("rows", "002"));
            }
            if (revision.startsWith("003")) {
                database.execute(script("rows", "003"));
            }
            for (String part : parts) {
                if (part.startsWith("create_all")) {
                    database.execute(script("rows", part));
                }
            }
            if (claim != null) {
                database.execute(script("rows", "alembic_version"));
            }
            if (claim != null && claim.length() > 32 && database instanceof Postgres) {
                // Alembic's own column is too short for that.
                database.execute("ALTER TABLE alembic_version ALTER version_num TYPE VARCHAR(64)");
            }
            if (claim != null && !claim.isEmpty()) {
                database.execute("INSERT INTO alembic_version VALUES ('" + claim + "')");
            }
        }

        /** The indexes that create_all does not make under the names of the changelog. */
        private List<String> missingIndexes() {
            return parts.contains("create_all")
                    ? List.of("idx_file_entries_scanned_at", "idx_file_entries_uploaded_at")
                    : List.of();
        }

        private List<String> revisions() {
            return MigrationContract.REVISIONS.subList(0, MigrationContract.REVISIONS.indexOf(revision) + 1);
        }

        private String header(TestDatabase database) {
            boolean differs = claim != null && !claim.isEmpty() && !claim.equals(revision);
            return "database  " + database.shown() + "\nfound     " + revision + "\n"
                    + (differs ? "alembic   says " + claim + ", but the schema decides\n" : "");
        }

        private String lines(String made, String recorded) {
            StringBuilder lines = new StringBuilder();
            missingIndexes().forEach(index -> lines.append("  " + made + index + "\n"));
            revisions().forEach(each -> lines.append("  " + recorded + each + "\n"));
            return lines.toString();
        }
    }

    /** What {@link #history} found, by the class of the database. */
    Map<Class<?>, List<String>> HISTORIES = new ConcurrentHashMap<>();

    static String script(TestDatabase database, String part) throws IOException {
        return script(database instanceof Postgres ? "postgresql" : "sqlite", part);
    }

    static String script(String folder, String part) throws IOException {
        try (InputStream in =
                AdoptionContract.class.getResourceAsStream("/databases/" + folder + "/" + part + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    TestDatabase database();

    /** Returns another empty database, each time. */
    TestDatabase another() throws Exception;

    Path folder();

    default Command command() {
        return on(database());
    }

    default Command on(TestDatabase database) {
        return Command.in(folder()).on(database.url());
    }

    /** Every row of every table but Liquibase's, without the columns that are not asked for. */
    private static Map<String, List<String>> rows(TestDatabase database, List<String> withoutColumns) throws Exception {
        Map<String, List<String>> rows = new TreeMap<>();
        try (Connection connection = database.connect()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names =
                    connection.getMetaData().getTables(null, connection.getSchema(), null, new String[] {"TABLE"})) {
                while (names.next()) {
                    tables.add(names.getString("TABLE_NAME"));
                }
            }
            tables.removeIf(table -> table.toUpperCase(Locale.ROOT).startsWith("DATABASECHANGELOG"));
            for (String table : tables) {
                List<String> all = new ArrayList<>();
                for (Map<String, Object> row : TestDatabase.rows(connection, "SELECT * FROM " + table)) {
                    Map<String, Object> sorted = new TreeMap<>(row);
                    sorted.keySet().removeAll(withoutColumns);
                    all.add(sorted.toString());
                }
                all.sort(null);
                rows.put(table, all);
            }
        }
        return rows;
    }

    private static Map<String, List<String>> rows(TestDatabase database) throws Exception {
        return rows(database, List.of());
    }

    private void refuses(String err, String... args) throws Exception {
        List<String> before = database().contents();
        Command.Result result = command().run(args);
        assertThat(result.err()).isEqualTo(err);
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(database().contents()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    default void every_kind_is_found_adopted_updated_and_undone(Kind kind) throws Exception {
        kind.make(database());
        List<String> contents = database().contents();
        Map<String, List<String>> rows = rows(database());

        String hint = "not managed yet: seedarr-db adopt would find " + kind.revision + "\n";
        assertThat(command().succeed("status")).endsWith("\n" + hint);
        assertThat(command().succeed("adopt", "--dry-run"))
                .isEqualTo(kind.header(database()) + kind.lines("would make    ", "would record  ")
                        + "nothing was changed: this was a dry run\n");
        refuses("""
                error: the database has %s already, but no history: Alembic or the application made it
                nothing was changed
                try: seedarr-db adopt, or seedarr-db update --adopt
                """.formatted(kind.revision), "update");
        assertThat(database().contents()).isEqualTo(contents);

        List<String> schema = database().schemaText();
        assertThat(Command.withoutBackup(command().succeed("adopt")))
                .isEqualTo(kind.header(database()) + kind.lines("made      ", "recorded  ")
                        + "done: the database is at " + kind.revision + "\n");
        assertThat(rows(database())).isEqualTo(rows);
        List<String> added = new ArrayList<>(database().schemaText());
        assertThat(added).containsAll(schema);
        added.removeAll(schema);
        assertThat(added).allMatch(line -> kind.missingIndexes().stream().anyMatch(line::contains));
        assertThat(command().succeed("adopt"))
                .isEqualTo("nothing to adopt: " + database().shown() + " is at " + kind.revision + "\n");

        command().succeed("update");
        command().succeed("status", "--check");
        assertThat(rows(database())).containsAllEntriesOf(rows);
        assertThat(database().query(TestDatabase.HISTORY)).isEqualTo(history());

        List<String> columns =
                List.of("scanned_at", "analyzed_at", "renamed_at", "metadata_generated_at", "uploaded_at");
        Map<String, List<String>> left = rows(database(), columns);
        left.keySet().removeAll(List.of("tmdb_cache", "tags"));
        command().succeed("rollback", "base");
        assertThat(rows(database())).isEqualTo(left);
        command().succeed("update");
        command().succeed("status", "--check");
    }

    /** The history of a database that began with nothing. */
    private List<String> history() throws Exception {
        if (!HISTORIES.containsKey(database().getClass())) {
            TestDatabase fresh = another();
            on(fresh).succeed("update");
            HISTORIES.put(database().getClass(), fresh.query(TestDatabase.HISTORY));
        }
        return HISTORIES.get(database().getClass());
    }

    @ParameterizedTest
    @EnumSource(names = {"ALEMBIC_001", "CONTAINER_AT_FIRST_START"})
    default void an_entrypoint_takes_every_kind_over_by_itself(Kind kind) throws Exception {
        kind.make(database());
        Map<String, List<String>> rows = rows(database());
        String out = command().succeed("update", "--adopt");
        assertThat(Command.withoutBackup(out))
                .startsWith(kind.header(database()) + kind.lines("made      ", "recorded  "))
                .endsWith("\ndone: the database is at 003_add_tags_table\n");
        assertThat(rows(database())).containsAllEntriesOf(rows);
        command().succeed("status", "--check");
        List<String> before = database().contents();
        assertThat(command().succeed("update", "--adopt"))
                .isEqualTo("nothing to do: " + database().shown() + " is at 003_add_tags_table\n");
        assertThat(database().contents()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"ALEMBIC_THAT_CLAIMS_LESS", "CONTAINER_LATER"})
    default void a_script_takes_every_kind_over_as_the_command_does(Kind kind) throws Exception {
        kind.make(database());
        List<String> before = database().contents();
        String script = command().succeed("update", "--adopt", "--sql");
        assertThat(database().contents()).isEqualTo(before);
        database().executeScript(script);
        command().succeed("status", "--check");
        TestDatabase twin = another();
        kind.make(twin);
        on(twin).succeed("update", "--adopt");
        assertThat(database().schemaText()).isEqualTo(twin.schemaText());
        assertThat(database().query(TestDatabase.HISTORY)).isEqualTo(twin.query(TestDatabase.HISTORY));
        command().succeed("rollback", "base");
    }

    @Test
    default void an_entrypoint_is_right_for_nothing_v1_and_what_is_managed() throws Exception {
        assertThat(command().succeed("adopt")).startsWith("nothing to adopt: ");
        command().succeed("update", "--adopt");
        command().succeed("status", "--check");
        assertThat(command().succeed("update", "--adopt")).startsWith("nothing to do: ");

        TestDatabase v1 = another();
        v1.makeV1();
        List<String> contents = v1.contents();
        assertThat(on(v1).succeed("adopt")).isEqualTo("nothing to adopt: " + v1.shown() + " is at base\n");
        assertThat(on(v1).succeed("adopt", "--dry-run")).isEqualTo("nothing to adopt: " + v1.shown() + " is at base\n");
        assertThat(v1.contents()).isEqualTo(contents);
        on(v1).succeed("update", "001", "--adopt");
        contents = v1.contents();
        assertThat(on(v1).succeed("adopt"))
                .isEqualTo("nothing to adopt: " + v1.shown() + " is at 001_add_checkpoint_fields\n");
        assertThat(v1.contents()).isEqualTo(contents);
        on(v1).succeed("update", "--adopt");
        assertThat(v1.query(TestDatabase.HISTORY)).isEqualTo(database().query(TestDatabase.HISTORY));
    }

    @Test
    default void the_application_was_faster_than_a_revision_of_a_managed_database() throws Exception {
        database().makeV1();
        command().succeed("update", "002");
        database().execute(script(database(), "alembic-003"));
        assertThat(command().run("update").err()).contains("003_add_tags_table failed: ", "\ntry: seedarr-db adopt");
        assertThat(command().succeed("adopt")).contains("\nfound     003_add_tags_table\n");
        command().succeed("status", "--check");
        command().succeed("rollback", "base");
    }

    @Test
    default void another_type_a_null_and_a_view_are_named() throws Exception {
        Kind.ALEMBIC_003.make(database());
        database().execute("ALTER TABLE file_entries DROP COLUMN renamed_at");
        database().execute("ALTER TABLE file_entries ADD COLUMN renamed_at TEXT");
        database().execute("ALTER TABLE tags DROP COLUMN description");
        database().execute("ALTER TABLE tags ADD COLUMN description VARCHAR(900)");
        String type = database() instanceof Postgres ? "text, not TIMESTAMP WITHOUT TIME ZONE" : "TEXT, not DATETIME";
        refuses("""
                error: this is not quite 003_add_tags_table: file_entries.renamed_at is of type %s
                nothing was changed
                try: mending that by hand, then seedarr-db adopt
                """.formatted(type), "adopt");
        database().execute("ALTER TABLE file_entries DROP COLUMN renamed_at");
        database().execute("ALTER TABLE file_entries ADD COLUMN renamed_at TIMESTAMP");
        database().execute("ALTER TABLE tags DROP COLUMN created_at");
        database().execute("ALTER TABLE tags ADD COLUMN created_at TIMESTAMP");
        refuses("""
                error: this is not quite 003_add_tags_table: tags.created_at is NULL in 2 rows, and must not be
                nothing was changed
                try: mending that by hand, then seedarr-db adopt
                """, "adopt");
        database().execute("UPDATE tags SET created_at = updated_at");
        command().succeed("adopt");
    }

    @Test
    default void a_view_in_the_place_of_a_table_is_named() throws Exception {
        Kind.ALEMBIC_002.make(database());
        database().execute("CREATE VIEW tags AS SELECT 1 AS id");
        refuses("""
                error: tags is not what 003_add_tags_table makes under this name: it is no table
                nothing was changed
                try: another name for it, then the same command again
                """, "update", "--adopt");
        database().execute("DROP VIEW tags; CREATE TABLE tags (id INTEGER PRIMARY KEY, mine TEXT)");
        refuses("""
                error: tags is not what 003_add_tags_table makes under this name: most of its columns are others
                nothing was changed
                try: another name for it, then the same command again
                """, "adopt");
        database().execute("ALTER TABLE tags RENAME TO my_tags");
        command().succeed("update", "--adopt");
    }

    @Test
    default void an_index_of_the_same_name_on_another_table_is_named() throws Exception {
        Kind.CREATE_ALL_BY_HAND.make(database());
        database().execute("CREATE INDEX idx_file_entries_scanned_at ON settings (id)");
        refuses("""
                error: something else has the name of the index idx_file_entries_scanned_at of file_entries
                nothing was changed
                try: another name for that one, then the same command again
                """, "adopt");
    }

    @Test
    default void the_choice_can_be_overridden_but_not_by_what_is_not_there() throws Exception {
        Kind.ALEMBIC_002.make(database());
        refuses("""
                error: 003_add_tags_table is not there; missing: tags
                nothing was changed
                try: seedarr-db adopt --dry-run, to see what is there
                """, "adopt", "--at", "003");
        assertThat(command().succeed("adopt", "--at", "base")).startsWith("nothing to adopt: ");
        assertThat(Command.withoutBackup(command().succeed("adopt", "--at", "001")))
                .isEqualTo("""
                        database  %s
                        found     002_add_tmdb_cache
                        asked     001_add_checkpoint_fields
                          recorded  001_add_checkpoint_fields
                        done: the database is at 001_add_checkpoint_fields
                        """.formatted(database().shown()));
        command().succeed("adopt");
        command().succeed("update");
        command().succeed("status", "--check");
        assertThat(command().run("adopt", "--at", "9").exitCode()).isEqualTo(2);
    }

    @Test
    default void a_table_of_the_application_that_refers_to_one_that_would_go_is_named() throws Exception {
        Kind.CONTAINER_LATER.make(database());
        database().execute("CREATE TABLE entry_tags (tag INTEGER REFERENCES tags (id))");
        command().succeed("update", "--adopt");
        List<String> before = database().contents();
        Command.Result result = command().run("rollback", "002");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("entry_tags", "nothing was changed");
        assertThat(database().contents()).isEqualTo(before);
    }

    @Test
    default void the_applications_own_indexes_go_with_what_they_index_and_a_users_do_not() throws Exception {
        Kind.CREATE_ALL_BY_HAND.make(database());
        database().execute("CREATE INDEX ix_tags_category ON tags (category)");
        database().execute("CREATE INDEX ix_file_entries_renamed_at ON file_entries (renamed_at)");
        command().succeed("update", "--adopt");
        database().execute("CREATE INDEX mine ON tags (category)");
        assertThat(command().run("rollback", "base").err()).contains("index mine ");
        database().execute("DROP INDEX mine");
        command().succeed("rollback", "base");
    }

    @Test
    default void current_and_history_say_on_standard_error_what_adopt_would_find() throws Exception {
        Kind.ALEMBIC_002.make(database());
        for (String reading : List.of("current", "history", "current --json", "history --json")) {
            Command.Result result = command().run(reading.split(" "));
            assertThat(result.err())
                    .isEqualTo("note: not managed yet: seedarr-db adopt would find 002_add_tmdb_cache\n");
            assertThat(command().run((reading + " -q").split(" "))).isEqualTo(new Command.Result(0, result.out(), ""));
        }
    }

    @Test
    default void status_names_what_alembic_says_beyond_this_changelog() throws Exception {
        Kind.CONTAINER_LATER.make(database());
        String line = "\nalembic   028_add_hardlink_and_qbit_settings, which this changelog does not know\n";
        assertThat(command().succeed("status")).contains(line);
        command().succeed("update", "--adopt");
        assertThat(command().succeed("status")).contains(line);
        assertThat(command().succeed("status", "--json"))
                .contains("\"alembic\": [\"028_add_hardlink_and_qbit_settings\"]");
    }

    @Test
    default void another_programs_database_is_refused_though_its_tables_have_the_same_names() throws Exception {
        database().execute("CREATE TABLE tags (id INTEGER, label TEXT)");
        String refusal = """
                error: this is not a database of Seedarr: it has no file_entries, but tags
                nothing was changed
                try: check which database the URL names
                """;
        refuses(refusal, "adopt");
        refuses(refusal, "update", "--adopt");
        refuses(refusal, "update");
        assertThat(command().succeed("status"))
                .endsWith("\nnot managed yet, and adopt would refuse: this is not a database of Seedarr: it has no"
                        + " file_entries, but tags\n");
    }

    @Test
    default void a_managed_database_is_left_alone_but_for_what_follows_on_its_revision() throws Exception {
        database().makeV1();
        command().succeed("update", "001");
        database().execute(script(database(), "alembic-003"));
        // 003 is there, but not 002.
        assertThat(command().succeed("adopt")).endsWith(" is at 001_add_checkpoint_fields\n");
        command().succeed("update", "002", "--adopt");
        assertThat(command().succeed("adopt")).contains("\n  recorded  003_add_tags_table\n");
        database().execute("DELETE FROM DATABASECHANGELOG WHERE ID LIKE '002%'");
        assertThat(command().succeed("adopt")).endsWith(" is at 003_add_tags_table\n");
    }

    @Test
    default void a_revision_that_only_changes_rows_is_not_jumped_over_in_a_managed_database() throws Exception {
        Kind.ALEMBIC_003.make(database());
        command().succeed("adopt");
        database().execute("CREATE TABLE settings (id INTEGER NOT NULL, PRIMARY KEY (id))");
        new Folder(folder()).withChangelog().add("004_rows", "UPDATE tags SET label = 'x'", "SELECT 1");
        new Folder(folder())
                .add(
                        "005_settings",
                        "CREATE TABLE settings (id INTEGER NOT NULL, PRIMARY KEY (id))",
                        "DROP TABLE settings");
        String[] options = {"--defaults-file", "liquibase.properties"};
        assertThat(command().run("update", "--adopt", options[0], options[1]).err())
                .contains("005_settings failed: ", " already exists\n", "try: seedarr-db adopt");
        command().succeed("update", "004", options[0], options[1]);
        assertThat(database().query("SELECT DISTINCT label FROM tags")).containsExactly("x");
        command().succeed("update", "--adopt", options[0], options[1]);
        command().succeed("status", "--check", options[0], options[1]);
    }

    @Test
    default void a_revision_of_an_index_alone_is_recognised_by_it() throws Exception {
        Kind.CREATE_ALL_BY_HAND.make(database());
        new Folder(folder())
                .withChangelog()
                .add("004_index", "CREATE INDEX idx_tags_category ON tags (category)", "DROP INDEX idx_tags_category");
        String[] options = {"--defaults-file", "liquibase.properties"};
        assertThat(command().succeed("adopt", "--dry-run", options[0], options[1]))
                .contains("\nfound     003_add");
        database().execute("CREATE INDEX idx_tags_category ON tags (category)");
        assertThat(command().succeed("update", "--adopt", options[0], options[1]))
                .contains("\nfound     004_index\n");
        command().succeed("rollback", "base", options[0], options[1]);
    }

    /** Their order in the table is the models' business. */
    @Test
    default void a_key_of_two_columns_is_the_same_in_any_order() throws Exception {
        Kind.CREATE_ALL_BY_HAND.make(database());
        database().execute("CREATE TABLE tagged (tag_id INTEGER, file_id INTEGER, PRIMARY KEY (tag_id, file_id))");
        String made = "CREATE TABLE tagged (file_id INTEGER, tag_id INTEGER, PRIMARY KEY (file_id, tag_id))";
        new Folder(folder()).withChangelog().add("004_tagged", made, "DROP TABLE tagged");
        assertThat(command().succeed("adopt", "--defaults-file", "liquibase.properties"))
                .contains("\nfound     004_tagged\n");
    }

    @Test
    default void an_unreadable_alembic_version_does_not_matter() throws Exception {
        Kind.ALEMBIC_002.make(database());
        database().execute("DROP TABLE alembic_version; CREATE TABLE alembic_version (x INTEGER)");
        assertThat(command().succeed("status")).endsWith("adopt would find 002_add_tmdb_cache\n");
        database()
                .execute("DROP TABLE alembic_version; CREATE TABLE alembic_version (version_num TEXT);"
                        + "INSERT INTO alembic_version VALUES (NULL), ('a\nerror: b')");
        assertThat(command().succeed("status")).contains("\nalembic   a?error??b, which");
        command().succeed("adopt");
    }

    @Test
    default void a_database_of_views_alone_is_another_programs() throws Exception {
        database().execute("CREATE VIEW v AS SELECT 1 AS one");
        refuses("""
                error: this is not a database of Seedarr: it has no file_entries, but v
                nothing was changed
                try: check which database the URL names
                """, "adopt");
    }

    @Test
    default void a_stock_status_that_left_its_empty_tables_does_not_matter() throws Exception {
        Kind.ALEMBIC_002.make(database());
        TestDatabase empty = another();
        on(empty).succeed("update", "001");
        on(empty).succeed("rollback", "base");
        database()
                .execute("CREATE TABLE DATABASECHANGELOGLOCK (ID INTEGER PRIMARY KEY, LOCKED BOOLEAN,"
                        + " LOCKGRANTED TIMESTAMP, LOCKEDBY VARCHAR(255))");
        command().succeed("update", "--adopt");
        command().succeed("status", "--check");
    }
}
