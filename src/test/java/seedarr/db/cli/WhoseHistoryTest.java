package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose the rows of the history are: this changelog's, a newer release's, or another changelog's. */
class WhoseHistoryTest {

    private static final String PATHS = "SELECT ID, FILENAME FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED, ID";

    @TempDir
    Path folder;

    private TestDatabase database;
    private Command command;

    private void at002(TestDatabase.Kind kind) throws Exception {
        database = kind.empty(folder);
        database.makeV1();
        command = Command.in(folder).on(database.url());
        command.succeed("update", "002");
    }

    private void insert(String id, String author, String file, int order) throws Exception {
        database.execute("INSERT INTO DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE,"
                + " MD5SUM, LIQUIBASE, DEPLOYMENT_ID) VALUES ('" + id + "', '" + author + "', '" + file
                + "', '2999-01-01 00:00:00', " + order + ", 'EXECUTED', '9:0', '4.33.0', '1')");
    }

    // Another changelog

    @ParameterizedTest
    @EnumSource
    void rows_of_another_changelog_stop_nothing_and_are_never_touched(TestDatabase.Kind kind) throws Exception {
        at002(kind);
        insert("1", "me", "own.yaml", 3);
        String row = "SELECT * FROM DATABASECHANGELOG WHERE ID = '1'";
        List<String> before = database.query(row);

        assertThat(command.succeed("status"))
                .contains("\ncurrent   002_add_tmdb_cache\n")
                .endsWith("\n  another's  1, of own.yaml\n1 pending: seedarr-db update\n");
        assertThat(command.succeed("status", "--json")).contains("\"unknown\": []", "\"others\": [\"1\"]");
        assertThat(command.succeed("history"))
                .endsWith("\n" + "1                          2999-01-01 00:00:00  another changelog's: own.yaml\n");
        database.executeScript(command.succeed("update", "--sql"));
        command.succeed("status", "--check");
        command.succeed("verify");
        command.succeed("rollback-count", "1");
        command.succeed("rollback", "base");
        assertThat(command.succeed("current")).isEqualTo("base\n");
        assertThat(database.query(row)).isEqualTo(before);
        assertThat(database.query(PATHS)).containsExactly("1|own.yaml");

        command.succeed("update");
        command.succeed("status", "--check");
    }

    @ParameterizedTest
    @EnumSource
    void a_database_that_only_another_changelog_knows_is_adopted_and_restored_as_one_without_history(
            TestDatabase.Kind kind) throws Exception {
        at002(kind);
        database.execute("DELETE FROM DATABASECHANGELOG");
        insert("1", "me", "own.yaml", 1);
        assertThat(command.run("update").err()).startsWith("error: the database has 002_add_tmdb_cache already");
        String adopted = command.succeed("adopt");
        assertThat(adopted).contains("\n  recorded  002_add_tmdb_cache\n");
        if (kind == TestDatabase.Kind.SQLITE) {
            command.succeed("restore", adopted.replaceFirst("(?s).*seedarr-db restore (\\S+).*", "$1"));
            assertThat(command.succeed("current")).isEqualTo("base\n");
            assertThat(database.query(PATHS)).containsExactly("1|own.yaml");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"099_later else", "99_x me", "later seedarr"})
    void a_number_or_an_author_of_ours_is_ahead(String row) throws Exception {
        at002(TestDatabase.Kind.SQLITE);
        insert(row.split(" ")[0], row.split(" ")[1], "own.yaml", 3);
        assertThat(command.run("update").err())
                .startsWith("error: the database is ahead of this changelog: it has " + row.split(" ")[0] + "\n");
        assertThat(command.run("status", "--check").exitCode()).isEqualTo(3);
    }

    // Another path

    private void moveTheHistory() throws Exception {
        database.execute("UPDATE DATABASECHANGELOG SET FILENAME = 'db/' || FILENAME");
    }

    @ParameterizedTest
    @EnumSource
    void a_revision_under_another_path_is_the_same_and_gets_its_path_when_there_is_something_to_do(
            TestDatabase.Kind kind) throws Exception {
        at002(kind);
        moveTheHistory();
        List<String> before = database.contents();
        assertThat(command.succeed("status"))
                .contains("  applied  001_", "  applied  002_", "  pending  003_")
                .doesNotContain("another");
        assertThat(command.succeed("update", "002")).startsWith("nothing to do");
        assertThat(database.contents()).isEqualTo(before);

        String history = "\nhistory   2 revisions had another path than the changelog has now\n  ";
        assertThat(command.succeed("rollback-count", "1")).contains("(1 revision)" + history + "down  002_");
        assertThat(database.query(PATHS))
                .containsExactly("001_add_checkpoint_fields|changelog/001_add_checkpoint_fields.yaml");
        assertThat(command.succeed("update", "002")).doesNotContain("history ");

        moveTheHistory();
        String script = command.succeed("update", "--sql");
        assertThat(script.toUpperCase()).contains("UPDATE ").contains("SET FILENAME = 'CHANGELOG/001_");
        database.executeScript(script);
        command.succeed("status", "--check");
        assertThat(String.join("\n", database.query(PATHS))).doesNotContain("db/");

        database.execute("DELETE FROM DATABASECHANGELOG WHERE ID LIKE '003%'");
        moveTheHistory();
        assertThat(command.succeed("adopt")).contains(history + "recorded  003_");
        command.succeed("rollback", "base");
        assertThat(database.query(PATHS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void a_revision_with_a_row_for_each_of_two_paths_is_undone_once(int order) throws Exception {
        at002(TestDatabase.Kind.SQLITE);
        database.execute("INSERT INTO DATABASECHANGELOG SELECT ID, AUTHOR, 'db/001.yaml', DATEEXECUTED, " + order
                + ", EXECTYPE, MD5SUM, DESCRIPTION, COMMENTS, TAG, LIQUIBASE, CONTEXTS, LABELS, DEPLOYMENT_ID"
                + " FROM DATABASECHANGELOG WHERE ID LIKE '001%'");
        assertThat(command.succeed("current")).isEqualTo("002_add_tmdb_cache\n");
        assertThat(command.run("rollback-count", "3").firstErrorLine())
                .contains("error: cannot undo 3 revisions: 2 are applied");
        command.succeed("rollback-count", "1");
        assertThat(command.succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
        command.succeed("rollback-count", "1");
        assertThat(database.query(PATHS)).isEmpty();
    }

    // Checksums

    @ParameterizedTest
    @ValueSource(strings = {"'8:d41d8cd98f00b204e9800998ecf8427e'", "NULL"})
    void a_checksum_of_an_older_version_is_accepted_and_stays(String checksum) throws Exception {
        at002(TestDatabase.Kind.SQLITE);
        database.execute("UPDATE DATABASECHANGELOG SET MD5SUM = " + checksum);
        String stays = "SELECT count(*) FROM DATABASECHANGELOG WHERE ID < '003' AND MD5SUM IS " + checksum;
        command.succeed("update");
        command.succeed("status", "--check");
        assertThat(database.query(stays)).containsExactly("2");
        database.execute("DELETE FROM DATABASECHANGELOG WHERE ID LIKE '003%'");
        command.succeed("adopt");
        assertThat(database.query(stays)).containsExactly("2");
        command.succeed("rollback-count", "2");
        assertThat(database.query(stays)).containsExactly("1");
        command.succeed("rollback", "base");
    }

    // What verify says

    @Test
    void verify_advises_another_name_only_for_a_revision_that_was_never_released() throws Exception {
        new Folder(folder).withChangelog().add("004_one", "SELECT 1", "SELECT 1");
        new Folder(folder).add("004_two", "SELECT 1", "SELECT 1");
        new Folder(folder).replace("changelog/004_one.yaml", "id: 004_one", "id: one");
        new Folder(folder).replace("changelog/004_one.yaml", "tag: 004_one", "tag: one");
        new Folder(folder).replace("changelog/004_one.yaml", "logicalFilePath: changelog/", "logicalFilePath: db/");
        database = TestDatabase.Kind.SQLITE.empty(folder);
        database.makeV1();
        command = Command.in(folder).on(database.url()).with(folder.resolve("liquibase.properties"));
        String[] faults = {
            "changelog/004_one.yaml: has the id one",
            "changelog/004_one.yaml: has logicalFilePath: db/004_one.yaml",
            "changelog/004_two.yaml: has the number 004, which changelog/004_one.yaml has as well"
        };
        assertThat(command.run("verify").out())
                .contains(
                        faults[0] + "\n  try: id: 004_one, as the file is named, but only if it was never released\n",
                        faults[1]
                                + "\n  try: logicalFilePath: changelog/004_one.yaml, but only if it was never released\n",
                        faults[2] + "\n  try: the next free number, but only if it was never released\n");
    }

    // Settings

    @ParameterizedTest
    @ValueSource(
            strings = {
                "databaseChangelogTableName",
                "liquibase.databaseChangeLogTableName",
                "liquibase.database-changelog-lock-table-name",
                "liquibaseSchemaName",
                "liquibase.command.defaultSchemaName",
                "default-catalog-name",
                "liquibase.liquibaseTablespaceName",
                "parameter.type.time",
                "liquibase.command.update.label-filter",
                "contexts",
                "searchPath"
            })
    void a_setting_by_which_a_stock_tool_would_go_another_way_is_refused_by_name(String setting) throws Exception {
        at002(TestDatabase.Kind.SQLITE);
        Path properties = folder.resolve("liquibase.properties");
        String shipped = Files.readString(Folder.INSTALLATION.resolve("liquibase.properties"));
        Files.writeString(properties, shipped.replace("=changelog/", "=" + Folder.INSTALLATION + "/changelog/"));
        Files.writeString(
                properties, "\n" + setting + "=\ndriver=org.sqlite.JDBC\nusername=other\n", StandardOpenOption.APPEND);
        command.with(properties).succeed("status");
        Files.writeString(properties, setting + ": other\n", StandardOpenOption.APPEND);
        for (String args : List.of("status", "update", "verify --offline")) {
            assertThat(command.with(properties).run(args.split(" ")))
                    .isEqualTo(new Command.Result(2, "", """
                            error: %s has %s, which seedarr-db does not follow: a stock tool would go another way
                            try: leaving it out
                            """.formatted(properties, setting)));
        }
    }

    // An odd table

    @ParameterizedTest
    @EnumSource
    void a_history_table_without_a_column_is_refused_everywhere_with_what_adds_it(TestDatabase.Kind kind)
            throws Exception {
        for (String column : List.of("EXECTYPE", "ORDEREXECUTED", "MD5SUM", "LIQUIBASE")) {
            at002(kind);
            database.execute("ALTER TABLE DATABASECHANGELOG DROP COLUMN " + column);
            String error = null;
            for (String args : List.of("status", "update", "rollback base")) {
                Command.Result result = command.run(args.split(" "));
                assertThat(result.exitCode()).isEqualTo(1);
                assertThat(result.firstErrorLine())
                        .contains(
                                "error: the history table has no column " + column + ", as an older Liquibase made it");
                error = result.err();
            }
            Command.Result verify = command.run("verify");
            assertThat(verify.exitCode()).isEqualTo(3);
            assertThat(verify.out()).contains(": the history table has no column " + column);
            database.execute(error.replaceFirst("(?s).*try: ", ""));
            command.succeed("update");
            command.succeed("status", "--check");
            command.succeed("rollback", "base");
        }
    }

    @ParameterizedTest
    @EnumSource
    void columns_that_only_say_more_are_added_when_there_is_something_to_do(TestDatabase.Kind kind) throws Exception {
        for (String column : List.of("DESCRIPTION", "COMMENTS", "TAG", "LABELS", "DEPLOYMENT_ID")) {
            at002(kind);
            database.execute("ALTER TABLE DATABASECHANGELOG DROP COLUMN " + column);
            command.succeed("status");
            command.succeed("update");
            assertThat(database.query("SELECT count(" + column + ") FROM DATABASECHANGELOG"))
                    .hasSize(1);
        }
    }

    @Test
    void tables_and_columns_of_the_history_may_have_their_names_in_small_letters() throws Exception {
        at002(TestDatabase.Kind.SQLITE);
        for (String table : List.of("databasechangelog", "databasechangeloglock")) {
            database.execute("ALTER TABLE " + table + " RENAME TO x; ALTER TABLE x RENAME TO " + table);
        }
        for (String column : List.of("ID", "AUTHOR", "FILENAME", "ORDEREXECUTED", "EXECTYPE", "MD5SUM", "TAG")) {
            database.execute("ALTER TABLE databasechangelog RENAME COLUMN " + column + " TO " + column.toLowerCase());
        }
        assertThat(command.succeed("status")).contains("  applied  002_");
        assertThat(command.succeed("verify")).endsWith("no faults\n");
        database.executeScript(command.succeed("update", "--sql"));
        command.succeed("status", "--check");
        command.succeed("rollback", "base");
        command.succeed("update");
        assertThat(database.query("SELECT name FROM sqlite_schema WHERE name LIKE 'databasechange%' ORDER BY name"))
                .containsExactly("databasechangelog", "databasechangeloglock");
    }
}
