package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The whole output of the commands that read and of those that write. AT stands for a time, N for a number. */
class OutputTest {

    private static final List<String> REVISIONS =
            List.of("001_add_checkpoint_fields", "002_add_tmdb_cache", "003_add_tags_table");

    @TempDir
    Path folder;

    private Sqlite database;
    private Command command;

    @BeforeEach
    void v1() throws Exception {
        database = Sqlite.v1(folder);
        command = Command.in(folder).on(database.url());
    }

    private String normalized(String output) {
        return output.replace(folder.toString(), "DIR")
                .replaceAll("20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", "AT")
                .replaceAll("[0-9]+ ms", "N ms")
                .replaceAll("20[0-9]{6}T[0-9]{6}Z", "TIME");
    }

    private void ahead() throws Exception {
        database.execute("INSERT INTO DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE,"
                + " MD5SUM) VALUES ('004_later', 'seedarr', 'changelog/004_later.yaml', '2999-01-01 00:00:00', 4,"
                + " 'EXECUTED', '9:0')");
    }

    private void edited() throws Exception {
        database.execute("UPDATE DATABASECHANGELOG SET MD5SUM = '9:0' WHERE ID LIKE '002%'");
    }

    @Test
    void update_prints_the_plan_each_revision_and_where_the_database_stands() {
        assertThat(normalized(command.succeed("update", "002"))).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                from      base
                to        002_add_tmdb_cache (2 revisions)
                  up    001_add_checkpoint_fields  N ms
                  up    002_add_tmdb_cache         N ms
                done: the database is at 002_add_tmdb_cache
                backup: seedarr-db restore DIR/seedarr.db.TIME.base.bak puts back what was there
                """);
        assertThat(command.succeed("update", "-q")).isEmpty();
        assertThat(command.succeed("current")).isEqualTo("003_add_tags_table\n");
    }

    @Test
    void rollback_prints_the_plan_each_revision_and_where_the_database_stands() {
        command.succeed("update");
        assertThat(normalized(command.succeed("rollback-count", "1"))).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                from      003_add_tags_table
                to        002_add_tmdb_cache (1 revision)
                  down  003_add_tags_table  N ms
                done: the database is at 002_add_tmdb_cache
                backup: seedarr-db restore DIR/seedarr.db.TIME.003_add_tags_table.bak puts back what was there
                """);
        assertThat(normalized(command.succeed("rollback", "base"))).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                from      002_add_tmdb_cache
                to        base (2 revisions)
                  down  002_add_tmdb_cache         N ms
                  down  001_add_checkpoint_fields  N ms
                done: the database is at base
                backup: seedarr-db restore DIR/seedarr.db.TIME.002_add_tmdb_cache.bak puts back what was there
                """);
    }

    @Test
    void status_of_a_database_in_the_middle() {
        command.succeed("update", "001");
        assertThat(normalized(command.succeed("status"))).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                current   001_add_checkpoint_fields
                  applied  001_add_checkpoint_fields  AT
                  pending  002_add_tmdb_cache
                  pending  003_add_tags_table
                2 pending: seedarr-db update
                """);
    }

    @Test
    void status_of_a_database_that_is_up_to_date() {
        command.succeed("update");
        assertThat(normalized(command.succeed("status", "--check"))).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                current   003_add_tags_table
                  applied  001_add_checkpoint_fields  AT
                  applied  002_add_tmdb_cache         AT
                  applied  003_add_tags_table         AT
                up to date
                """);
    }

    @Test
    void status_of_a_database_that_is_not_there_lists_all_as_pending() {
        Command nowhere = command.on("sqlite:///" + folder.resolve("no/seedarr.db"));
        Command.Result result = nowhere.run("status");
        assertThat(result.exitCode()).isZero();
        assertThat(normalized(result.out())).isEqualTo("""
                database  sqlite:///DIR/no/seedarr.db (not there yet)
                current   base
                  pending  001_add_checkpoint_fields
                  pending  002_add_tmdb_cache
                  pending  003_add_tags_table
                3 pending: seedarr-db update
                """);
        assertThat(nowhere.run("status", "--check").exitCode()).isEqualTo(3);
    }

    @Test
    void a_file_with_nothing_in_it_is_called_empty() throws Exception {
        Path file = folder.resolve("empty.db");
        Command empty = command.on("sqlite:///" + file);
        Files.createFile(file);
        assertThat(empty.succeed("status")).startsWith("database  sqlite:///" + file + " (empty)\n");
        assertThat(empty.succeed("update")).startsWith("database  sqlite:///" + file + " (empty)\nfrom      base\n");
    }

    @Test
    void status_of_a_database_that_is_ahead() throws Exception {
        command.succeed("update");
        ahead();
        assertThat(normalized(command.succeed("status"))).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                current   004_later
                  applied  001_add_checkpoint_fields  AT
                  applied  002_add_tmdb_cache         AT
                  applied  003_add_tags_table         AT
                  unknown  004_later
                ahead of this changelog: use the release of seedarr-db that applied it, to go up or down; or \
                seedarr-db restore DIR/seedarr.db.TIME.base.bak
                """);
        assertThat(command.succeed("current")).isEqualTo("004_later\n");
    }

    @Test
    void status_of_a_database_whose_revisions_were_edited_since() throws Exception {
        command.succeed("update");
        edited();
        assertThat(normalized(command.succeed("status"))).isEqualTo("""
                database  sqlite:///DIR/seedarr.db
                current   003_add_tags_table
                  applied  001_add_checkpoint_fields  AT
                  edited   002_add_tmdb_cache         AT
                  applied  003_add_tags_table         AT
                edited after it was applied: use the release of seedarr-db that applied it; if the edit is yours, undo it, \
                seedarr-db rollback 001_add_checkpoint_fields, and edit again; or restore a backup
                """);
    }

    @Test
    void status_check_says_no_by_its_exit_code_when_pending_ahead_or_edited() throws Exception {
        assertThat(command.run("status", "--check").exitCode()).isEqualTo(3);
        command.succeed("update", "002");
        assertThat(command.run("status", "--check").exitCode()).isEqualTo(3);
        command.succeed("update");
        assertThat(command.run("status", "--check", "-q")).isEqualTo(new Command.Result(0, "", ""));
        ahead();
        assertThat(command.run("status", "--check", "-q")).isEqualTo(new Command.Result(3, "", ""));
        database.execute("DELETE FROM DATABASECHANGELOG WHERE ID = '004_later'");
        edited();
        assertThat(command.run("status", "--check", "-q")).isEqualTo(new Command.Result(3, "", ""));
        assertThat(command.succeed("status", "-q")).isEqualTo(command.succeed("status"));
    }

    @Test
    void status_as_json() throws Exception {
        command.succeed("update", "002");
        assertThat(known(json("status", "--json")))
                .isEqualTo(Map.of(
                        "database", database.url(),
                        "current", "002_add_tmdb_cache",
                        "upToDate", false,
                        "applied", REVISIONS.subList(0, 2),
                        "pending", REVISIONS.subList(2, 3),
                        "edited", List.of(),
                        "unknown", List.of(),
                        "others", List.of(),
                        "exists", true,
                        "alembic", List.of()));
        edited();
        ahead();
        assertThat(known(json("status", "--json", "-q")))
                .isEqualTo(Map.of(
                        "database", database.url(),
                        "current", "004_later",
                        "upToDate", false,
                        "applied", REVISIONS.subList(0, 2),
                        "pending", REVISIONS.subList(2, 3),
                        "edited", REVISIONS.subList(1, 2),
                        "unknown", List.of("004_later"),
                        "others", List.of(),
                        "exists", true,
                        "alembic", List.of()));
    }

    /** Without what is null. */
    private static Map<Object, Object> known(Object facts) {
        Map<Object, Object> known = new HashMap<>((Map<?, ?>) facts);
        known.values().removeIf(Objects::isNull);
        return known;
    }

    @Test
    void json_holds_any_file_name() throws Exception {
        Sqlite odd = new Sqlite(folder.resolve("a \\ \" b.db"));
        odd.execute(Sqlite.V1);
        Map<?, ?> status = (Map<?, ?>) json(command.on(odd.url()), "status", "--json");
        assertThat(command.on(odd.url()).succeed("status")).startsWith("database  " + status.get("database") + "\n");
        assertThat(status.get("database")).asString().endsWith(".db");
    }

    private Object json(String... args) {
        return json(command, args);
    }

    private static Object json(Command command, String... args) {
        String output = command.succeed(args);
        assertThat(output.lines()).hasSize(1);
        return new Yaml().load(output);
    }

    @Test
    void current_of_each_state() {
        assertThat(command.succeed("current")).isEqualTo("base\n");
        assertThat(json("current", "--json")).isEqualTo(Map.of("current", "base"));
        command.succeed("update", "001");
        assertThat(command.succeed("current", "-q")).isEqualTo("001_add_checkpoint_fields\n");
    }

    @Test
    void history_of_a_database_in_the_middle() {
        command.succeed("update", "002");
        assertThat(normalized(command.succeed("history"))).isEqualTo("""
                001_add_checkpoint_fields  AT
                002_add_tmdb_cache         AT
                003_add_tags_table         -
                """);
    }

    @Test
    void history_of_a_database_that_is_ahead_has_the_unknown_revision_too() throws Exception {
        command.succeed("update");
        ahead();
        assertThat(command.succeed("history")).contains("004_later");
    }

    @Test
    void history_as_json() {
        command.succeed("update", "001");
        List<?> history = (List<?>) ((Map<?, ?>) json("history", "--json")).get("revisions");
        assertThat(history).hasSize(3);
        assertThat((Map<?, ?>) history.get(0)).hasSize(3).satisfies(first -> {
            assertThat(first.get("revision")).isEqualTo("001_add_checkpoint_fields");
            assertThat(first.get("appliedAt")).asString().matches("20[0-9-]{8}T[0-9:]{8}Z");
            assertThat(first.get("description")).asString().startsWith("Adds the pipeline's checkpoint timestamps");
        });
        assertThat(((Map<?, ?>) history.get(2)).get("appliedAt")).isNull();
    }

    @Test
    void show_prints_what_a_revision_is_for_and_its_sql_up_and_down() {
        String expected = """
                003_add_tags_table
                Creates tags, the tracker's tags (tag_id unique, label and updated_at indexed), so that the application has no hardcoded tag IDs, follows changes of the tracker's tags by itself and still works when the tracker's API does not.

                -- up
                CREATE TABLE tags (
                  id INTEGER NOT NULL,
                  tag_id VARCHAR(50) NOT NULL,
                  label VARCHAR(200) NOT NULL,
                  category VARCHAR(100),
                  description VARCHAR(500),
                  updated_at DATETIME NOT NULL,
                  created_at DATETIME NOT NULL,
                  PRIMARY KEY (id)
                );
                CREATE UNIQUE INDEX idx_tags_tag_id ON tags (tag_id);
                CREATE INDEX idx_tags_label ON tags (label);
                CREATE INDEX idx_tags_updated_at ON tags (updated_at);

                -- down
                DROP INDEX idx_tags_updated_at;
                DROP INDEX idx_tags_label;
                DROP INDEX idx_tags_tag_id;
                DROP TABLE tags;
                """;
        assertThat(command.succeed("show", "003")).isEqualTo(expected);
        assertThat(command.succeed("show", "head")).isEqualTo(expected);
        assertThat(command.succeed("show", "003_add_tags_table", "-q")).isEqualTo(expected);
        assertThat(command.succeed("show", "001")).contains("""
                ALTER TABLE file_entries ADD COLUMN scanned_at DATETIME;
                """).doesNotContain("DO $$", "TIMESTAMP");
    }

    @Test
    void completion_knows_every_command_and_option() {
        assertThat(command.succeed("generate-completion"))
                .startsWith("#!/usr/bin/env bash\n")
                .contains(
                        "update",
                        "rollback",
                        "rollback-count",
                        "status",
                        "current",
                        "history",
                        "show",
                        "generate-completion",
                        "--lock-timeout",
                        "--defaults-file",
                        "--check",
                        "--sql",
                        "compgen -f",
                        "complete -F");
    }

    @Test
    void completion_needs_no_database_and_no_changelog() {
        assertThat(command.on("nonsense://")
                        .run("generate-completion", "--defaults-file", "missing")
                        .exitCode())
                .isZero();
    }

    @Test
    void help_and_version_need_no_database_and_no_changelog() {
        Command lost = command.on("nonsense://");
        assertThat(lost.succeed("--version")).matches("seedarr-db [0-9]+\\.[0-9]+\\.[0-9]+\n");
        for (String name : List.of(
                "update",
                "rollback",
                "rollback-count",
                "status",
                "current",
                "history",
                "show",
                "generate-completion")) {
            assertThat(lost.succeed(name, "--help"))
                    .startsWith("Usage: seedarr-db " + name)
                    .contains("--url");
            assertThat(lost.succeed("--help")).contains("  " + name + " ");
        }
    }

    @Test
    void what_is_to_be_typed_is_called_as_the_program_was() {
        Command checkout = command.with("SEEDARR_DB_COMMAND", "../a b/seedarr-db");
        assertThat(checkout.succeed("status")).endsWith("\n3 pending: '../a b/seedarr-db' update\n");
        assertThat(checkout.succeed("update")).contains("\nbackup: '../a b/seedarr-db' restore " + folder);
        assertThat(checkout.run("upgrade").err())
                .endsWith("\ntry: '../a b/seedarr-db' update; or '../a b/seedarr-db' --help\n");
        assertThat(checkout.run("rollback-count", "4", "--json").out()).contains("\"try\": \"a number from 1 to 3\"");
    }

    @Test
    void words_of_other_tools_and_typos_lead_to_the_command_that_was_meant() {
        for (String words : List.of(
                "upgrade head -> update",
                "downgrade -1 -> rollback REV, or rollback-count 1",
                "stamp head -> adopt",
                "migrate -> update",
                "check -> status --check",
                "help -> --help",
                "version -> --version",
                "stauts -> status",
                "rolback base -> rollback",
                "relase-locks -> release-locks")) {
            String[] pair = words.split(" -> ");
            assertThat(command.run(pair[0].split(" ")).err()).contains("\ntry: seedarr-db " + pair[1]);
        }
        assertThat(command.run("update", "03_add_tags").err())
                .isEqualTo("error: there is no revision 03_add_tags\ntry: 003_add_tags_table\n");
    }

    @Test
    void colour_only_where_a_person_looks_and_did_not_ask_for_none() {
        Command person = command.onTerminal();
        assertThat(person.run("status").out()).contains("\u001b[33mpending\u001b[0m  001_add_checkpoint_fields\n");
        assertThat(person.run("update", "001").out()).contains("\u001b[32mdone: \u001b[0mthe database is at 001_");
        assertThat(person.run("status").out()).contains("\u001b[32mapplied\u001b[0m  001_add_checkpoint_fields  2");
        assertThat(person.run("update", "9").err()).startsWith("\u001b[31merror:\u001b[0m there is no revision 9\n");
        assertThat(person.with("NO_COLOR", "").run("status").out()).contains("\u001b[");
        assertThat(person.run("status", "--json").out()).doesNotContain("\u001b");
        for (Command plain : List.of(person.with("NO_COLOR", "1"), person.with("TERM", "dumb"), command)) {
            assertThat(plain.run("status").out()).doesNotContain("\u001b");
            assertThat(plain.run("update", "9").err()).doesNotContain("\u001b");
            assertThat(plain.run("--help").out()).doesNotContain("\u001b");
        }
    }
}
