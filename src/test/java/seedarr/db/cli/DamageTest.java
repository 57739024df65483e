package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.Collation;
import org.sqlite.Function;

/** A file that SQLite finds damaged: nothing is built on it. */
class DamageTest {

    @TempDir
    Path temporary;

    private Path folder;
    private Sqlite database;
    private Command command;

    @BeforeEach
    void a_database_at_002_with_rows_and_a_backup() throws Exception {
        folder = Files.createDirectory(temporary.resolve("data folder"));
        database = Sqlite.v1(folder);
        command = Command.in(temporary).on(database.url());
        command.succeed("update", "001");
        command.succeed("update", "002", "--no-backup");
        database.execute("CREATE TABLE own (id INTEGER PRIMARY KEY, text); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
                + " SELECT i + 1 FROM n WHERE i < 500) INSERT INTO own SELECT i, hex(zeroblob(500)) FROM n");
    }

    /** Fills a page of the user's table with one byte, as a failing disk does. */
    private void damage() throws Exception {
        long page = Long.parseLong(database.query("SELECT max(pageno) FROM dbstat WHERE name = 'own'")
                .get(0));
        try (RandomAccessFile file = new RandomAccessFile(database.file().toFile(), "rw")) {
            file.seek((page - 1) * 4096);
            file.write(new byte[4096]);
        }
    }

    private List<Path> backups() throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".bak"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void nothing_is_built_on_it_and_the_newest_whole_backup_is_named() throws Exception {
        Path whole = backups().get(0);
        for (String other : List.of("20990101T000000Z.damaged", "20990101T000000Z.001.unchecked", "own")) {
            Files.copy(whole, Path.of(database.file() + "." + other + ".bak"));
        }
        damage();
        Map<String, String> before = new Folder(folder).contents();
        for (String args : List.of("update", "rollback base", "rollback-count 1", "update --no-backup")) {
            Command.Result result = command.run(args.split(" "));
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).matches("""
                    error: \\Q%s\\E is damaged: Tree \\d+ page \\d+.{0,90}( \\(and \\d+ more\\))?
                    nothing was changed; the database is still at 002_add_tmdb_cache
                    try: seedarr-db restore '\\Q%s\\E'
                    """.formatted(database.file(), whole));
            assertThat(new Folder(folder).contents()).isEqualTo(before);
        }
        assertThat(command.succeed("status")).contains("1 pending");
        assertThat(command.succeed("update", "002")).startsWith("nothing to do");
        assertThat(command.succeed("release-locks")).startsWith("nothing to release");
    }

    @Test
    void verify_finds_it() throws Exception {
        damage();
        Command.Result result = command.run("verify");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("seedarr.db is damaged: Tree ").contains("try: seedarr-db restore ");
    }

    @Test
    void without_the_check_it_goes_on_and_marks_the_backup() throws Exception {
        damage();
        command.succeed("update", "--no-check");
        assertThat(backups()).hasSize(2);
        assertThat(backups().get(1).toString()).endsWith(".002_add_tmdb_cache.unchecked.bak");
    }

    @Test
    void restore_overwrites_it_and_marks_the_backup_of_it() throws Exception {
        damage();
        String out = command.succeed("restore", backups().get(0).toString());
        Path kept = backups().get(1);
        assertThat(kept.toString()).endsWith(".damaged.bak");
        assertThat(out).endsWith("\nbackup: " + kept + " is what was there, damaged\n");
        assertThat(command.succeed("update")).contains("done: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRAGMA ignore_check_constraints = ON; CREATE TABLE c (a CHECK (a < 5)); INSERT INTO c VALUES (9)",
                "CREATE TABLE n (a); INSERT INTO n VALUES (NULL); PRAGMA writable_schema = ON;"
                        + " UPDATE sqlite_schema SET sql = 'CREATE TABLE n (a NOT NULL)' WHERE name = 'n'",
                "CREATE TABLE s (a); INSERT INTO s VALUES ('x'); PRAGMA writable_schema = ON;"
                        + " UPDATE sqlite_schema SET sql = 'CREATE TABLE s (a INT) STRICT' WHERE name = 's'",
                "CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES ('a b'); DELETE FROM f_data WHERE id > 1",
                "CREATE VIRTUAL TABLE f USING fts4(x); INSERT INTO f VALUES ('a b'); DELETE FROM f_segdir",
                "CREATE VIRTUAL TABLE r USING rtree(id, a, b); INSERT INTO r VALUES (1, 1, 2); DELETE FROM r_rowid",
            })
    void what_is_wrong_in_rows_and_in_virtual_tables_is_no_damage(String sql) throws Exception {
        database.execute(sql);
        assertThat(database.query("PRAGMA quick_check")).isNotEqualTo(List.of("ok"));
        assertThat(command.run("verify").out()).doesNotContain("damaged");
        command.succeed("update");
        command.succeed("restore", backups().get(1).toString(), "--no-backup");
        damage();
        assertThat(command.run("update").err()).contains("is damaged: Tree ");
    }

    @Test
    void what_only_the_application_can_check_is_passed_over() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            Function.create(
                    connection,
                    "of_the_application",
                    new Function() {
                        @Override
                        protected void xFunc() throws java.sql.SQLException {
                            result(1);
                        }
                    },
                    1,
                    Function.FLAG_DETERMINISTIC);
            Collation.create(connection, "of_the_application", new Collation() {
                @Override
                protected int xCompare(String first, String second) {
                    return first.compareTo(second);
                }
            });
            statement.execute("CREATE TABLE checked (a CHECK (of_the_application(a)))");
            statement.execute("CREATE TABLE sorted (a COLLATE of_the_application)");
            statement.execute("CREATE INDEX sorted_a ON sorted (a)");
            statement.execute("INSERT INTO sorted VALUES ('b'), ('a')");
        }
        assertThat(command.run("verify").out()).doesNotContain("damaged");
        command.succeed("update");
        command.succeed("restore", backups().get(1).toString());
        damage();
        assertThat(command.run("update").err()).contains("is damaged: Tree ");
    }
}
