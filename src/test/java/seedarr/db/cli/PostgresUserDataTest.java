package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users have made in their PostgreSQL database beside the schema of the changelog. */
class PostgresUserDataTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "index mine      | CREATE INDEX mine ON file_entries (status, uploaded_at)",
                "index mine      | CREATE INDEX mine ON file_entries (id) WHERE uploaded_at IS NULL",
                "index Mine      | CREATE INDEX \"Mine\" ON tags (lower(label))",
                "trigger mine    | CREATE TRIGGER mine AFTER DELETE ON tags EXECUTE FUNCTION f()",
                "trigger mine    | CREATE TRIGGER mine AFTER UPDATE OF uploaded_at ON file_entries EXECUTE FUNCTION f()",
                "constraint mine | ALTER TABLE file_entries ADD CONSTRAINT mine CHECK (uploaded_at > created_at)",
                "constraint mine | ALTER TABLE file_entries ADD CONSTRAINT mine UNIQUE (id, scanned_at)",
                "constraint uploaded_at | ALTER TABLE file_entries ADD CONSTRAINT uploaded_at CHECK (uploaded_at > created_at)",
                "view mine       | CREATE VIEW mine AS SELECT label FROM tags",
                "view mine       | CREATE MATERIALIZED VIEW mine AS SELECT uploaded_at FROM file_entries",
                "constraint mine | CREATE TABLE other (tag int CONSTRAINT mine REFERENCES tags)",
                "constraint mine | CREATE SCHEMA s; CREATE TABLE s.other (tag int CONSTRAINT mine REFERENCES tags)",
                "mine            | ALTER TABLE file_entries ADD mine timestamp GENERATED ALWAYS AS (uploaded_at) STORED",
                "statistics mine | CREATE STATISTICS mine ON status, uploaded_at FROM file_entries",
                "rule mine       | CREATE RULE mine AS ON DELETE TO tags DO INSTEAD NOTHING",
                "policy mine     | CREATE POLICY mine ON tags USING (true)",
                "policy mine     | CREATE POLICY mine ON file_entries USING (uploaded_at IS NULL)",
                "table mine      | CREATE TABLE mine () INHERITS (tags)",
                "sequence mine   | CREATE SEQUENCE mine OWNED BY tags.label",
                "function mine() | CREATE FUNCTION mine() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM tags; END"
            })
    void what_is_the_users_is_named_and_nothing_is_undone(String named, String sql) throws Exception {
        Postgres database = Postgres.atHead();
        database.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        database.executeWhole(sql);
        List<String> before = database.contents();
        Command.Result result = Command.in(folder).on(database.url()).run("rollback", "base");
        assertThat(result.firstErrorLine().orElse(result.out())).contains(named);
        assertThat(result.err()).endsWith("""

                        nothing was changed; the database is still at 003_add_tags_table
                        try: changing what it names so that it does without, then the same command again
                        """);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void what_is_not_in_the_way_stays_as_it_is() throws Exception {
        Postgres database = Postgres.v1();
        database.execute("""
                CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE INDEX mine ON file_entries (error_message);
                CREATE VIEW mine_too AS SELECT id, file_path FROM file_entries;
                CREATE TABLE other (id int PRIMARY KEY, entry int REFERENCES file_entries);
                ALTER TABLE file_entries ADD COLUMN mine text DEFAULT 'x' CHECK (mine <> '');
                CREATE TRIGGER mine BEFORE UPDATE ON file_entries FOR EACH ROW EXECUTE FUNCTION f();
                CREATE STATISTICS mine_also ON status, created_at FROM file_entries;
                CREATE SCHEMA s; CREATE TABLE s.tags (id int); CREATE INDEX idx_tags_label ON s.tags (id);
                COMMENT ON TABLE file_entries IS 'mine';
                GRANT SELECT ON file_entries TO public;
                """);
        List<String> before = database.schemaText();
        Command.in(folder).on(database.url()).succeed("update");
        Command.in(folder).on(database.url()).succeed("rollback", "base");
        assertThat(database.schemaText()).isEqualTo(before);
    }
}
