package seedarr.db.migrate;

import java.util.List;

/**
 * What a command is about to do.
 *
 * @param from the current revision
 * @param steps the revisions to apply or undo, in the order of work
 * @param to the revision that the database is at afterwards
 */
public record Plan(Direction direction, String from, List<Revision> steps, String to) {

    /** Up applies, down undoes. */
    public enum Direction {
        UP,
        DOWN
    }

    /** Returns whether there is nothing to do. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Returns a number of revisions in words. */
    public static String revisions(int count) {
        return count == 1 ? "1 revision" : count + " revisions";
    }
}
