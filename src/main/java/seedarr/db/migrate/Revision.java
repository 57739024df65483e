package seedarr.db.migrate;

/**
 * One revision of the changelog.
 *
 * @param name the changeset's id, which is also its tag and the name of its file
 * @param author the changeset's author
 * @param file the changeset's logical file path, part of its identity in the history
 * @param comment what it is for
 * @param checksum Liquibase's checksum of its changes, which differs between kinds of database
 * @param isDestructive whether its label says that it loses data on the way up
 */
public record Revision(
        String name, String author, String file, String comment, String checksum, boolean isDestructive) {

    /** The name for the state before the first revision. */
    public static final String BASE = "base";

    /** The name for the last revision. */
    public static final String HEAD = "head";

    boolean isThatOf(HistoryRow row) {
        // Liquibase takes a file found on the class path for the same.
        return name.equals(row.name())
                && author.equals(row.author())
                && file.equals(row.file().replaceFirst("^classpath:/?", ""));
    }
}
