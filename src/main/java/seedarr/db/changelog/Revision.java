package seedarr.db.changelog;

import java.util.List;
import java.util.Optional;
import seedarr.db.Refusal;

/**
 * One revision of the changelog.
 *
 * @param name the changeset's id, which is also its tag and the name of its file
 * @param file the changeset's logical file path, part of its identity in the history
 * @param checksum Liquibase's checksum of its changes, which differs between kinds of database
 * @param isDestructive whether its label says that it loses data on the way up
 * @param up its SQL for that kind of database: statements, each with a semicolon and a line break
 * @param gapsUp what is missing in it and for its way back, each with a line of what to do
 * @param schemaUp what makes its schema in a SQLite database in memory, with the types of that kind of database
 * @param hasRollback whether there is a rollback block, if only an empty one
 * @param row what else its row in the history has: description, contexts, labels, tag
 * @param checks its preconditions: when a script tests them; then of each what it expects, and its query
 * @param isComplete whether this is all that has to hold before it is run
 */
public record Revision(
        String name,
        String author,
        String file,
        String comment,
        String checksum,
        boolean isDestructive,
        List<String> up,
        List<String> down,
        List<String> schemaUp,
        List<String> schemaDown,
        List<String> gapsUp,
        List<String> gapsDown,
        boolean hasRollback,
        List<String> row,
        List<String> checks,
        boolean isComplete) {

    /** The name for the state before the first revision. */
    public static final String BASE = "base";

    public static final String HEAD = "head";

    /** Up applies, down undoes, record writes into the history what is there already, finish makes what is missing first. */
    public enum Direction {
        UP,
        DOWN,
        RECORD,
        FINISH;

        /** Whether revisions are written into the history without their SQL. */
        public boolean isRecording() {
            return this == RECORD || this == FINISH;
        }
    }

    /** Returns its SQL in a direction; none for what is only recorded. */
    public List<String> sql(Direction direction) {
        return direction == Direction.UP ? up : direction == Direction.DOWN ? down : List.of();
    }

    /** Returns why it cannot be carried out. */
    public Optional<Refusal> halfWritten(Direction direction) {
        List<String> gaps = direction == Direction.UP ? gapsUp : direction == Direction.DOWN ? gapsDown : List.of();
        return gaps.stream()
                .findFirst()
                .map(gap -> gap.split("\n"))
                .map(gap -> Refusal.failed(name + " " + gap[0] + " (" + file + ")", gap[1]));
    }

    /** Returns the revision that a name means: the name itself or a prefix that only one has; refuses any other. */
    public static Revision find(String name, List<Revision> revisions) {
        String wanted = name.equals(HEAD) ? revisions.get(revisions.size() - 1).name() : name;
        List<Revision> candidates = revisions.stream()
                .filter(revision -> !wanted.isEmpty() && revision.name().startsWith(wanted))
                .toList();
        for (Revision revision : candidates) {
            if (candidates.size() == 1 || revision.name().equals(wanted)) {
                return revision;
            }
        }
        // Repeats only what may be a revision: a URL, misplaced, may hold a password.
        String shown = name.matches("[\\w.-]*") ? name : "of this name";
        List<String> known = (candidates.isEmpty() ? revisions : candidates)
                .stream().map(Revision::name).toList();
        throw Refusal.usage(
                candidates.isEmpty() ? "there is no revision " + shown : shown + " means more than one revision",
                Refusal.nearest(candidates.isEmpty() ? name : "", known).orElse("one of " + String.join(", ", known)));
    }
}
