package seedarr.db.author;

/**
 * Something that verify found.
 *
 * @param place the file, or the database
 * @param problem what is wrong
 * @param remedy what to do
 * @param isWarning whether it is only pointed out
 */
public record Fault(String place, String problem, String remedy, boolean isWarning) {

    static Fault of(String place, String problem, String remedy) {
        return new Fault(place, problem, remedy, false);
    }

    static Fault warning(String place, String problem, String remedy) {
        return new Fault(place, problem, remedy, true);
    }
}
