package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revisions that are not finished, and properties that are not there: named by every command, and nothing is done. */
class HalfWrittenTest {

    private static final String FILE = "changelog/004_test.yaml";
    private static final String WHERE = " (" + FILE + ")\n";
    private static final String UNCHANGED = "nothing was changed\n";

    @TempDir
    Path folder;

    private Folder files;
    private Sqlite database;
    private Command command;

    @BeforeEach
    void a_database_at_003() throws Exception {
        files = new Folder(folder).withChangelog();
        database = Sqlite.v1(folder);
        command = Command.in(folder).on(database.url()).with(folder.resolve("liquibase.properties"));
        command.succeed("update");
    }

    private void refused(String problem, String remedy) throws Exception {
        List<String> before = database.contents();
        String message = "004_test " + problem + WHERE;
        for (String options : List.of("update", "update 004", "update --sql", "update --no-backup")) {
            assertThat(command.run(options.split(" ")))
                    .isEqualTo(new Command.Result(1, "", "error: " + message + UNCHANGED + "try: " + remedy + "\n"));
        }
        assertThat(command.succeed("status")).endsWith("\n1 pending, but " + message);
        assertThat(command.succeed("show", "004")).contains("\nhalf written: " + message);
        Sqlite model = new Sqlite(folder.resolve("model.db"));
        model.execute("CREATE TABLE IF NOT EXISTS another (id INTEGER)");
        assertThat(command.run("revision", "-m", "x", "--autogenerate", "--model", model.url())
                        .err())
                .isEqualTo("error: " + message + "try: " + remedy + "\n");
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void a_revision_that_is_not_filled_in() throws Exception {
        command.succeed("revision", "-m", "test");
        refused("changes nothing", "its SQL, or taking the file and its include away");
    }

    @Test
    void a_rollback_that_is_not_filled_in() throws Exception {
        files.add("004_test", "SELECT 1", "-- the SQL that undoes it");
        refused("has no rollback", "a rollback block with the SQL that undoes the changes");
    }

    @Test
    void a_statement_with_nothing_in_it() throws Exception {
        files.add("004_test", "SELECT 1;\\n-- and more", "SELECT 1");
        refused("has a statement with nothing in it", "its SQL; a comment stands before a statement");
        files.replace(FILE, "SELECT 1;\\n-- and more\" }", "SELECT 1\" }\n        - sql: { dbms: sqlite }");
        refused("has a statement with nothing in it", "its SQL; a comment stands before a statement");
    }

    @Test
    void a_missing_tag_and_one_of_another_name() throws Exception {
        files.add("004_test", "SELECT 1", "SELECT 1");
        files.replace(FILE, "tag: 004_test", "tag: 004");
        refused("has the tag 4", "- tagDatabase: { tag: 004_test } as the last change");
        files.replace(FILE, "        - tagDatabase: { tag: 004 }\n", "");
        refused("does not end in a tagDatabase", "- tagDatabase: { tag: 004_test } as the last change");
    }

    @Test
    void a_rollback_that_is_emptied_later_is_not_undone() throws Exception {
        files.add("004_test", "CREATE TABLE a (id INTEGER)", "DROP TABLE a");
        command.succeed("update");
        files.replace(FILE, "DROP TABLE a", "-- nothing");
        assertThat(command.run("rollback-count", "1").err()).startsWith("error: 004_test has no rollback" + WHERE);
        assertThat(database.query("SELECT name FROM sqlite_schema WHERE name = 'a'"))
                .hasSize(1);
    }

    @Test
    void a_revision_without_a_rollback_block_is_applied_with_a_note() throws Exception {
        files.add("004_test", "SELECT 1", "SELECT 1");
        files.replace(FILE, "      rollback:\n        - sql: { sql: \"SELECT 1\" }\n", "");
        assertThat(command.succeed("update")).contains("\nnote      004_test has no SQL that undoes it\n");
    }

    @Test
    void a_file_without_a_changeset_stops_every_command_by_its_name() throws Exception {
        files.add("004_test", "SELECT 1", "SELECT 1");
        for (String text : List.of(
                "",
                "# to do\n",
                "text\n",
                "databaseChangeLog:\n",
                "databaseChangeLog: []\n",
                "a: 1\n",
                "databaseChangeLog: [ { changeSet: { author: a, changes: [ { sql: { sql: SELECT 1 } } ] } } ]\n")) {
            Files.writeString(folder.resolve(FILE), text);
            for (String options : List.of("update", "status", "show 003", "verify --offline")) {
                Command.Result result = command.run(options.split(" "));
                assertThat(result.out() + result.err())
                        .contains(FILE + (options.startsWith("v") ? ": has " : " has "))
                        .containsPattern("has no|without an id");
                assertThat(result.out() + result.err()).doesNotContain("Error parsing", "Syntax error", "cast");
            }
        }
    }

    @Test
    void a_revision_that_a_later_one_overtook_is_named() throws Exception {
        files.add("005_later", "CREATE TABLE b (id INTEGER)", "DROP TABLE b");
        command.succeed("update");
        files.add("004_test", "CREATE TABLE a (id INTEGER)", "DROP TABLE a");
        String last = "  - include: { file: 005_later.yaml, relativeToChangelogFile: true }\n";
        files.replace("changelog/master.yaml", last, "");
        Path master = folder.resolve("changelog/master.yaml");
        Files.writeString(master, Files.readString(master) + last);
        String sentence = "004_test comes before 005_later, which is applied already\n";
        assertThat(command.run("verify").out())
                .startsWith("fault: " + database.url() + ": " + sentence
                        + "  try: seedarr-db update, which applies it now\n")
                .endsWith("\n1 fault\n");
        assertThat(command.succeed("update")).contains("\nnote      " + sentence, "\n  up    004_test");
        assertThat(command.succeed("verify")).endsWith("\nno faults\n");
    }

    @Test
    void the_environment_and_the_program_are_no_properties() throws Exception {
        String variable = System.getenv().keySet().iterator().next();
        for (String name :
                List.of(variable, "user.home", "database.typeName", "LIQUIBASE_EXECUTION_CHANGESET_ID", "a.b")) {
            Files.copy(
                    Folder.INSTALLATION.resolve("changelog/master.yaml"),
                    folder.resolve("changelog/master.yaml"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            files.add("004_test", "SELECT '${" + name + "}'", "SELECT 1");
            for (String options : List.of("update", "status", "show 004")) {
                assertThat(command.run(options.split(" ")).err())
                        .startsWith("error: " + FILE + " has ${" + name + "}, which is no property of the changelog\n");
            }
        }
    }

    @Test
    void a_property_of_one_kind_of_database_serves_its_sql_and_no_other() throws Exception {
        files.replace(
                "changelog/master.yaml",
                "  - include: { file: 001",
                "  - property: { dbms: postgresql, name: of.server, value: jsonb }\n  - include: { file: 001");
        files.add("004_test", "SELECT 1", "SELECT 1");
        files.replace(
                FILE,
                "        - sql: { splitStatements: true, sql: \"SELECT 1\" }",
                "        - sql: { dbms: sqlite, sql: CREATE TABLE a (b TEXT) }\n"
                        + "        - sql: { dbms: postgresql, sql: 'CREATE TABLE a (b ${of.server})' }");
        assertThat(command.succeed("update")).contains("up    004_test");
        assertThat(command.on("postgresql://u@h/d").succeed("show", "004")).contains("CREATE TABLE a (b jsonb)");
        files.replace(FILE, "CREATE TABLE a (b TEXT)", "'CREATE TABLE a (b ${of.server})'");
        assertThat(command.run("update").err())
                .startsWith("error: " + FILE + " has ${of.server}, which is no property of the changelog\n");
    }

    @Test
    void a_property_of_the_name_of_a_variable_is_the_changelogs_and_an_escape_is_no_property() throws Exception {
        String variable = System.getenv().keySet().iterator().next();
        files.replace(
                "changelog/master.yaml",
                "  - include: { file: 001",
                "  - property: { name: " + variable + ", value: own }\n  - include: { file: 001");
        Files.writeString(folder.resolve("changelog/more.sql"), "INSERT INTO a VALUES ('${" + variable + "} ${:y}')");
        files.add("004_test", "CREATE TABLE a AS SELECT '${" + variable + "} ${:x}' AS b", "DROP TABLE a");
        files.replace(
                FILE,
                "        - tagDatabase",
                "        - sqlFile: { path: changelog/more.sql }\n        - tagDatabase");
        command.succeed("update");
        assertThat(database.query("SELECT b FROM a")).containsExactly("own ${x}", "own ${y}");
    }
}
