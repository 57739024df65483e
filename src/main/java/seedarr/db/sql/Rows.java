package seedarr.db.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of a query, all of them, each as the texts of its values. */
public final class Rows {

    private Rows() {}

    /** Runs a query; the values are what its question marks stand for. A row has null where the database has NULL. */
    public static List<List<String>> of(Connection connection, String query, String... values) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** Returns the first value of every row. */
    public static List<String> column(Connection connection, String query, String... values) throws SQLException {
        return of(connection, query, values).stream().map(row -> row.get(0)).toList();
    }

    /** Returns whether a text is what a database makes of true: SQLite a number, PostgreSQL a letter. */
    public static boolean isTrue(String value) {
        return "1".equals(value) || "t".equals(value);
    }
}
