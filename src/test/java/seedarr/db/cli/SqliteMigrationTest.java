package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on SQLite. The schema at each revision is what real Alembic made of a v1 database: schema-sqlite.json was
 * read back from it with table_xinfo, index_list and index_info, databases/sqlite/alembic-*.sql from its sqlite_master.
 */
class SqliteMigrationTest implements MigrationContract {

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
    void the_text_in_sqlite_schema_is_what_alembic_made() throws Exception {
        database().makeV1();
        command().succeed("update", "003");
        assertThat(ddl(database())).containsExactlyInAnyOrderElementsOf(expectedDdl());
    }

    @Test
    void the_text_in_sqlite_schema_is_the_same_from_nothing() throws Exception {
        command().succeed("update", "003");
        assertThat(ddl(database())).containsExactlyInAnyOrderElementsOf(expectedDdl());
    }

    private static List<String> ddl(Sqlite database) throws SQLException {
        return database
                .query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'DATABASECHANGELOG%'")
                .stream()
                .map(SqliteMigrationTest::withoutSpace)
                .toList();
    }

    private static List<String> expectedDdl() throws Exception {
        StringBuilder text = new StringBuilder();
        for (String revision : List.of("alembic-001", "alembic-002", "alembic-003")) {
            text.append(AdoptionContract.script("sqlite", revision).replaceAll("(?m)^--.*\n", ""));
        }
        return Arrays.stream(text.toString().split(";\\s*"))
                .map(SqliteMigrationTest::withoutSpace)
                .toList();
    }

    private static String withoutSpace(String sql) {
        return sql.replaceAll("\\s+", "");
    }
}
