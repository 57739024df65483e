package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Looks into a database's catalogue. */
final class Catalogue {

    private Catalogue() {}

    /** Returns whether a table of this name, in upper or lower case, is in the current schema. */
    static boolean hasTable(Connection connection, String name) throws SQLException {
        try (ResultSet tables =
                connection.getMetaData().getTables(null, connection.getSchema(), null, new String[] {"TABLE"})) {
            while (tables.next()) {
                if (name.equalsIgnoreCase(tables.getString("TABLE_NAME"))) {
                    return true;
                }
            }
            return false;
        }
    }
}
