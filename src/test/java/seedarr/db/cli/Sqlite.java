package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sqlite.SQLiteConnection;

/** A SQLite database of a test. */
record Sqlite(Path file) implements TestDatabase {

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
        database.makeV1();
        return database;
    }

    @Override
    public String url() {
        return "sqlite:///" + file;
    }

    @Override
    public String shown() {
        return url();
    }

    @Override
    public List<String> stockOptions() {
        return List.of("--url=jdbc:sqlite:" + file);
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Override
    public void execute(String script) throws SQLException {
        try (Connection connection = connect()) {
            // The whole script at once; a Statement would run only the first statement's effect reliably.
            ((SQLiteConnection) connection).getDatabase()._exec(script);
        }
    }

    /**
     * Runs SQL and leaves what a program leaves that is killed then: the files as they are before their connection is
     * closed. They are copies, because closing would tidy them up.
     */
    void dieAfter(String sql) throws IOException, SQLException {
        Sqlite living = new Sqlite(Memory.newFolder("living").resolve("living.db"));
        copyTo(living);
        try (Connection connection = living.connect()) {
            ((SQLiteConnection) connection).getDatabase()._exec(sql);
            living.copyTo(this);
        }
        Files.deleteIfExists(living.file);
        Files.delete(living.file.getParent());
    }

    private void copyTo(Sqlite other) throws IOException {
        for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
            Path from = Path.of(file + suffix);
            Path to = Path.of(other.file + suffix);
            Files.deleteIfExists(to);
            if (Files.exists(from)) {
                Files.copy(from, to);
            }
        }
    }

    @Override
    public void makeV1() throws SQLException {
        execute(V1);
    }

    /** Leaves out the first line, which only the sqlite3 shell knows. */
    @Override
    public void executeScript(String script) throws SQLException {
        assertThat(script).startsWith(".bail on\nBEGIN IMMEDIATE;\n").endsWith("\nCOMMIT;\n");
        execute(script.substring(script.indexOf('\n') + 1));
    }

    /** As read with table_xinfo, index_list and index_info. */
    @Override
    public Map<String, Object> schema() throws SQLException {
        Map<String, Object> schema = new TreeMap<>();
        try (Connection connection = connect()) {
            for (String table : TestDatabase.query(
                    connection,
                    "SELECT name FROM sqlite_schema WHERE type = 'table'"
                            + " AND name NOT LIKE 'DATABASECHANGELOG%' AND name NOT LIKE 'sqlite%'")) {
                List<Map<String, Object>> indexes = TestDatabase.rows(
                        connection,
                        "SELECT iif(origin = 'c', name, '(constraint)') AS name, \"unique\", origin,"
                                + " (SELECT group_concat(name) FROM pragma_index_info(l.name)) AS columns"
                                + " FROM pragma_index_list('" + table + "') l ORDER BY 1");
                for (Map<String, Object> index : indexes) {
                    index.replace("unique", index.get("unique").equals(1));
                    index.replace(
                            "columns", List.of(index.get("columns").toString().split(",")));
                }
                schema.put(
                        table,
                        Map.of(
                                "columns",
                                TestDatabase.rows(
                                        connection,
                                        "SELECT name, type, \"notnull\", dflt_value AS \"default\", pk FROM pragma_table_xinfo('"
                                                + table + "')"),
                                "indexes",
                                indexes));
            }
        }
        return schema;
    }

    @Override
    public Map<String, Object> facts() throws IOException {
        return TestDatabase.facts("/schema-sqlite.json");
    }

    /** White space is folded. */
    @Override
    public List<String> schemaText() throws SQLException {
        return query("SELECT type, name, tbl_name, sql FROM sqlite_schema"
                        + " WHERE lower(tbl_name) NOT LIKE 'databasechangelog%' ORDER BY type, name")
                .stream()
                .map(line -> line.replaceAll("\\s+", " ").replace("( ", "(").replace(" )", ")"))
                .toList();
    }

    /** The bytes of the file, for nothing less than all of it may differ, and what lies beside it. */
    @Override
    public List<String> contents() throws IOException {
        return new Folder(file.getParent())
                .contents().entrySet().stream()
                        .filter(entry ->
                                entry.getKey().startsWith(file.getFileName().toString()))
                        .map(Object::toString)
                        .toList();
    }

    /** The bytes of the file but for what counts its changes (sqlite.org/fileformat2.html). */
    byte[] bytesOfContent() throws IOException {
        byte[] bytes = bytes();
        for (int counter : new int[] {24, 40, 92, 96}) {
            System.arraycopy(new byte[4], 0, bytes, counter, 4);
        }
        return bytes;
    }

    byte[] bytes() throws IOException {
        return Files.readAllBytes(file);
    }
}
