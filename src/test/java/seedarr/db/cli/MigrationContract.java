package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What every command promises, on either kind of database. */
interface MigrationContract {

    /** The revisions that Alembic had as well: the facts are about their schemas. */
    List<String> REVISIONS = List.of("001_add_checkpoint_fields", "002_add_tmdb_cache", "003_add_tags_table");

    String ROWS = "SELECT id, file_path, status, error_message, created_at, updated_at FROM file_entries ORDER BY id";

    /** Returns the database of the test; empty, or not there, until the test fills it. */
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

    /** A command with a copy of the changelog in which a text is another. */
    default String[] withChangelog(String file, String text, String by, String... args) throws Exception {
        new Folder(folder()).withChangelog().replace(file, text, by);
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--defaults-file", "liquibase.properties"));
        return all.toArray(String[]::new);
    }

    /** Every revision of the changelog, as the command itself names them. */
    @SuppressWarnings("unchecked")
    default List<String> revisions() {
        Map<String, Object> history = (Map<String, Object>) json("history", "--json");
        return ((List<Map<String, Object>>) history.get("revisions"))
                .stream().map(row -> (String) row.get("revision")).toList();
    }

    default Object json(String... args) {
        return new Yaml().load(command().succeed(args));
    }

    default void refuses(int exitCode, String err, String... args) throws Exception {
        List<String> before = database().contents();
        Command.Result result = command().run(args);
        assertThat(result.err()).isEqualTo(err);
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(database().contents()).isEqualTo(before);
    }

    // Up and down

    @Test
    default void goes_up_and_down_one_revision_at_a_time_from_v1() throws Exception {
        database().makeV1();
        goes_up_and_down();
    }

    @Test
    default void goes_up_and_down_one_revision_at_a_time_from_nothing() throws Exception {
        goes_up_and_down();
    }

    private void goes_up_and_down() throws Exception {
        for (String revision : REVISIONS) {
            command().succeed("update", revision);
            assertThat(database().schema()).as(revision).isEqualTo(facts(revision));
            assertThat(command().succeed("current")).isEqualTo(revision + "\n");
        }
        assertThat(database().query("SELECT ID, TAG FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED"))
                .containsExactlyElementsOf(REVISIONS.stream()
                        .map(revision -> revision + "|" + revision)
                        .toList());
        for (String revision : List.of("002_add_tmdb_cache", "001_add_checkpoint_fields", "base")) {
            command().succeed("rollback-count", "1");
            assertThat(database().schema()).as("down to " + revision).isEqualTo(facts(revision));
            assertThat(command().succeed("current")).isEqualTo(revision + "\n");
        }
    }

    @Test
    default void relative_steps_are_those_of_alembic() throws Exception {
        database().makeV1();
        command().succeed("update", "+1");
        assertThat(command().succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
        command().succeed("update", "+2");
        assertThat(command().succeed("current")).isEqualTo("003_add_tags_table\n");
        command().succeed("rollback", "-2");
        assertThat(command().succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
    }

    // Rehearsals

    @Test
    default void a_rehearsal_does_all_of_the_work_and_undoes_it() throws Exception {
        database().makeV1();
        command().succeed("update", "001");
        List<String> before = database().contents();
        for (String words : List.of("update", "update +1", "rollback base", "rollback -1", "rollback-count 1")) {
            assertThat(command().succeed((words + " --dry-run").split(" ")))
                    .contains(" ms\n")
                    .endsWith("\nnothing was changed: this was a rehearsal; the database is still at"
                            + " 001_add_checkpoint_fields\n");
            assertThat(database().contents()).as(words).isEqualTo(before);
        }
        assertThat(json("update", "--dry-run", "--json"))
                .extracting("current", "dryRun", "from")
                .containsExactly("001_add_checkpoint_fields", true, "001_add_checkpoint_fields");
    }

    @Test
    default void a_rehearsal_runs_into_what_the_command_itself_would() throws Exception {
        database().makeV1();
        command().succeed("update", "002");
        database().execute("CREATE VIEW mine AS SELECT tmdb_id FROM tmdb_cache");
        List<String> before = database().contents();
        Command.Result rehearsed = command().run("rollback", "001", "--dry-run");
        assertThat(rehearsed.err()).contains("mine");
        assertThat(database().contents()).isEqualTo(before);
        assertThat(command().run("rollback", "001").err()).isEqualTo(rehearsed.err());
    }

    private Map<String, Object> facts(String revision) throws Exception {
        return new TreeMap<>((Map<?, ?>) database().facts().get(revision))
                .entrySet().stream()
                        .collect(
                                TreeMap::new,
                                (map, entry) -> map.put("" + entry.getKey(), entry.getValue()),
                                Map::putAll);
    }

    @Test
    default void every_revision_of_the_changelog_goes_up_down_and_up_again() throws Exception {
        database().makeV1();
        List<String> rows = database().query(ROWS);
        assertThat(revisions()).containsAll(REVISIONS);
        for (String revision : revisions()) {
            List<String> before = database().schemaText();
            command().succeed("update", revision);
            List<String> after = database().schemaText();
            assertThat(after).as(revision + " changes the schema").isNotEqualTo(before);
            command().succeed("rollback-count", "1");
            assertThat(database().schemaText()).as(revision + " down").isEqualTo(before);
            command().succeed("update", revision);
            assertThat(database().schemaText()).as(revision + " up again").isEqualTo(after);
        }
        command().succeed("status", "--check");
        List<String> head = database().schemaText();
        command().succeed("rollback", "base");
        command().succeed("update");
        assertThat(database().schemaText()).isEqualTo(head);
        assertThat(database().query(ROWS)).isEqualTo(rows);
    }

    @Test
    default void a_v1_schema_and_its_rows_are_the_same_after_up_and_down() throws Exception {
        database().makeV1();
        List<String> schema = database().schemaText();
        List<String> rows = database().query(ROWS);
        command().succeed("update");
        assertThat(database().query(ROWS)).isEqualTo(rows);
        command().succeed("rollback", "base");
        assertThat(database().query(ROWS)).isEqualTo(rows);
        assertThat(database().schemaText()).isEqualTo(schema);
        assertThat(database().query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("0");
    }

    @Test
    default void file_entries_stays_when_all_is_undone_that_began_with_nothing() throws Exception {
        command().succeed("update");
        List<String> head = database().schemaText();
        command().succeed("rollback", "base");
        assertThat(database().query(ROWS)).isEmpty();
        command().succeed("update");
        assertThat(database().schemaText()).isEqualTo(head);
    }

    @Test
    default void nothing_and_v1_come_to_the_same_schema() throws Exception {
        command().succeed("update");
        TestDatabase v1 = another();
        v1.makeV1();
        on(v1).succeed("update");
        assertThat(v1.schema()).isEqualTo(database().schema());
        assertThat(v1.query(TestDatabase.HISTORY)).isEqualTo(database().query(TestDatabase.HISTORY));
    }

    @Test
    default void a_second_update_has_nothing_to_do() throws Exception {
        command().succeed("update");
        List<String> before = database().contents();
        assertThat(command().succeed("update"))
                .isEqualTo("nothing to do: " + database().shown() + " is at " + head() + "\n");
        assertThat(command().succeed("update", "001")).startsWith("nothing to do: ");
        assertThat(command().succeed("rollback", "head")).startsWith("nothing to do: ");
        assertThat(command().succeed("update", "--sql")).isEmpty();
        assertThat(database().contents()).isEqualTo(before);
    }

    private String head() {
        return revisions().get(revisions().size() - 1);
    }

    // What the commands say

    @Test
    default void update_and_rollback_print_the_plan_each_revision_and_where_the_database_stands() throws Exception {
        database().makeV1();
        assertThat(Command.withoutBackup(command().succeed("update", "002")).replaceAll("[0-9]+ ms", "N ms"))
                .isEqualTo("""
                database  %s
                from      base
                to        002_add_tmdb_cache (2 revisions)
                  up    001_add_checkpoint_fields  N ms
                  up    002_add_tmdb_cache         N ms
                done: the database is at 002_add_tmdb_cache
                """.formatted(database().shown()));
        assertThat(Command.withoutBackup(command().succeed("rollback", "001")).replaceAll("[0-9]+ ms", "N ms"))
                .isEqualTo("""
                database  %s
                from      002_add_tmdb_cache
                to        001_add_checkpoint_fields (1 revision)
                  down  002_add_tmdb_cache  N ms
                done: the database is at 001_add_checkpoint_fields
                """.formatted(database().shown()));
    }

    @Test
    default void status_current_and_history_agree_on_the_way_up() throws Exception {
        List<String> all = revisions();
        says_how_it_stands("base", List.of(), all);
        for (int i = 0; i < all.size(); i++) {
            command().succeed("update", all.get(i));
            says_how_it_stands(all.get(i), all.subList(0, i + 1), all.subList(i + 1, all.size()));
        }
        command().succeed("rollback", "base");
        says_how_it_stands("base", List.of(), all);
    }

    private void says_how_it_stands(String current, List<String> applied, List<String> pending) {
        assertThat(command().succeed("current")).isEqualTo(current + "\n");
        assertThat(json("current", "--json")).isEqualTo(Map.of("current", current));
        Map<?, ?> status = new TreeMap<>((Map<?, ?>) json("status", "--json"));
        assertThat(status.remove("exists")).isInstanceOf(Boolean.class);
        assertThat(status.remove("adoptable")).isNull();
        assertThat(status.remove("notAdoptable")).isNull();
        assertThat(status)
                .isEqualTo(Map.of(
                        "database", database().shown(),
                        "current", current,
                        "upToDate", pending.isEmpty(),
                        "applied", applied,
                        "pending", pending,
                        "edited", List.of(),
                        "unknown", List.of(),
                        "others", List.of(),
                        "alembic", List.of()));
        assertThat(command().run("status", "--check").exitCode()).isEqualTo(pending.isEmpty() ? 0 : 3);
        assertThat(command().run("status", "--check", "--json").exitCode()).isEqualTo(pending.isEmpty() ? 0 : 3);
        String text = command().succeed("status");
        assertThat(text)
                .matches("(?s)database  " + Pattern.quote(database().shown()) + "( \\(not there yet\\))?\ncurrent   "
                        + current + "\n.*")
                .endsWith(
                        pending.isEmpty() ? "\nup to date\n" : "\n" + pending.size() + " pending: seedarr-db update\n");
        assertThat(text.lines().filter(line -> line.startsWith("  applied  ")))
                .hasSize(applied.size())
                .allMatch(
                        line -> line.matches("  applied  \\S+ +20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?"));
        assertThat(command().succeed("history").lines().filter(line -> !line.endsWith("  -")))
                .hasSize(applied.size());
    }

    @Test
    default void a_prefix_that_only_one_revision_has_will_do() throws Exception {
        command().succeed("update", "001");
        assertThat(command().succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
        command().succeed("update", "002_add");
        assertThat(command().succeed("current")).isEqualTo("002_add_tmdb_cache\n");
        command().succeed("update", "head");
        assertThat(command().succeed("current")).isEqualTo(head() + "\n");
        command().succeed("rollback", "001_");
        assertThat(command().succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
        command().succeed("rollback", "base");
        assertThat(command().succeed("current")).isEqualTo("base\n");
        command().succeed("update");
        command().succeed("rollback-count", "" + revisions().size());
        assertThat(command().succeed("current")).isEqualTo("base\n");
        assertThat(command().succeed("show", "003_")).startsWith("003_add_tags_table\n");
    }

    @Test
    default void show_has_the_sql_of_this_kind_of_database() throws Exception {
        String id = database() instanceof Postgres ? "id SERIAL NOT NULL" : "id INTEGER NOT NULL";
        String time = database() instanceof Postgres ? "TIMESTAMP WITHOUT TIME ZONE" : "DATETIME";
        List<String> before = database().contents();
        String shown = command().succeed("show", "003");
        assertThat(shown).contains("\n-- up\nCREATE TABLE tags", id, "created_at " + time + " NOT NULL", "\n-- down\n");
        assertThat(shown.substring(shown.indexOf("-- down")))
                .contains("DROP TABLE tags;\n")
                .doesNotContain("CREATE");
        assertThat(shown).doesNotContain("${");
        assertThat(database().contents()).isEqualTo(before);
    }

    // What is refused

    @Test
    default void what_cannot_be_is_refused_and_nothing_changes() throws Exception {
        database().makeV1();
        command().succeed("update", "001");
        String known = String.join(", ", revisions());
        for (String args : List.of("update 9", "rollback 9", "show 9", "update 9 --sql", "update 001_ADD")) {
            refuses(2, """
                    error: there is no revision %s
                    try: one of %s
                    """.formatted(args.split(" ")[1], known), args.split(" "));
        }
        refuses(2, """
                error: 00 means more than one revision
                try: one of %s
                """.formatted(known), "update", "00");
        refuses(2, """
                error: 003_add_tags_table is not applied, so nothing can be undone down to it
                try: seedarr-db status, to see what is applied
                """, "rollback", "003");
        refuses(2, """
                error: cannot undo 2 revisions: 1 is applied
                try: a number from 1 to 1
                """, "rollback-count", "2");
        refuses(2, """
                error: cannot undo 2 revisions: 1 is applied
                try: a number from 1 to 1
                """, "rollback-count", "2", "--sql");
    }

    @Test
    default void an_unmanaged_database_has_nothing_to_undo() throws Exception {
        database().makeV1();
        refuses(2, """
                error: cannot undo 1 revision: 0 are applied
                try: seedarr-db status
                """, "rollback-count", "1");
    }

    @Test
    default void a_database_that_is_ahead_is_neither_extended_nor_undone() throws Exception {
        command().succeed("update", "002");
        database()
                .execute("INSERT INTO DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE,"
                        + " MD5SUM) VALUES ('099_later', 'seedarr', 'changelog/099_later.yaml', '2999-01-01 00:00:00',"
                        + " 99, 'EXECUTED', '9:0')");
        for (String args : List.of("update", "update 001", "rollback base", "rollback-count 1", "update --sql")) {
            refuses(1, """
                    error: the database is ahead of this changelog: it has 099_later
                    try: the release of seedarr-db that applied it, to go up or down
                    """, args.split(" "));
        }
        assertThat(command().run("status", "--check").exitCode()).isEqualTo(3);
        assertThat(command().succeed("status"))
                .contains("\ncurrent   099_later\n", "\n  unknown  099_later\n")
                .endsWith(
                        "\nahead of this changelog: use the release of seedarr-db that applied it, to go up or down\n");
        assertThat(command().succeed("history")).contains("2999-01-01 00:00:00", "unknown to this changelog");
    }

    @Test
    default void an_edited_revision_stops_everything() throws Exception {
        command().succeed("update");
        database().execute("UPDATE DATABASECHANGELOG SET MD5SUM = '9:0' WHERE ID LIKE '002%'");
        for (String args : List.of("update", "rollback base", "rollback-count 1", "rollback 001 --sql")) {
            refuses(1, """
                    error: 002_add_tmdb_cache was edited after it was applied (its checksum differs)
                    try: the release of seedarr-db that applied it; if the edit is yours, undo it, seedarr-db rollback \
                    001_add_checkpoint_fields, and edit again; or restore a backup
                    """, args.split(" "));
        }
        assertThat(command().run("status", "--check").exitCode()).isEqualTo(3);
        assertThat(command().succeed("status")).contains("\n  edited   002_add_tmdb_cache");
    }

    @Test
    default void a_database_of_another_application_is_refused() throws Exception {
        database().execute("CREATE TABLE users (id INTEGER); CREATE TABLE posts (id INTEGER)");
        refuses(1, """
                error: this is not a database of Seedarr: it has no file_entries, but posts, users
                nothing was changed
                try: check which database the URL names
                """, "update");
        refuses(1, """
                error: this is not a database of Seedarr: it has no file_entries, but posts, users
                nothing was changed
                try: check which database the URL names
                """, "update", "--sql");
    }

    @Test
    default void a_file_entries_of_something_else_is_refused() throws Exception {
        database().execute("CREATE TABLE file_entries (id INTEGER, name TEXT)");
        refuses(1, """
                error: this file_entries is not that of Seedarr: it has only id, name
                nothing was changed
                try: check which database the URL names
                """, "update");
    }

    // All or nothing

    @Test
    default void a_third_revision_that_fails_leaves_nothing() throws Exception {
        database().makeV1();
        a_third_revision_fails();
    }

    @Test
    default void a_third_revision_that_fails_leaves_nothing_where_nothing_was() throws Exception {
        a_third_revision_fails();
    }

    private void a_third_revision_fails() throws Exception {
        String[] update = withChangelog("changelog/003_add_tags_table.yaml", "tags (label)", "tags (labels)", "update");
        List<String> before = database().contents();
        Command.Result result = command().run(update);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().lines().toList().get(0))
                .startsWith("error: 003_add_tags_table failed: ")
                .contains("labels");
        assertThat(result.err()).endsWith("""

                nothing was changed; the database is still at base
                try: mending what it names, then the same command again
                """);
        assertThat(result.out()).contains("\n  up    002_add_tmdb_cache").doesNotContain("done");
        assertThat(database().contents()).isEqualTo(before);
        // And the next run needs no help.
        command().succeed("update");
    }

    @Test
    default void a_rollback_that_fails_leaves_nothing_undone() throws Exception {
        database().makeV1();
        command().succeed("update", "003");
        String[] rollback = withChangelog(
                "changelog/001_add_checkpoint_fields.yaml",
                "DROP INDEX idx_file_entries_uploaded_at",
                "DROP INDEX idx_nothing",
                "rollback",
                "base");
        List<String> before = database().contents();
        Command.Result result = command().run(rollback);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("error: 001_add_checkpoint_fields failed: ")
                .contains("idx_nothing", "\nnothing was changed; the database is still at 003_add_tags_table\n");
        assertThat(result.out()).contains("\n  down  002_add_tmdb_cache");
        assertThat(database().contents()).isEqualTo(before);
        command().succeed("rollback", "base");
    }

    // Scripts

    @Test
    default void a_script_does_what_the_command_does_from_v1() throws Exception {
        database().makeV1();
        TestDatabase byCommand = another();
        byCommand.makeV1();
        a_script_does_what_the_command_does(byCommand);
    }

    @Test
    default void a_script_does_what_the_command_does_from_nothing() throws Exception {
        a_script_does_what_the_command_does(another());
    }

    private void a_script_does_what_the_command_does(TestDatabase byCommand) throws Exception {
        for (String args :
                List.of("update 001", "update", "rollback-count 1", "rollback base", "update", "rollback 001")) {
            List<String> before = database().contents();
            String script = command().succeed((args + " --sql").split(" "));
            assertThat(database().contents()).as("--sql touches nothing").isEqualTo(before);
            database().executeScript(script);
            on(byCommand).succeed(args.split(" "));
            assertThat(database().schemaText()).as(args).isEqualTo(byCommand.schemaText());
            assertThat(database().query(TestDatabase.HISTORY))
                    .as(args)
                    .isEqualTo(byCommand.query(TestDatabase.HISTORY));
            assertThat(database().query(ROWS)).isEqualTo(byCommand.query(ROWS));
            assertThat(command().run("status", "--check").exitCode())
                    .as(args)
                    .isEqualTo(on(byCommand).run("status", "--check").exitCode());
        }
        // And the command goes on from where the script left it.
        command().succeed("update");
        command().succeed("status", "--check");
        command().succeed("rollback", "base");
    }

    @Test
    default void a_script_that_fails_in_the_middle_leaves_nothing_and_none_runs_twice() throws Exception {
        database().makeV1();
        List<String> schema = database().schemaText();
        String script = command().succeed("update", "--sql");
        String wrong = script.replace("ON tags (label)", "ON tags (labels)");
        assertThat(catchThrowable(() -> database().executeScript(wrong))).hasMessageContaining("labels");
        assertThat(database().schemaText()).isEqualTo(schema);
        assertThat(command().succeed("current")).isEqualTo("base\n");
        database().executeScript(script);
        List<String> head = database().contents();
        assertThat(catchThrowable(() -> database().executeScript(script))).isNotNull();
        assertThat(database().contents()).isEqualTo(head);
        command().succeed("status", "--check");
    }

    @Test
    default void reading_changes_nothing() throws Exception {
        for (int applied = 0; applied <= 2; applied++) {
            List<String> before = database().contents();
            for (String args : List.of(
                    "current",
                    "status",
                    "status --check --json",
                    "history",
                    "show 003",
                    "update --sql",
                    "rollback base --sql")) {
                Command.Result result = command().run(args.split(" "));
                assertThat(result.exitCode()).as(args + ": " + result.err()).isIn(0, 3);
            }
            assertThat(database().contents()).isEqualTo(before);
            command().succeed("update", REVISIONS.get(applied));
        }
    }

    @Test
    default void a_lock_row_that_a_killed_liquibase_left_is_shown_and_freed() throws Exception {
        String nobody = "nothing to release: nobody holds Liquibase's lock of "
                + database().shown() + "\n";
        assertThat(command().succeed("release-locks")).isEqualTo(nobody);
        database().makeV1();
        assertThat(command().succeed("release-locks")).isEqualTo(nobody);
        command().succeed("update", "001");
        assertThat(command().succeed("release-locks")).isEqualTo(nobody);
        database()
                .execute("UPDATE DATABASECHANGELOGLOCK SET LOCKED = '1', LOCKEDBY = 'nas (10.0.0.2)',"
                        + " LOCKGRANTED = '2024-05-06 07:08:09'");
        assertThat(command().run("update", "--lock-timeout", "0").exitCode()).isEqualTo(1);
        assertThat(command().succeed("release-locks"))
                .isEqualTo("""
                database  %s
                held by   nas (10.0.0.2) since 2024-05-06 07:08:09
                done: the lock is free
                """.formatted(database().shown()));
        assertThat(database().query("SELECT count(*) FROM DATABASECHANGELOGLOCK WHERE LOCKED = '1' OR LOCKEDBY <> ''"))
                .containsExactly("0");
        assertThat(command().succeed("release-locks", "-q")).isEmpty();
        command().succeed("update");
    }

    @Test
    default void preconditions_of_the_master_hold_on_the_way_up_and_down() throws Exception {
        database().makeV1();
        command().succeed("update", "002");
        String[] update = withChangelog(
                "changelog/master.yaml",
                "databaseChangeLog:\n",
                "databaseChangeLog:\n  - preConditions: [ { sqlCheck: { expectedResult: 2, sql: SELECT 1 } } ]\n",
                "update");
        for (String[] args : List.of(update, new String[] {"rollback-count", "1", update[1], update[2]})) {
            Command.Result result = command().run(args);
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("SQL Precondition failed.  Expected '2' got '1'\nnothing was changed");
        }
    }

    @Test
    default void a_lock_table_without_its_row_gets_it_again() throws Exception {
        database().makeV1();
        command().succeed("update", "001");
        database().execute("DELETE FROM DATABASECHANGELOGLOCK");
        command().succeed("update");
        assertThat(database().query("SELECT count(*) FROM DATABASECHANGELOGLOCK WHERE LOCKEDBY IS NULL"))
                .containsExactly("1");
    }

    @Test
    default void a_revision_without_a_rollback_block_says_so() throws Exception {
        database().makeV1();
        new Folder(folder()).withChangelog().add("004_test", "SELECT 1", "SELECT 1");
        new Folder(folder())
                .replace("changelog/004_test.yaml", "      rollback:\n        - sql: { sql: \"SELECT 1\" }\n", "");
        String[] options = {"--defaults-file", "liquibase.properties"};
        command().succeed("update", options[0], options[1]);
        assertThat(command().run("rollback-count", "1", options[0], options[1]).err())
                .isEqualTo("""
                error: 004_test has no rollback block, so it cannot be undone
                nothing was changed; the database is still at 004_test
                try: a backup; or that block in changelog/004_test.yaml
                """);
    }
}
