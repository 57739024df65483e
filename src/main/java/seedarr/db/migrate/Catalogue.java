package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/** Looks into a database's catalogue. */
final class Catalogue {

    private Catalogue() {}

    /** Returns whether a table of this name, in upper or lower case, is in the current schema. */
    static boolean hasTable(Connection connection, String name) throws SQLException {
        String schema = connection.getSchema();
        try (ResultSet tables = connection.getMetaData().getTables(null, schema, null, new String[] {"TABLE"})) {
            while (tables.next()) {
                // The driver takes a _ in the schema's name for a wildcard.
                if (Objects.equals(schema, tables.getString("TABLE_SCHEM"))
                        && name.equalsIgnoreCase(tables.getString("TABLE_NAME"))) {
                    return true;
                }
            }
            return false;
        }
    }
}
