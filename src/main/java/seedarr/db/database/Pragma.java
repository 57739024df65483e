package seedarr.db.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Pattern;

/** What SQLite answers about a database (sqlite.org/pragma.html). */
public final class Pragma {

    /** What a check finds in rows, not in the file. Whoever wrote them gets them back as they were. */
    private static final Pattern OF_ROWS =
            Pattern.compile("(?:NULL|NUMERIC|TEXT|non-\\w+) value in .*|CHECK constraint failed in .*");

    private Pragma() {}

    /** Returns the first answer to a statement that has one. */
    public static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.getString(1);
        }
    }

    /** Returns how many bytes a database has, its log included. */
    public static long size(Connection connection) throws SQLException {
        return Long.parseLong(ask(connection, "PRAGMA page_count"))
                * Long.parseLong(ask(connection, "PRAGMA page_size"));
    }

    /**
     * Returns the first thing that is damaged; empty where nothing is.
     *
     * @param check {@code integrity_check} or {@code quick_check}
     */
    public static Optional<String> damage(Connection connection, String check) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet findings = statement.executeQuery("PRAGMA " + check + "(1000000)")) {
            while (findings.next()) {
                String finding = findings.getString(1);
                if (!finding.equals("ok") && !OF_ROWS.matcher(finding).matches()) {
                    return Optional.of(finding.replaceAll("\\s+", " "));
                }
            }
            return Optional.empty();
        }
    }
}
