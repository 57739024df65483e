package seedarr.db.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForeignKeyViolationsTest {
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        run("CREATE TABLE parent (id INTEGER PRIMARY KEY, k, l)", "INSERT INTO parent VALUES (1, 2, 3)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void run(String... script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : script) {
                statement.execute(sql);
            }
        }
    }

    private ForeignKeyViolations read() throws SQLException {
        return ForeignKeyViolations.read(connection);
    }

    @Test
    void only_new_violations_are_told() throws SQLException {
        run("CREATE TABLE \"the 'child'\" (a REFERENCES parent, b REFERENCES parent)");
        run("INSERT INTO \"the 'child'\" VALUES (1, 8), (1, NULL)");
        ForeignKeyViolations before = read();
        assertThat(before.counts().values()).containsExactly(1L);
        assertThat(before.newSince(before)).isEmpty();
        run("INSERT INTO \"the 'child'\" VALUES (9, 9)");
        assertThat(read().newSince(before))
                .containsExactlyInAnyOrder(
                        "1 row of the 'child' refers to parent rows that are not there",
                        "1 row of the 'child' refers to parent rows that are not there");
        run("DELETE FROM parent");
        assertThat(read().newSince(before))
                .containsExactlyInAnyOrder(
                        "3 rows of the 'child' refer to parent rows that are not there",
                        "1 row of the 'child' refers to parent rows that are not there");
    }

    @Test
    void another_foreign_key_of_the_same_table_does_not_make_old_violations_new() throws SQLException {
        run("CREATE TABLE child (a REFERENCES parent, n)", "INSERT INTO child VALUES (9, 1)");
        ForeignKeyViolations before = read();
        run("ALTER TABLE child ADD COLUMN b REFERENCES parent (id)");
        assertThat(read().newSince(before)).isEmpty();
    }

    @Test
    void a_parent_that_is_gone_is_told_by_its_rows() throws SQLException {
        run("CREATE TABLE child (a REFERENCES parent)", "INSERT INTO child VALUES (1)");
        ForeignKeyViolations before = read();
        run("DROP TABLE parent");
        assertThat(read().newSince(before)).containsExactly("1 row of child refers to parent rows that are not there");
    }

    @Test
    void a_table_whose_foreign_keys_do_not_match_is_left_out() throws SQLException {
        run("CREATE UNIQUE INDEX u ON parent (k, l)");
        run(
                "CREATE TABLE good (a REFERENCES parent)",
                "CREATE TABLE bad (a REFERENCES parent, b REFERENCES parent (l))");
        run("CREATE TABLE pair (a, b, FOREIGN KEY (a, b) REFERENCES parent (k, l))", "INSERT INTO pair VALUES (2, 4)");
        run("INSERT INTO good VALUES (9)", "INSERT INTO bad VALUES (9, 9)");
        assertThat(read().counts())
                .containsOnlyKeys(
                        new ForeignKeyViolations.Constraint("good", "a", "parent"),
                        new ForeignKeyViolations.Constraint("pair", "a,b", "parent"));
    }

    @Test
    void without_foreign_keys_there_is_nothing_to_tell() throws SQLException {
        assertThat(read().counts()).isEmpty();
    }
}
