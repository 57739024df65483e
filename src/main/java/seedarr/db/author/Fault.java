package seedarr.db.author;

/**
 * Something that verify found.
 *
 * @param place the file, or the database
 * @param problem what is wrong
 * @param remedy what to do; empty for what is only pointed out
 */
public record Fault(String place, String problem, String remedy) {

    /** Returns whether it is only pointed out. */
    public boolean isWarning() {
        return remedy.isEmpty();
    }
}
