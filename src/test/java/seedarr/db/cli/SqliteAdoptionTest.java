package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of adoption on SQLite. */
class SqliteAdoptionTest implements AdoptionContract {

    @TempDir
    Path folder;

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Sqlite database() {
        return new Sqlite(folder.resolve("seedarr.db"));
    }

    @Override
    public Sqlite another() throws Exception {
        return new Sqlite(Files.createTempDirectory(folder, "another").resolve("seedarr.db"));
    }

    @Test
    void names_in_another_case_and_types_of_the_same_affinity_are_as_good() throws Exception {
        Kind.CREATE_ALL_BY_HAND.make(database());
        database()
                .execute("ALTER TABLE tags RENAME TO Tags_; ALTER TABLE Tags_ RENAME TO TAGS;"
                        + "ALTER TABLE tags RENAME COLUMN label TO Label;"
                        + "ALTER TABLE tags DROP COLUMN description; ALTER TABLE tags ADD COLUMN description CLOB;"
                        + "ALTER TABLE tmdb_cache DROP COLUMN plot; ALTER TABLE tmdb_cache ADD COLUMN plot NVARCHAR(3);"
                        + "ALTER TABLE tmdb_cache DROP COLUMN year; ALTER TABLE tmdb_cache ADD COLUMN year NUMERIC;"
                        + "ALTER TABLE file_entries DROP COLUMN renamed_at;"
                        + "ALTER TABLE file_entries ADD COLUMN renamed_at TIMESTAMP");
        command().succeed("adopt");
        command().succeed("rollback", "base");
    }

    @Test
    void generated_columns_and_types_of_another_affinity_are_named() throws Exception {
        Kind.CREATE_ALL_BY_HAND.make(database());
        database()
                .execute("ALTER TABLE file_entries DROP COLUMN renamed_at;"
                        + "ALTER TABLE file_entries ADD COLUMN renamed_at DATETIME AS (updated_at);"
                        + "ALTER TABLE tags DROP COLUMN category; ALTER TABLE tags ADD COLUMN category;"
                        + "ALTER TABLE tmdb_cache DROP COLUMN year; ALTER TABLE tmdb_cache ADD COLUMN year FLOAT");
        assertThat(command().run("adopt").err())
                .startsWith(
                        "error: this is not quite 003_add_tags_table: file_entries.renamed_at is a generated column;"
                                + " tags.category is of no type, not VARCHAR(100); tmdb_cache.year is of type FLOAT, not"
                                + " INTEGER\n");
    }

    @Test
    void an_index_that_is_partial_or_has_an_expression_makes_nothing_unique() throws Exception {
        Kind.ALEMBIC_003.make(database());
        database()
                .execute(
                        "DROP INDEX idx_tags_tag_id; CREATE UNIQUE INDEX a ON tags (tag_id) WHERE id > 0;"
                                + "CREATE UNIQUE INDEX b ON tags (lower(tag_id)); CREATE UNIQUE INDEX c ON tags (tag_id, label)");
        assertThat(command().run("adopt").err()).contains("missing: the uniqueness of tags (tag_id)\n");
        database().execute("CREATE UNIQUE INDEX d ON tags (tag_id DESC)");
        command().succeed("adopt");
    }

    @Test
    void a_table_whose_rows_would_not_be_numbered_is_named() throws Exception {
        Kind.ALEMBIC_003.make(database());
        database()
                .execute("CREATE TABLE t AS SELECT * FROM tags; DROP TABLE tags; ALTER TABLE t RENAME TO tags;"
                        + "CREATE UNIQUE INDEX ix_tags_id ON tags (id); CREATE UNIQUE INDEX ix_tags_tag_id ON tags (tag_id);"
                        + "CREATE TABLE c (id INT PRIMARY KEY, tmdb_id TEXT UNIQUE, title TEXT, year INT, \"cast\" JSON, plot TEXT,"
                        + " ratings JSON, extra_data JSON, cached_at DATETIME, expires_at DATETIME);"
                        + "DROP TABLE tmdb_cache; ALTER TABLE c RENAME TO tmdb_cache");
        assertThat(command().run("adopt").err())
                .startsWith("error: this is not quite 003_add_tags_table: tags has no PRIMARY KEY (id);"
                        + " tmdb_cache.id is of type INT, not INTEGER, and numbers no rows\n");
    }

    @Test
    void an_index_of_the_application_over_columns_that_stay_is_not_lost_in_a_rebuild() throws Exception {
        Kind.ALEMBIC_003.make(database());
        database().execute("CREATE UNIQUE INDEX ix_tags_label_category ON tags (label, category)");
        command().succeed("adopt");
        new Folder(folder)
                .withChangelog()
                .add(
                        "004_rebuild",
                        "CREATE TABLE n AS SELECT * FROM tags; DROP INDEX idx_tags_tag_id; DROP INDEX idx_tags_label;"
                                + " DROP INDEX idx_tags_updated_at; DROP TABLE tags; ALTER TABLE n RENAME TO tags",
                        "SELECT 1");
        assertThat(command()
                        .run("update", "--defaults-file", "liquibase.properties")
                        .err())
                .startsWith("error: in the way: index ix_tags_label_category would be dropped with tags\n");
    }

    @Test
    void virtual_tables_and_broken_views_do_not_matter() throws Exception {
        Kind.ALEMBIC_002.make(database());
        database()
                .execute("CREATE VIRTUAL TABLE search USING fts5(title); CREATE VIEW broken AS SELECT * FROM nowhere");
        command().succeed("adopt");
    }

    @Test
    void nothing_is_made_where_there_is_no_file() throws Exception {
        assertThat(command().succeed("adopt")).startsWith("nothing to adopt: ");
        assertThat(command().succeed("adopt", "--dry-run")).startsWith("nothing to adopt: ");
        assertThat(command().run("adopt", "--at", "001").err()).isEqualTo("""
                        error: 001_add_checkpoint_fields is not there: the database has no tables
                        nothing was changed
                        try: seedarr-db update
                        """);
        assertThat(folder).isEmptyDirectory();
    }
}
