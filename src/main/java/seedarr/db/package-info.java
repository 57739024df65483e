/**
 * The map. Each room knows only those below it.
 *
 * <ul>
 *   <li>{@code cli}: the commands. Parse, make one call, print. No SQL, no Liquibase.
 *   <li>{@code migrate}: revisions, their history, and the transaction in which Liquibase changes a database. The only
 *       room that knows Liquibase.
 *   <li>{@code backup}: copies of a SQLite database, one before a change and one put back.
 *   <li>{@code database}: what a database URL means, how such a database is opened for reading and for writing, and who
 *       may read a file that is made.
 *   <li>{@code schema}: reads a schema and finds what a change did to it. Needs a connection and nothing else.
 *   <li>this package: {@link seedarr.db.Refusal}, {@link seedarr.db.ExitCode} and {@link seedarr.db.ProgramFiles}. Knows no
 *       room.
 * </ul>
 */
package seedarr.db;
