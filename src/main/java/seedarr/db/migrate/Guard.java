package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
                    "again without what it names; that can be made again afterwards");
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
}
