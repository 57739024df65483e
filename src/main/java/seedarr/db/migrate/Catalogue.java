package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Looks for other tools' tables. */
final class Catalogue {

    private static final String ALEMBIC = "alembic_version";

    /** Tables that are neither the changelog's nor the application's. */
    static final Set<String> TOOLS = Set.of(ALEMBIC, "databasechangelog", "databasechangeloglock");

    private Catalogue() {}

    /** Returns whether a table of this name, in upper or lower case, is in the current schema. */
    static boolean hasTable(Connection connection, String name) throws SQLException {
        return tables(connection).contains(name.toLowerCase(Locale.ROOT));
    }

    /** Returns whether there is a table that is neither Liquibase's nor Alembic's. */
    static boolean hasTablesOfAnApplication(Connection connection) throws SQLException {
        return !TOOLS.containsAll(tables(connection));
    }

    /** Returns what Alembic's table says that the database is at; empty where there is no such table or no row in it. */
    static List<String> alembicVersions(Connection connection) throws SQLException {
        List<String> versions = new ArrayList<>();
        if (hasTable(connection, ALEMBIC)) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM " + ALEMBIC)) {
                boolean isAlembics = rows.getMetaData().getColumnCount() == 1;
                while (isAlembics && rows.next()) {
                    versions.add(rows.getString(1));
                }
            }
        }
        return versions;
    }

    private static Set<String> tables(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        String schema = connection.getSchema();
        try (ResultSet tables = connection.getMetaData().getTables(null, schema, null, new String[] {"TABLE"})) {
            while (tables.next()) {
                // The driver takes a _ in the schema's name for a wildcard.
                if (Objects.equals(schema, tables.getString("TABLE_SCHEM"))) {
                    names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
