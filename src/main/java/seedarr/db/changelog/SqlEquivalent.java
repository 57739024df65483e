package seedarr.db.changelog;

import static java.util.Map.entry;

import java.util.Map;

/** What to write in the place of Liquibase's own changes, of which most rebuild a table on SQLite or do nothing there. */
final class SqlEquivalent {

    private static final String NEW_TABLE = "a new table, filled from the old one, in a sql change";
    private static final String NO_PROGRAM = "nothing: a revision runs no programs";

    private static final Map<String, String> OF = Map.ofEntries(
            entry("addColumn", "ALTER TABLE … ADD COLUMN in a sql change"),
            entry("dropColumn", "ALTER TABLE … DROP COLUMN in a sql change, indexes first"),
            entry("renameColumn", "ALTER TABLE … RENAME COLUMN in a sql change"),
            entry("modifyDataType", "a new column, filled from the old one, in a sql change"),
            entry("addUniqueConstraint", "CREATE UNIQUE INDEX in a sql change"),
            entry("dropUniqueConstraint", "a unique index from the start, and DROP INDEX in a sql change"),
            entry("addPrimaryKey", "PRIMARY KEY in a new table's CREATE TABLE"),
            entry("dropPrimaryKey", NEW_TABLE),
            entry("addForeignKeyConstraint", "REFERENCES in CREATE TABLE or ADD COLUMN, in a sql change"),
            entry("dropForeignKeyConstraint", NEW_TABLE),
            entry("dropAllForeignKeyConstraints", NEW_TABLE),
            entry("addNotNullConstraint", "NOT NULL with a DEFAULT in ADD COLUMN, in a sql change"),
            entry("dropNotNullConstraint", NEW_TABLE),
            entry("addCheckConstraint", "CHECK in CREATE TABLE or ADD COLUMN, in a sql change"),
            entry("dropCheckConstraint", NEW_TABLE),
            entry("addDefaultValue", "DEFAULT in CREATE TABLE or ADD COLUMN, in a sql change"),
            entry("dropDefaultValue", NEW_TABLE),
            entry("addAutoIncrement", "INTEGER PRIMARY KEY in a new table's CREATE TABLE"),
            entry("createTable", "CREATE TABLE in a sql change; Liquibase makes other types of it on SQLite"),
            entry("executeCommand", NO_PROGRAM),
            entry("customChange", NO_PROGRAM),
            entry("customPrecondition", "a sqlCheck in its place"),
            entry("loadData", "INSERT in a sql change"),
            entry("loadUpdateData", "INSERT … ON CONFLICT in a sql change"));

    private SqlEquivalent() {}

    /** Returns what to write in the place of a change or a precondition. */
    static String of(String name) {
        return OF.getOrDefault(name, "the statement itself, in a sql change or a sqlCheck");
    }
}
