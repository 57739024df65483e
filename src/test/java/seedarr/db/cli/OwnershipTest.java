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

    @Test
    void of_two_of_one_name_each_belongs_to_its_own_table() throws Exception {
        Postgres database = Postgres.create();
        update(
                database,
                "CREATE TABLE zz (a INTEGER CONSTRAINT zz_pk PRIMARY KEY); CREATE TYPE mood AS ENUM ('a');"
                        + " ALTER TABLE tags ADD COLUMN mood mood",
                "ALTER TABLE tags DROP COLUMN mood; DROP TYPE mood CASCADE; DROP TABLE zz CASCADE");
        database.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
        for (String mine : List.of(
                "CREATE TABLE mine (x INTEGER CONSTRAINT zz_pk REFERENCES zz)",
                "CREATE TABLE mine (mood mood)",
                "CREATE TABLE mine (x INTEGER); CREATE TRIGGER touch BEFORE UPDATE ON mine FOR EACH ROW EXECUTE FUNCTION f();"
                        + " CREATE TRIGGER touch BEFORE UPDATE ON zz FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TABLE mine (); CREATE DOMAIN my_mood AS mood",
                "CREATE TABLE mine (); CREATE FUNCTION g(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';"
                        + " CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT 1'")) {
            database.executeWhole(mine);
            List<String> schema = database.schemaText();
            assertThat(command.run("rollback-count", "1").err()).as(mine).startsWith("error: in the way: ");
            assertThat(database.schemaText()).isEqualTo(schema);
            database.execute("DROP TABLE mine; DROP TRIGGER IF EXISTS touch ON zz; DROP DOMAIN IF EXISTS my_mood;"
                    + " DROP FUNCTION IF EXISTS g(mood); DROP FUNCTION IF EXISTS g(int)");
        }
        command.succeed("rollback-count", "1");
    }

    /** What PostgreSQL names by itself, and a default that a CASCADE takes from a table of the user's. */
    @Test
    void what_postgresql_named_for_a_revision_goes_with_it() throws Exception {
        Postgres database = Postgres.create();
        update(
                database,
                "CREATE TABLE zz (a SERIAL, b INTEGER, CHECK (a <> b)); CREATE INDEX ON zz (b); CREATE INDEX one ON zz (a, b);"
                        + " ALTER INDEX one RENAME TO two; CREATE TABLE fresh (LIKE tags INCLUDING ALL);"
                        + " ALTER TABLE tags ADD COLUMN done_at TIMESTAMP CHECK (done_at >= created_at);"
                        + " ALTER TABLE tags ADD COLUMN lang TEXT; ALTER TABLE tags ADD UNIQUE (tag_id, lang);"
                        + " ALTER TABLE tags ADD CONSTRAINT three CHECK (lang <> label);"
                        + " ALTER TABLE tags RENAME CONSTRAINT three TO four",
                "ALTER TABLE tags DROP COLUMN lang; ALTER TABLE tags DROP COLUMN done_at; DROP TABLE fresh;"
                        + " DROP TABLE zz CASCADE");
        database.execute("CREATE TABLE mine (x INTEGER DEFAULT nextval('zz_a_seq'))");
        assertThat(command.run("rollback-count", "1").firstErrorLine())
                .contains("error: in the way: default x would be dropped with mine");
        database.execute("DROP TABLE mine");
        command.succeed("rollback-count", "1");
    }

    /** An extension is named by a revision, its functions are not. */
    @Test
    void an_extension_goes_with_its_functions() throws Exception {
        Postgres database = Postgres.create();
        database.executeAsAdministrator("GRANT CREATE ON DATABASE " + database.name() + " TO seedarr");
        update(database, "CREATE EXTENSION citext", "DROP EXTENSION citext");
        command.succeed("rollback-count", "1");
    }
}
