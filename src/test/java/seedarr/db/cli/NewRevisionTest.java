package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revisions that the command writes: their form, and that they make what the model has. */
class NewRevisionTest {

    @TempDir
    Path folder;

    private Folder files;
    private Sqlite model;
    private Sqlite database;

    @BeforeEach
    void a_copy_of_the_changelog() throws Exception {
        files = new Folder(folder).withChangelog();
        model = new Sqlite(folder.resolve("model.db"));
        database = new Sqlite(folder.resolve("seedarr.db"));
    }

    private Command.Result run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--defaults-file", "liquibase.properties"));
        return Command.in(folder).on(database.url()).run(all.toArray(String[]::new));
    }

    private String succeed(String... args) {
        Command.Result result = run(args);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result.out();
    }

    private String text(String file) throws Exception {
        return Files.readString(folder.resolve("changelog").resolve(file));
    }

    private String generate() {
        return succeed("revision", "-m", "Next", "--autogenerate", "--model", model.url());
    }

    /** Makes the model the schema at head with a difference. */
    private void modelIsHeadAnd(String sql) throws Exception {
        Command.in(folder).on(model.url()).succeed("update");
        model.execute(sql);
    }

    /** The texts of a schema, without white space and the tools' tables; columns sorted, for their order is no difference. */
    private static Map<String, String> texts(Sqlite database) throws Exception {
        return database
                .query("SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
                        + " AND lower(tbl_name) NOT LIKE 'databasechangelog%' AND name NOT LIKE 'sqlite%'")
                .stream()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('|')),
                        line -> java.util.Arrays.stream(line.substring(line.indexOf('|') + 1)
                                        .replaceAll("\\s+", "")
                                        .replaceFirst("\\(", ",")
                                        .replaceFirst("\\)$", "")
                                        .split(","))
                                .sorted()
                                .collect(Collectors.joining(","))));
    }

    /** Says of a generated revision that it is for SQLite only on purpose. */
    private void isForSqliteOnPurpose(String file) throws Exception {
        files.replace(
                "changelog/" + file, "      author: seedarr\n", "      author: seedarr\n      labels: sqlite-only\n");
    }

    /** What was generated is proved, applied, makes the model, and is undone. */
    private void provesAndMakesTheModel() throws Exception {
        assertThat(run("verify", "--offline").out()).endsWith("\nno faults\n").doesNotContain("fault: ");
        database.makeV1();
        succeed("update", "003");
        Map<String, String> before = texts(database);
        succeed("update");
        assertThat(texts(database)).isEqualTo(texts(model));
        succeed("rollback", "003");
        assertThat(texts(database)).isEqualTo(before);
    }

    @Test
    void a_revision_is_numbered_named_and_included_and_passes_once_it_is_filled_in() throws Exception {
        String out = succeed("revision", "-m", "Ajoute la catégorie « Été »!");
        assertThat(out).isEqualTo("""
                        wrote     DIR/changelog/004_ajoute_la_categorie_ete.yaml
                        included  in DIR/changelog/master.yaml
                        next      its SQL both ways, then seedarr-db verify --offline
                        """.replace("DIR", folder.toString()));
        String file = "004_ajoute_la_categorie_ete.yaml";
        assertThat(text(file)).isEqualTo("""
                        databaseChangeLog:
                          - changeSet:
                              id: 004_ajoute_la_categorie_ete
                              author: seedarr
                              logicalFilePath: changelog/004_ajoute_la_categorie_ete.yaml
                              comment: >-
                                Ajoute la catégorie « Été »!
                              changes:
                                - sql:
                                    sql: |-
                                      -- the SQL of this revision
                                - tagDatabase: { tag: 004_ajoute_la_categorie_ete }
                              rollback:
                                - sql:
                                    sql: |-
                                      -- the SQL that undoes it
                        """);
        assertThat(text("master.yaml"))
                .isEqualTo(Files.readString(Folder.INSTALLATION.resolve("changelog/master.yaml"))
                        + "  - include: { file: " + file + ", relativeToChangelogFile: true }\n");
        assertThat(run("verify", "--offline").out())
                .contains(
                        "fault: changelog/" + file + ": changes nothing\n",
                        "fault: changelog/" + file + ": has no rollback\n");
        files.replace("changelog/" + file, "-- the SQL of this revision", "CREATE TABLE a (id INTEGER);");
        files.replace("changelog/" + file, "-- the SQL that undoes it", "DROP TABLE a;");
        assertThat(succeed("verify", "--offline")).endsWith("\nno faults\n");
        assertThat(succeed("revision", "-m", "b")).contains("/changelog/005_b.yaml\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "«»", "日本"})
    void a_message_that_names_no_file_is_refused(String message) throws Exception {
        Map<String, String> before = files.contents();
        Command.Result result = run("revision", "-m", message);
        assertThat(result.err()).isEqualTo("""
                        error: the message has no letter from a to z and no digit to name a file by
                        try: -m "Add categories table"
                        """);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(files.contents()).isEqualTo(before);
    }

    @Test
    void what_cannot_be_written_is_refused_and_nothing_is_written() throws Exception {
        Map<String, String> before = files.contents();
        assertThat(run("revision").exitCode()).isEqualTo(2);
        assertThat(run("revision", "-m", "a", "--autogenerate").err())
                .startsWith("error: there is no model to compare with\n");
        assertThat(run("revision", "-m", "a", "--model", "x").err())
                .startsWith("error: --model goes with --autogenerate or --check\n");
        assertThat(run("revision", "-m", "a", "--autogenerate", "--model", model.url())
                        .err())
                .startsWith("error: " + model.url() + " is not there\n");
        assertThat(run("revision", "-m", "a", "--autogenerate", "--model", "postgresql://u:geheim@h/d")
                        .err())
                .isEqualTo("""
                        error: postgresql://u@h:5432/d cannot be compared: only SQLite databases can
                        try: create_all on a SQLite file
                        """);
        assertThat(files.contents()).isEqualTo(before);
    }

    @Test
    void the_models_of_the_newest_release_are_one_revision_on_003() throws Exception {
        model.execute(AdoptionContract.script("sqlite", "create_all"));
        model.execute(AdoptionContract.script("sqlite", "create_all-later"));
        assertThat(generate()).doesNotContain("not done", "destructive");
        assertThat(text("004_next.yaml"))
                .contains("CREATE TABLE settings (", "id ${type.id},", "approved_at ${type.datetime};")
                .doesNotContain("DATETIME", "dbms", "# ");
        provesAndMakesTheModel();
        succeed("update");
        assertThat(succeed(
                        "revision", "-m", "Again", "--autogenerate", "--model", model.url(), "--url", database.url()))
                .isEqualTo("nothing differs: no revision was written\n");
    }

    @Test
    void what_is_generated_makes_the_same_on_postgresql() throws Exception {
        model.execute(AdoptionContract.script("sqlite", "create_all"));
        model.execute(AdoptionContract.script("sqlite", "create_all-later"));
        generate();
        Postgres server = Postgres.v1();
        Command command = Command.in(folder).on(server.url());
        String[] options = {"--defaults-file", "liquibase.properties"};
        command.succeed("update", options[0], options[1]);
        assertThat(server.query("SELECT count(*) FROM information_schema.columns WHERE table_name = 'file_entries'"))
                .containsExactly("38");
        assertThat(command.run("verify", options[0], options[1]).out()).endsWith("\nno faults\n");
        command.succeed("rollback", "base", options[0], options[1]);
    }

    @Test
    void everything_that_sqlite_can_do_is_done_both_ways() throws Exception {
        modelIsHeadAnd("""
                DROP INDEX idx_tags_label;
                CREATE UNIQUE INDEX idx_tags_label ON tags (label DESC) WHERE category IS NOT NULL;
                CREATE INDEX "odd name" ON tags (lower(label), "category" COLLATE NOCASE);
                ALTER TABLE tags ADD COLUMN "order" TEXT DEFAULT 'a;b''c ${x}';
                ALTER TABLE tags ADD COLUMN checked INTEGER NOT NULL DEFAULT 0 CHECK (checked IN (0, 1));
                CREATE TABLE "group" ("select" INTEGER PRIMARY KEY, [from] VARCHAR(3) NOT NULL, x DATETIME) STRICT_;
                CREATE TABLE kept (a TEXT PRIMARY KEY, b BLOB) WITHOUT ROWID;
                CREATE VIEW labels AS SELECT label FROM tags;
                CREATE TRIGGER stamp AFTER UPDATE ON tags BEGIN
                  UPDATE tags SET updated_at = 'x;y' WHERE id = new.id;
                  SELECT 1;
                END;
                """.replace(" STRICT_", ""));
        assertThat(generate()).doesNotContain("not done", "destructive");
        assertThat(text("004_next.yaml"))
                .contains("            # For SQLite only; PostgreSQL needs its own.\n            dbms: sqlite\n");
        isForSqliteOnPurpose("004_next.yaml");
        provesAndMakesTheModel();
    }

    @Test
    void what_drops_is_labelled_and_says_that_a_rename_looks_the_same() throws Exception {
        modelIsHeadAnd("""
                DROP INDEX idx_tags_label; DROP INDEX idx_tags_updated_at; DROP INDEX idx_tags_tag_id;
                DROP TABLE tags;
                ALTER TABLE tmdb_cache DROP COLUMN plot;
                ALTER TABLE tmdb_cache ADD COLUMN story TEXT;
                """);
        assertThat(generate())
                .contains("label     destructive: it drops what is in the database; a rename looks the same");
        assertThat(text("004_next.yaml"))
                .contains("      labels: destructive\n", "# A rename cannot be told from a drop");
        provesAndMakesTheModel();
    }

    @Test
    void what_cannot_be_done_is_listed_with_both_definitions_and_never_half_done() throws Exception {
        Command.in(folder).on(model.url()).succeed("update", "002");
        model.execute("""
                CREATE TABLE tags (
                  id INTEGER NOT NULL, tag_id VARCHAR(50) NOT NULL, label TEXT NOT NULL, category VARCHAR(100) NOT NULL,
                  description VARCHAR(500) DEFAULT '', updated_at DATETIME NOT NULL, created_at DATETIME NOT NULL,
                  needed TEXT NOT NULL, code TEXT UNIQUE, extra TEXT, PRIMARY KEY (id), UNIQUE (label), CHECK (id > 0));
                CREATE UNIQUE INDEX idx_tags_tag_id ON tags (tag_id);
                CREATE INDEX idx_tags_label ON tags (label);
                CREATE INDEX idx_tags_updated_at ON tags (updated_at);
                """);
        String out = generate();
        assertThat(out.lines().filter(line -> line.startsWith("not done")))
                .containsExactly(
                        "not done  table tags: id INTEGER NOT NULL -> id INTEGER NOT NULL CHECK (id > 0)",
                        "not done  table tags: label VARCHAR(200) NOT NULL -> label TEXT NOT NULL",
                        "not done  table tags: category VARCHAR(100) -> category VARCHAR(100) NOT NULL",
                        "not done  table tags: description VARCHAR(500) -> description VARCHAR(500) DEFAULT ''",
                        "not done  table tags: (nothing) -> UNIQUE (label)",
                        "not done  ALTER TABLE tags ADD COLUMN needed TEXT NOT NULL, and back ALTER TABLE tags DROP COLUMN"
                                + " needed (Cannot add a NOT NULL column with default value NULL): a server_default in the"
                                + " model gives rows a value",
                        "not done  ALTER TABLE tags ADD COLUMN code TEXT UNIQUE, and back ALTER TABLE tags DROP COLUMN code"
                                + " (Cannot add a UNIQUE column)");
        assertThat(text("004_next.yaml"))
                .contains("ALTER TABLE tags ADD COLUMN extra TEXT;")
                .contains("# Not done: table tags: label VARCHAR(200) NOT NULL -> label TEXT NOT NULL\n")
                .doesNotContain("COLUMN needed TEXT NOT NULL;");
        assertThat(run("verify", "--offline").out())
                .startsWith("warning: changelog/004_next.yaml: Not done: table tags: id INTEGER")
                .endsWith("\nno faults\n");
    }

    @Test
    void a_new_column_brings_its_own_foreign_key_and_check() throws Exception {
        Command.in(folder).on(model.url()).succeed("update", "002");
        model.execute(AdoptionContract.script("sqlite", "alembic-003")
                .replace(
                        "PRIMARY KEY (id)\n);\nCREATE UNIQUE INDEX idx_tags_tag_id",
                        "cache_id INTEGER, kind VARCHAR(3), PRIMARY KEY (id), CONSTRAINT kinds CHECK (kind IN ('a', 'b')),\n"
                                + " FOREIGN KEY(cache_id) REFERENCES tmdb_cache (id) ON DELETE SET NULL);\n"
                                + "CREATE UNIQUE INDEX idx_tags_tag_id"));
        assertThat(generate()).doesNotContain("not done");
        assertThat(text("004_next.yaml"))
                .contains("ALTER TABLE tags ADD COLUMN cache_id INTEGER REFERENCES tmdb_cache (id) ON DELETE SET NULL;")
                .contains("ALTER TABLE tags ADD COLUMN kind VARCHAR(3) CONSTRAINT kinds CHECK (kind IN ('a', 'b'));");
        assertThat(succeed("verify", "--offline")).endsWith("\nno faults\n");
        database.makeV1();
        succeed("update");
        assertThat(succeed("revision", "-m", "b", "--autogenerate", "--model", model.url(), "--url", database.url()))
                .isEqualTo("nothing differs: no revision was written\n");
    }

    @Test
    void what_depends_on_what_cannot_be_done_is_left_alone_with_its_old_form() throws Exception {
        modelIsHeadAnd("""
                DROP INDEX idx_tags_label; ALTER TABLE tags RENAME COLUMN label TO lab;
                CREATE INDEX idx_tags_label ON tags (lab); CREATE VIEW labs AS SELECT lab FROM tags;
                CREATE TRIGGER t INSTEAD OF INSERT ON labs BEGIN SELECT new.lab; END;
                """);
        assertThat(generate())
                .endsWith("\nno revision was written\n")
                .contains("not done  CREATE VIEW labs", "CREATE INDEX idx_tags_label");
    }

    @Test
    void a_view_that_changes_takes_its_triggers_along() throws Exception {
        modelIsHeadAnd(
                "CREATE VIEW v AS SELECT 1 AS one;" + "CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN SELECT 1; END;");
        generate();
        isForSqliteOnPurpose("004_next.yaml");
        model.execute("DROP VIEW v; CREATE VIEW v AS SELECT 2 AS one -- two\n;"
                + "CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN SELECT 1; END; CREATE INDEX i ON tags (label) -- one\n;"
                + "CREATE INDEX j ON tags (label);");
        succeed("revision", "-m", "Changed", "--autogenerate", "--model", model.url());
        isForSqliteOnPurpose("005_changed.yaml");
        assertThat(succeed("verify", "--offline")).endsWith("\nno faults\n");
    }

    @Test
    void uniqueness_that_goes_is_labelled() throws Exception {
        modelIsHeadAnd("DROP INDEX idx_tags_tag_id");
        assertThat(generate()).contains("label     destructive");
        provesAndMakesTheModel();
    }

    @Test
    void a_database_that_was_taken_over_at_003_goes_on_and_back() throws Exception {
        AdoptionContract.Kind.CREATE_ALL_BY_HAND.make(database);
        AdoptionContract.Kind.CREATE_ALL_BY_HAND.make(model);
        succeed("adopt");
        generate();
        assertThat(succeed("update", "--adopt")).contains("\nfound     004_next\n");
        succeed("status", "--check");
        succeed("rollback", "base");
        succeed("update");
    }

    @Test
    void a_table_that_only_sqlite_takes_makes_the_whole_revision_one_for_sqlite() throws Exception {
        modelIsHeadAnd(
                "CREATE TABLE odd (id INTEGER PRIMARY KEY, a TEXT, b HYPERLINK); CREATE INDEX ix_odd_a ON odd (a);"
                        + "CREATE TABLE other (id INTEGER PRIMARY KEY, odd INTEGER REFERENCES odd (id)); CREATE TABLE fine (id INTEGER)");
        assertThat(generate())
                .contains(
                        "\nonly      for SQLite, so verify finds a fault: PostgreSQL would not take CREATE TABLE odd (id",
                        "\n          by hand: the same with dbms: postgresql, or labels: sqlite-only\n");
        assertThat(text("004_next.yaml").split("dbms: sqlite", -1)).hasSize(3);
        Postgres server = Postgres.create();
        Command command = Command.in(folder).on(server.url());
        assertThat(command.run("update", "--defaults-file", "liquibase.properties")
                        .err())
                .isEqualTo("""
                        error: 004_next has SQL with dbms: sqlite, and none with dbms: postgresql (changelog/004_next.yaml)
                        nothing was changed
                        try: SQL with dbms: postgresql (SELECT 1 where there is nothing to do), or labels: sqlite-only
                        """);
        isForSqliteOnPurpose("004_next.yaml");
        assertThat(command.succeed("update", "--defaults-file", "liquibase.properties"))
                .contains("\nnote      004_next has nothing to do on this kind of database\n");
        assertThat(command.succeed("verify", "--defaults-file", "liquibase.properties"))
                .contains(" has all that 004_next needs\n");
        command.succeed("rollback", "base", "--defaults-file", "liquibase.properties");
        provesAndMakesTheModel();
    }

    @Test
    void truths_are_properties_where_they_are_the_default_of_a_boolean() throws Exception {
        modelIsHeadAnd("""
                CREATE TABLE ratings (id INTEGER NOT NULL, good BOOLEAN DEFAULT 1 NOT NULL, bad BOOLEAN NOT NULL DEFAULT (0),
                  "any" BOOLEAN DEFAULT '1', none BOOLEAN, number INTEGER DEFAULT 1, PRIMARY KEY (id));
                ALTER TABLE tags ADD COLUMN seen BOOLEAN DEFAULT 0 NOT NULL;
                """);
        assertThat(generate()).doesNotContain("not done", "only ");
        assertThat(text("004_next.yaml"))
                .contains("good BOOLEAN DEFAULT ${value.true} NOT NULL, bad BOOLEAN NOT NULL DEFAULT (${value.false}),")
                .contains("\"any\" BOOLEAN DEFAULT '1', none BOOLEAN, number INTEGER DEFAULT 1,")
                .contains("seen BOOLEAN DEFAULT ${value.false} NOT NULL")
                .doesNotContain("dbms");
        provesAndMakesTheModel();
        Postgres server = Postgres.v1();
        Command command = Command.in(folder).on(server.url());
        command.succeed("update", "--defaults-file", "liquibase.properties");
        server.execute("INSERT INTO ratings DEFAULT VALUES");
        assertThat(server.query("SELECT good, bad, \"any\", none FROM ratings"))
                .containsExactly("true|false|true|null");
        command.succeed("rollback", "base", "--defaults-file", "liquibase.properties");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a BOOLEAN, CHECK (a IN (0, 1))", "a BOOLEAN CHECK (a = 1)", "a BOOLEAN DEFAULT 2"})
    void a_truth_that_is_a_number_elsewhere_is_for_sqlite_only(String columns) throws Exception {
        modelIsHeadAnd("CREATE TABLE x (" + columns + ")");
        assertThat(generate()).contains("\nonly      for SQLite,");
    }

    @Test
    void only_what_cannot_be_done_writes_no_revision() throws Exception {
        Command.in(folder).on(model.url()).succeed("update", "002");
        model.execute(AdoptionContract.script("sqlite", "alembic-003").replace("VARCHAR(200)", "VARCHAR(300)"));
        Map<String, String> before = files.contents();
        assertThat(generate()).isEqualTo("""
                        not done  table tags: label VARCHAR(200) NOT NULL -> label VARCHAR(300) NOT NULL
                                  by hand: a new column or table, filled from the old one, where the rows matter
                        no revision was written
                        """);
        assertThat(files.contents()).isEqualTo(before);
    }

    @Test
    void the_order_of_columns_white_space_and_case_are_no_difference() throws Exception {
        Command.in(folder).on(model.url()).succeed("update", "002");
        model.execute(AdoptionContract.script("sqlite", "alembic-003")
                .replace("\tid INTEGER NOT NULL, \n", "")
                .replace("category VARCHAR(100)", "CATEGORY  varchar(100), id INTEGER NOT NULL"));
        assertThat(generate()).isEqualTo("nothing differs: no revision was written\n");
    }

    @Test
    void the_order_of_a_columns_clauses_is_no_difference() throws Exception {
        String table = "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT %s)";
        new Folder(folder)
                .add(
                        "004_a",
                        table.formatted("NOT NULL DEFAULT 'x' COLLATE NOCASE CHECK (b IS NOT NULL)"),
                        "DROP TABLE a");
        modelIsHeadAnd(table.formatted("CHECK (b IS NOT NULL) COLLATE NOCASE DEFAULT 'x' NOT NULL"));
        assertThat(generate()).isEqualTo("nothing differs: no revision was written\n");
        model.execute("DROP TABLE a; " + table.formatted("CHECK (b IS NOT NULL) COLLATE NOCASE DEFAULT 'y' NOT NULL"));
        assertThat(generate()).contains("not done  table a: b TEXT NOT NULL DEFAULT 'x'");
    }

    @Test
    void a_rename_that_a_constraint_shows_is_called_one() throws Exception {
        String table =
                "CREATE TABLE a (id INTEGER PRIMARY KEY, %1$s INTEGER, c INTEGER, UNIQUE (%1$s, c), CHECK (%1$s < c))";
        new Folder(folder).add("004_a", table.formatted("old"), "DROP TABLE a");
        modelIsHeadAnd(table.formatted("now"));
        assertThat(generate().lines().sorted())
                .containsExactly(
                        "          by hand: a new column or table, filled from the old one, where the rows matter",
                        "no revision was written",
                        "not done  table a: CHECK (old < c) -> CHECK (now < c), a rename: ALTER TABLE … RENAME COLUMN old TO now",
                        "not done  table a: UNIQUE (old, c) -> UNIQUE (now, c), a rename: ALTER TABLE … RENAME COLUMN old TO now");
    }

    @Test
    void a_check_of_the_models_writes_nothing_and_answers_by_its_exit_code() throws Exception {
        modelIsHeadAnd("CREATE TABLE a (id INTEGER)");
        Map<String, String> before = new Folder(folder).contents();
        assertThat(run("revision", "--check", "--model", model.url())).isEqualTo(new Command.Result(3, """
                pending   CREATE TABLE a (id INTEGER)
                1 differs: seedarr-db revision --autogenerate writes a revision
                """, ""));
        assertThat(run("revision", "--check", "--model", model.url(), "-m", "a").err())
                .startsWith("error: --check writes no revision\n");
        assertThat(new Folder(folder).contents()).isEqualTo(before);
        model.execute("DROP TABLE a");
        assertThat(run("revision", "--check", "--model", model.url()))
                .isEqualTo(new Command.Result(0, "nothing differs: no revision was written\n", ""));
    }

    @Test
    void a_database_that_is_not_up_to_date_is_not_compared() throws Exception {
        modelIsHeadAnd("CREATE TABLE a (id INTEGER)");
        database.makeV1();
        Command.Result result =
                run("revision", "-m", "a", "--autogenerate", "--model", model.url(), "--url", database.url());
        assertThat(result.err()).startsWith("error: " + database.url() + " is not up to date");
        assertThat(result.exitCode()).isEqualTo(1);
    }
}
