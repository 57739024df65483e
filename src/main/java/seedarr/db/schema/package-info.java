/**
 * Protects what users have made in their SQLite database beside the schema of the changelog.
 *
 * <p>SQLite drops or breaks some objects without a word when a table or a column goes: {@code DROP TABLE} takes indexes
 * and triggers along and looks at no view (sqlite.org/lang_droptable.html), {@code DROP COLUMN} overlooks
 * {@code UPDATE OF} lists, columns that a trigger writes, foreign keys of other tables and, in views and triggers,
 * identifiers in double quotes
 * (sqlite.org/lang_altertable.html, sqlite.org/quirks.html). {@link seedarr.db.schema.UserObjects} compares two
 * pictures of a schema and names every object that the change between them broke;
 * {@link seedarr.db.schema.ForeignKeyViolations} does the same for rows.
 *
 * <p>Nothing here parses SQL that a user wrote: what an object uses is what SQLite rewrites in it when it renames the
 * thing, and whether it works is what {@code EXPLAIN} says, both in a scratch database in memory. The package needs a
 * {@link java.sql.Connection} and nothing else, and writes to no database but its own scratch.
 */
package seedarr.db.schema;
