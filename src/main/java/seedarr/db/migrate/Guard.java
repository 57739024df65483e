package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import seedarr.db.Refusal;
import seedarr.db.schema.ForeignKeyViolations;
import seedarr.db.schema.Obstacle;
import seedarr.db.schema.PostgresObjects;
import seedarr.db.schema.UserObjects;

/**
 * Keeps a migration from harming what is the user's: looks before the first revision and, after the last, before the
 * commit. What was broken before is left as it is.
 */
interface Guard {

    Pattern ERROR_IN_TABLE = Pattern.compile("error in table (.+) after drop column");

    /** Returns what a change harmed since this guard looked, in sentences. */
    List<String> harmedBy(String sql) throws SQLException;

    /** Looks at a database before it is changed. */
    static Guard of(String kind, Connection connection) throws SQLException {
        return kind.equals("sqlite") ? sqlite(connection) : postgresql(connection);
    }

    /**
     * Refuses the change when it dropped, broke or orphaned anything of the user's.
     *
     * @param sql what the revisions ran; what it drops by name, it drops on purpose
     */
    default void refuseIfHarmed(String sql) throws SQLException {
        List<String> harm = harmedBy(sql);
        if (!harm.isEmpty()) {
            throw Refusal.failed(
                    "in the way: " + String.join("; ", harm),
                    "changing what it names so that it does without, then the same command again");
        }
    }

    private static Guard sqlite(Connection connection) throws SQLException {
        UserObjects objects = UserObjects.read(connection);
        ForeignKeyViolations violations = ForeignKeyViolations.read(connection);
        return sql -> {
            List<String> harm = sentences(objects.brokenBy(UserObjects.read(connection), sql));
            harm.addAll(ForeignKeyViolations.read(connection).newSince(violations));
            return harm;
        };
    }

    private static Guard postgresql(Connection connection) throws SQLException {
        PostgresObjects objects = PostgresObjects.read(connection);
        return sql -> sentences(objects.brokenBy(PostgresObjects.read(connection), sql));
    }

    private static List<String> sentences(List<Obstacle> obstacles) {
        return new ArrayList<>(obstacles.stream().map(Obstacle::toString).toList());
    }

    /** Names the generated columns where SQLite refuses to drop a column and names only the table. */
    static Refusal naming(Refusal refusal, Connection connection) throws SQLException {
        Matcher table = ERROR_IN_TABLE.matcher(refusal.getMessage());
        if (!table.find()) {
            return refusal;
        }
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT group_concat(name, ', ') FROM pragma_table_xinfo(?) WHERE hidden IN (2, 3)")) {
            query.setString(1, table.group(1));
            try (ResultSet result = query.executeQuery()) {
                String columns = result.next() ? result.getString(1) : null;
                return refusal.adding(
                        columns == null
                                ? "a CHECK of it uses the column"
                                : "of its generated columns (" + columns + ") or CHECKs, one uses the column");
            }
        }
    }
}
