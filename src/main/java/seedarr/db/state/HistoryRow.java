package seedarr.db.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import seedarr.db.changelog.HistoryInOrder;
import seedarr.db.changelog.Revision;

/**
 * A row of Liquibase's history table: a revision that was applied.
 *
 * @param appliedAt when, as the database wrote it: UTC on SQLite
 * @param checksum empty after Liquibase's {@code clear-checksums}
 */
public record HistoryRow(String name, String author, String file, String appliedAt, Optional<String> checksum) {

    private static final String APPLIED = "SELECT ID, AUTHOR, FILENAME, DATEEXECUTED, MD5SUM FROM DATABASECHANGELOG"
            + " WHERE EXECTYPE IN ('EXECUTED', 'RERAN', 'MARK_RAN')"
            // What `liquibase tag` writes into an empty history.
            + " AND FILENAME <> 'liquibase-internal' ORDER BY ORDEREXECUTED";

    /** Reads the history in the order in which it was written, see {@link HistoryInOrder}; empty where there is no table. */
    public static List<HistoryRow> read(Connection connection) throws SQLException {
        List<HistoryRow> rows = new ArrayList<>();
        if (!Catalogue.hasTable(connection, "DATABASECHANGELOG")) {
            return rows;
        }
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(APPLIED)) {
            while (result.next()) {
                rows.add(new HistoryRow(
                        result.getString(1),
                        result.getString(2),
                        result.getString(3),
                        result.getString(4),
                        Optional.ofNullable(result.getString(5))));
            }
        }
        return rows;
    }

    boolean isOf(Revision revision) {
        // Liquibase takes a file found on the class path for the same.
        return revision.name().equals(name)
                && revision.author().equals(author)
                && revision.file().equals(file.replaceFirst("^classpath:/?", ""));
    }
}
