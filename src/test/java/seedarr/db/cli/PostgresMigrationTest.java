package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on PostgreSQL. The schema at each revision is what real Alembic made of a v1 database:
 * schema-postgresql.json was read back from information_schema.columns and pg_indexes.
 */
class PostgresMigrationTest implements MigrationContract {

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
    void what_the_application_made_stays_as_it_is() throws Exception {
        database.makeV1();
        List<String> before = database.contents();
        command().succeed("update");
        assertThat(database.schemaText())
                .containsAll(before.stream()
                        .filter(line -> !line.startsWith("file_entries "))
                        .toList());
        assertThat(database.query("SELECT enum_range(NULL::status)"))
                .containsExactly("{PENDING,SCANNED,ANALYZED,"
                        + "PENDING_APPROVAL,APPROVED,PREPARING,RENAMED,METADATA_GENERATED,UPLOADED,FAILED}");
        assertThat(database.query("SELECT nextval('file_entries_id_seq')")).containsExactly("4");
        command().succeed("rollback", "base");
        assertThat(database.query("SELECT nextval('file_entries_id_seq')")).containsExactly("5");
    }

    @Test
    void an_enum_of_an_older_release_without_file_entries_is_used_as_it_is() throws Exception {
        database.execute("CREATE TYPE status AS ENUM ('PENDING', 'FAILED')");
        command().succeed("update");
        assertThat(database.query("SELECT enum_range(NULL::status)")).containsExactly("{PENDING,FAILED}");
        database.execute(
                "INSERT INTO file_entries (file_path, status, created_at, updated_at) VALUES ('/a', 'FAILED', now(), now())");
    }

    @Test
    void an_empty_database_gets_the_enum_of_the_application_and_keeps_it() throws Exception {
        command().succeed("update");
        Postgres v1 = Postgres.v1();
        on(v1).succeed("update");
        List<String> sequencesAndAll = database.schemaText();
        assertThat(sequencesAndAll.stream().filter(line -> !line.startsWith("sequence public file_entries")))
                .containsExactlyElementsOf(v1.schemaText().stream()
                        .filter(line -> !line.startsWith("sequence public file_entries"))
                        .toList());
        command().succeed("rollback", "base");
        assertThat(database.query("SELECT typname FROM pg_type WHERE typname = 'status'"))
                .containsExactly("status");
    }
}
