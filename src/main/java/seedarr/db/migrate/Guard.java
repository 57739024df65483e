package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import seedarr.db.Refusal;
import seedarr.db.schema.ForeignKeyViolations;
import seedarr.db.schema.UserObjects;

/**
 * Keeps a migration from harming what is the user's: looks before the first revision and, after the last, before the
 * commit. What was broken before is left as it is.
 */
final class Guard {

    private final Connection connection;
    private final UserObjects objects;
    private final ForeignKeyViolations violations;

    /** Looks at a SQLite database before it is changed. */
    Guard(Connection connection) throws SQLException {
        this.connection = connection;
        this.objects = UserObjects.read(connection);
        this.violations = ForeignKeyViolations.read(connection);
    }

    /**
     * Refuses the change when it dropped, broke or orphaned anything of the user's.
     *
     * @param sql what the revisions ran; what it names, it drops on purpose
     */
    void refuseIfHarmed(String sql) throws SQLException {
        List<String> harm = new ArrayList<>();
        objects.brokenBy(UserObjects.read(connection), sql).forEach(obstacle -> harm.add(obstacle.toString()));
        harm.addAll(ForeignKeyViolations.read(connection).newSince(violations));
        if (!harm.isEmpty()) {
            throw Refusal.failed(
                    "in the way: " + String.join("; ", harm),
                    "again without what it names; that can be made again afterwards");
        }
    }
}
