package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a revision made goes with it, whatever the rollback names; what the user made does not. */
class OwnershipTest {

    @TempDir
    Path folder;

    private Command command;

    private void update(TestDatabase database, String up, String down) throws Exception {
        database.makeV1();
        new Folder(folder).withChangelog().add("004_test", up, down);
        command = Command.in(folder).on(database.url()).with(folder.resolve("liquibase.properties"));
        command.succeed("update");
    }

    @ParameterizedTest
    @EnumSource
    void an_index_goes_with_the_table_of_the_same_revision_and_a_constraint_with_its_column(TestDatabase.Kind kind)
            throws Exception {
        TestDatabase database = kind.empty(folder);
        update(
                database,
                "CREATE TABLE zz (a INTEGER PRIMARY KEY, b INTEGER); CREATE INDEX zz_b ON zz (b);"
                        + " ALTER TABLE tags ADD COLUMN zz INTEGER REFERENCES zz (a);"
                        + " ALTER TABLE tags ADD COLUMN checked INTEGER NOT NULL DEFAULT 0 CHECK (checked IN (0, 1))",
                "ALTER TABLE tags DROP COLUMN checked; ALTER TABLE tags DROP COLUMN zz; DROP TABLE zz");
        List<String> schema = database.schemaText();
        command.succeed("rollback-count", "1");
        command.succeed("update");
        assertThat(database.schemaText()).isEqualTo(schema);
    }

    @ParameterizedTest
    @EnumSource
    void what_the_user_made_on_it_is_named(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = kind.empty(folder);
        update(database, "CREATE TABLE zz (a INTEGER, b INTEGER); CREATE INDEX zz_b ON zz (b)", "DROP TABLE zz");
        database.execute("CREATE INDEX ix_zz_a ON zz (a); CREATE INDEX mine ON zz (a)");
        assertThat(command.run("rollback-count", "1").err()).isEqualTo("""
                error: in the way: index mine would be dropped with zz
                nothing was changed; the database is still at 004_test
                try: changing what it names so that it does without, then the same command again
                """);
        database.execute("DROP INDEX mine");
        command.succeed("rollback-count", "1");
    }

    /** PostgreSQL drops anything with CASCADE, and per table one name may be there twice. */
    @Test
    void what_a_cascade_takes_along_is_named() throws Exception {
        Postgres database = Postgres.create();
        update(database, "CREATE TABLE zz (a INTEGER PRIMARY KEY, b INTEGER)", "DROP TABLE zz CASCADE");
        database.execute("""
                CREATE VIEW a_view AS SELECT a FROM zz;
                CREATE SCHEMA s; CREATE VIEW s.a_view AS SELECT b FROM zz; CREATE TABLE s.zz (id INTEGER);
                CREATE TABLE one (a INTEGER CONSTRAINT same REFERENCES zz);
                CREATE TABLE two (a INTEGER CONSTRAINT same CHECK (a > 0));
                """);
        List<String> schema = database.schemaText();
        assertThat(command.run("rollback-count", "1").firstErrorLine().orElseThrow())
                .startsWith("error: in the way: ")
                .contains(
                        "view a_view would be dropped",
                        "view s.a_view would",
                        "constraint same would be dropped with one")
                .doesNotContain("two", "table");
        assertThat(database.schemaText()).isEqualTo(schema);
    }
}
