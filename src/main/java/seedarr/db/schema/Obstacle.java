package seedarr.db.schema;

/**
 * An object in the way of a change.
 *
 * @param type what SQLite calls it: table, index, trigger or view; or column, named {@code table.column}
 * @param name as the user wrote it
 * @param reason goes on from the name: "uses file_entries.uploaded_at"
 */
public record Obstacle(String type, String name, String reason) {
    /** Returns the whole sentence. */
    @Override
    public String toString() {
        return type + " " + name + " " + reason;
    }
}
