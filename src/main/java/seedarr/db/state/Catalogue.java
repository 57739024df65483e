package seedarr.db.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks for other tools' tables. */
public final class Catalogue {

    private static final String ALEMBIC = "alembic_version";

    /** Tables that are neither the changelog's nor the application's. */
    public static final Set<String> TOOLS = Set.of(ALEMBIC, "databasechangelog", "databasechangeloglock");

    private static final String SQLITE_NAMES = "SELECT lower(name) FROM sqlite_schema"
            + " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    private static final String POSTGRES_NAMES =
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'v', 'm')"
                    + " AND relnamespace = quote_ident(current_schema())::regnamespace";

    private Catalogue() {}

    /** Returns whether a table of this name, which may be given in capitals, is in the current schema. */
    public static boolean hasTable(Connection connection, String name) throws SQLException {
        return names(connection).contains(name.toLowerCase(Locale.ROOT));
    }

    /** Returns whether there is a table or view that is neither Liquibase's nor Alembic's. */
    public static boolean hasTablesOfAnApplication(Connection connection) throws SQLException {
        return !TOOLS.containsAll(names(connection));
    }

    /**
     * Returns what Alembic's table says that the database is at; empty where there is no such table, no row in it, or no
     * permission to read it.
     */
    public static List<String> alembicVersions(Connection connection) throws SQLException {
        List<String> versions = new ArrayList<>();
        if (!hasTable(connection, ALEMBIC)) {
            return versions;
        }
        Savepoint savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT version_num FROM " + ALEMBIC)) {
            while (rows.next()) {
                versions.add(String.valueOf(rows.getString(1)).replaceAll("[^\\w.-]", "?"));
            }
        } catch (SQLException e) {
            connection.rollback(savepoint);
        }
        return versions;
    }

    private static Set<String> names(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        boolean isSqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(isSqlite ? SQLITE_NAMES : POSTGRES_NAMES)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
