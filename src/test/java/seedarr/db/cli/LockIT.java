package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock of a command that writes, as other processes meet it. */
class LockIT {

    @TempDir
    Path folder;

    @Test
    void nobody_else_can_write_between_the_backup_and_the_commit() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        new Folder(folder)
                .withChangelog()
                .add(
                        "004_slow",
                        "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000000)"
                                + " SELECT max(i) AS i FROM n",
                        "DROP TABLE slow");
        Program.Running run =
                Program.packaged(folder).on(database).start("update", "--defaults-file=liquibase.properties");
        run.awaitOutput("  up    003_");
        assertThat(Files.exists(Path.of(database.file() + ".partial-backup"))).isTrue();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + database.file() + "?busy_timeout=0");
                Statement statement = other.createStatement()) {
            assertThatThrownBy(() -> statement.execute("UPDATE file_entries SET status = 'FAILED'"))
                    .hasMessageContaining("locked");
        }
        assertThat(run.process().isAlive()).isTrue();
        assertThat(run.result().exitCode()).isZero();
    }
}
