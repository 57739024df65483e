package seedarr.db.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** A database of a test, looked at and changed behind the back of seedarr-db. */
interface TestDatabase {

    /** The history without what differs from one run to the next. */
    String HISTORY = "SELECT ID, AUTHOR, FILENAME, ORDEREXECUTED, MD5SUM, DESCRIPTION, COMMENTS,"
            + " EXECTYPE, CONTEXTS, LABELS, LIQUIBASE, TAG FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED";

    /** The kinds of database that there are. */
    enum Kind {
        SQLITE,
        POSTGRESQL;

        /** Makes an empty database, another one each time. */
        TestDatabase empty(Path folder) throws IOException, SQLException {
            return this == SQLITE
                    ? new Sqlite(Files.createTempDirectory(folder, "data").resolve("seedarr.db"))
                    : Postgres.create();
        }
    }

    /** The value of DATABASE_URL that names it. */
    String url();

    /** How commands print it. */
    String shown();

    /** The URL and the options by which the stock tools reach it. */
    List<String> stockOptions();

    Connection connect() throws SQLException;

    void execute(String script) throws SQLException;

    /** Makes what release 1.1 made, with rows. */
    void makeV1() throws SQLException;

    /** Runs what {@code --sql} printed as the database's own shell does; it stops at the first error. */
    void executeScript(String script) throws SQLException;

    /** Returns the tables but Liquibase's own, by name, in the form of the facts. */
    Map<String, Object> schema() throws SQLException;

    /** Returns the facts about each revision and {@code base}, as Alembic made them. */
    Map<String, Object> facts() throws IOException;

    /** Returns the schema, whole and as text, but for Liquibase's own tables. */
    List<String> schemaText() throws SQLException;

    /** Returns all there is, Liquibase's own tables and every row included, to compare before and after. */
    List<String> contents() throws Exception;

    /** Returns the rows of a query, each as its values joined by a bar. */
    default List<String> query(String sql) throws SQLException {
        try (Connection connection = connect()) {
            return query(connection, sql);
        }
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        return rows(connection, sql).stream()
                .map(row -> String.join(
                        "|", row.values().stream().map(TestDatabase::text).toList()))
                .toList();
    }

    /** Returns the rows of a query, each as its values by column. */
    static List<Map<String, Object>> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<Map<String, Object>> rows = new ArrayList<>();
            while (result.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : "" + value;
    }

    /** Reads facts; YAML is a superset of JSON, and its parser is here already. */
    static Map<String, Object> facts(String resource) throws IOException {
        try (InputStream in = TestDatabase.class.getResourceAsStream(resource)) {
            return new Yaml().load(in);
        }
    }
}
