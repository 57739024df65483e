package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of adoption on PostgreSQL. */
class PostgresAdoptionTest implements AdoptionContract {

    @TempDir
    Path folder;

    private Postgres database;

    @BeforeEach
    void empty_database() throws Exception {
        database = Postgres.create();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Postgres database() {
        return database;
    }

    @Override
    public Postgres another() throws Exception {
        return Postgres.create();
    }

    @Test
    void types_that_hold_the_same_values_are_as_good() throws Exception {
        Kind.ALEMBIC_003.make(database);
        database.execute("CREATE TYPE language AS ENUM ('langue', 'autre');"
                + "ALTER TABLE tags ALTER category TYPE language USING category::language,"
                + " ALTER id TYPE BIGINT, ALTER label TYPE TEXT;"
                + "ALTER TABLE tmdb_cache ALTER \"cast\" TYPE JSONB, ALTER year TYPE NUMERIC;"
                + "CREATE DOMAIN name AS VARCHAR(1000); ALTER TABLE tags ALTER description TYPE public.name");
        command().succeed("adopt");
    }

    @Test
    void types_that_hold_other_values_are_named() throws Exception {
        Kind.ALEMBIC_003.make(database);
        database.execute(
                "ALTER TABLE tags DROP description, ADD description INTEGER, ALTER id DROP DEFAULT, ALTER id TYPE TEXT;"
                        + "ALTER TABLE tmdb_cache ALTER ratings TYPE TEXT;"
                        + "ALTER TABLE file_entries ALTER renamed_at TYPE DATE, ALTER scanned_at TYPE TIMESTAMPTZ,"
                        + " ALTER file_path TYPE VARCHAR(99), ALTER updated_at TYPE DATE USING '2024-01-01'");
        assertThat(command().run("adopt").err())
                .startsWith("error: this is not quite 003_add_tags_table: file_entries.file_path is of type"
                        + " character varying(99), not VARCHAR(1000); file_entries.updated_at is of type date, not DATETIME; file_entries.scanned_at is of type timestamp with time zone,"
                        + " not TIMESTAMP WITHOUT TIME ZONE; file_entries.renamed_at is of type date, not"
                        + " TIMESTAMP WITHOUT TIME ZONE; tags.id is of type text, not SERIAL; tags.description is of type integer, not VARCHAR(500);"
                        + " tmdb_cache.ratings is of type text, not JSON\n");
    }

    @Test
    void an_index_that_is_not_valid_or_partial_makes_nothing_unique() throws Exception {
        Kind.ALEMBIC_003.make(database);
        database.execute("DROP INDEX idx_tags_tag_id; CREATE UNIQUE INDEX a ON tags (tag_id) WHERE id > 0;"
                + "CREATE UNIQUE INDEX b ON tags (lower(tag_id)); CREATE UNIQUE INDEX c ON tags (id) INCLUDE (tag_id)");
        assertThat(command().run("adopt").err()).contains("missing: the uniqueness of tags (tag_id)\n");
        database.execute("CREATE UNIQUE INDEX d ON tags (tag_id) INCLUDE (label)");
        command().succeed("adopt");
    }
}
