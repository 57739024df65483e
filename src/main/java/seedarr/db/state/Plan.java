package seedarr.db.state;

import java.util.List;
import java.util.Map;
import seedarr.db.changelog.Revision;

/**
 * What a command is about to do.
 *
 * @param from the current revision
 * @param steps the revisions to apply, to undo or to record, in the order of work
 * @param to the revision that the database is at afterwards
 * @param makes when revisions are recorded, the statements that make what is missing, by what they make
 */
public record Plan(
        Revision.Direction direction, String from, List<Revision> steps, String to, Map<String, String> makes) {

    Plan(Revision.Direction direction, String from, List<Revision> steps, String to) {
        this(direction, from, steps, to, Map.of());
    }

    /** Returns whether there is nothing to do. */
    public boolean isEmpty() {
        return steps.isEmpty() && makes.isEmpty();
    }

    /** Returns a number of revisions in words. */
    public static String revisions(int count) {
        return count == 1 ? "1 revision" : count + " revisions";
    }
}
