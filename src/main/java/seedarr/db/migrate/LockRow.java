package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The lock that a stock Liquibase takes for as long as it runs, and leaves behind when it is killed.
 *
 * @param holder the host that took it
 * @param since when, as that Liquibase wrote it
 */
public record LockRow(String holder, String since) {

    static Optional<LockRow> read(Connection connection) throws SQLException {
        if (!Catalogue.hasTable(connection, "DATABASECHANGELOGLOCK")) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT LOCKED, LOCKEDBY, LOCKGRANTED FROM DATABASECHANGELOGLOCK WHERE ID = 1")) {
            return result.next() && result.getBoolean(1)
                    ? Optional.of(new LockRow(
                            Optional.ofNullable(result.getString(2)).orElse("an unknown host"),
                            Optional.ofNullable(result.getString(3)).orElse("an unknown time")))
                    : Optional.empty();
        }
    }
}
