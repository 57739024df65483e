package seedarr.db.schema;

/**
 * A row of sqlite_schema.
 *
 * @param table the table an index or trigger belongs to; else the name once more
 * @param shadow whether it belongs to a virtual table, which makes and drops it by itself
 */
record SchemaObject(String type, String name, String table, String sql, boolean shadow) {
    /** Identifies an object: a trigger may have the name of a table, and names differ only in case for no two. */
    String key() {
        return type + " " + fold(name);
    }

    boolean isA(String wanted) {
        return type.equals(wanted);
    }

    /**
     * Whether it is an index that SQLAlchemy named, {@code ix_} and the table (docs.sqlalchemy.org, "Configuring Constraint
     * Naming Conventions"): then the application made it, and it goes with what it indexes.
     */
    boolean isOfTheApplication() {
        return isA("index") && fold(name).startsWith("ix_" + fold(table) + "_");
    }

    /** SQLite stores these first words always in this form (sqlite.org/schematab.html). */
    boolean virtual() {
        return sql.startsWith("CREATE VIRTUAL TABLE");
    }

    /** Whether both texts say the same but for quotes: any ALTER TABLE turns "text" into 'text' all over the schema. */
    boolean sameText(SchemaObject other) {
        return bare(sql).equals(bare(other.sql));
    }

    private static String bare(String sql) {
        return sql.replaceAll("[\"'\\s]", "");
    }

    /** Lowers ASCII letters only, as SQLite does when it compares names. */
    static String fold(String name) {
        var folded = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c + 32));
            }
        }
        return folded.toString();
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
