package seedarr.db.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** A SQLite database of a test. */
record Sqlite(Path file) {

    /** What release 1.1 made, as its models declare it. */
    static final String V1 = """
            CREATE TABLE file_entries (
            \tid INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL, status VARCHAR(18) NOT NULL, error_message TEXT,
            \tcreated_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (file_path));
            INSERT INTO file_entries VALUES
              (1, '/média/l''été.mkv', 'PENDING', NULL, '2024-01-01 00:00:00', '2024-01-01 00:00:00.123456'),
              (2, x'2f6dff00e9', 'FAILED', '', 'not a date', 17),
              (9223372036854775807, '/z', 'UPLOADED', '✓', '2024-02-30', '');
            """;

    /** Makes a v1 database with rows. */
    static Sqlite v1(Path folder) throws SQLException {
        Sqlite database = new Sqlite(folder.resolve("seedarr.db"));
        database.execute(V1);
        return database;
    }

    String url() {
        return "sqlite:///" + file;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    void execute(String script) throws SQLException {
        try (Connection connection = connect()) {
            // The whole script at once; a Statement would run only the first statement's effect reliably.
            ((SQLiteConnection) connection).getDatabase()._exec(script);
        }
    }

    /** Returns the rows of a query, each as its values joined by a bar, with their types. */
    List<String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    Object value = result.getObject(i);
                    values.add(
                            value instanceof byte[] bytes
                                    ? java.util.HexFormat.of().formatHex(bytes)
                                    : "" + value);
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    /** Returns the schema by its text, without Liquibase's own tables, white space folded. */
    List<String> schemaText() throws SQLException {
        return query("SELECT type, name, tbl_name, sql FROM sqlite_schema"
                        + " WHERE lower(tbl_name) NOT LIKE 'databasechangelog%' ORDER BY type, name")
                .stream()
                .map(line -> line.replaceAll("\\s+", " ").replace("( ", "(").replace(" )", ")"))
                .toList();
    }

    byte[] bytes() throws java.io.IOException {
        return Files.readAllBytes(file);
    }
}
