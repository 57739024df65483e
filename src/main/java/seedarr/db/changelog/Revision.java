package seedarr.db.changelog;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import seedarr.db.Refusal;

/**
 * One revision of the changelog.
 *
 * @param name the changeset's id, which is also its tag and the name of its file
 * @param author the changeset's author
 * @param file the changeset's logical file path, part of its identity in the history
 * @param comment what it is for
 * @param checksum Liquibase's checksum of its changes, which differs between kinds of database
 * @param isDestructive whether its label says that it loses data on the way up
 * @param up its SQL for that kind of database: statements, each with a semicolon and a line break
 * @param down the SQL that undoes it
 * @param schemaUp what makes its schema in a SQLite database in memory, with the types of that kind of database
 * @param schemaDown what undoes that
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
        List<String> schemaDown) {

    /** The name for the state before the first revision. */
    public static final String BASE = "base";

    /** The name for the last revision. */
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
        return switch (direction) {
            case UP -> up;
            case DOWN -> down;
            case RECORD, FINISH -> List.of();
        };
    }

    /**
     * Returns the revision that a name means: the name itself or a prefix that only one has.
     *
     * @throws Refusal when no revision or more than one begins so
     */
    public static Revision find(String name, List<Revision> revisions) {
        List<Revision> candidates = candidates(name, revisions);
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        String known = (candidates.isEmpty() ? revisions : candidates)
                .stream().map(Revision::name).collect(joining(", "));
        throw Refusal.usage(
                candidates.isEmpty()
                        ? "there is no revision " + shown(name)
                        : shown(name) + " means more than one revision",
                known.isEmpty() ? "a changelog with revisions" : "one of " + known);
    }

    private static List<Revision> candidates(String name, List<Revision> revisions) {
        if (name.equals(HEAD) && !revisions.isEmpty()) {
            return List.of(revisions.get(revisions.size() - 1));
        }
        Optional<Revision> exact = revisions.stream()
                .filter(revision -> revision.name().equals(name))
                .findFirst();
        return exact.map(List::of)
                .orElseGet(() -> revisions.stream()
                        .filter(revision -> !name.isEmpty() && revision.name().startsWith(name))
                        .toList());
    }

    /** Repeats only what may be a revision: a URL, misplaced, may hold a password. */
    private static String shown(String name) {
        return name.matches("[\\w.-]*") ? name : "of this name";
    }
}
