/**
 * The map: what each room is for, and which rooms it knows. A test holds these walls.
 *
 * <ul>
 *   <li>{@code cli}: the commands. Knows all rooms; neither SQL nor Liquibase.
 *   <li>{@code author}: checks, proves and writes revisions. Knows migrate and what migrate knows, but for backup.
 *   <li>{@code migrate}: carries a plan out in one transaction. Knows state, changelog, backup, sql, database.
 *   <li>{@code state}: what a database has, and the plans that follow. Knows changelog, sql, database.
 *   <li>{@code changelog}: the revisions, and the Liquibase that serves them. Knows sql, database.
 *   <li>{@code backup}: copies of a SQLite database. Knows database.
 *   <li>{@code sql}: the words of SQL. Knows no room.
 *   <li>{@code database}: what a URL means, and how that database is opened. Knows no room.
 *   <li>this package: {@link seedarr.db.Refusal}, {@link seedarr.db.ExitCode} and {@link seedarr.db.ProgramFiles}, which all
 *       rooms know.
 * </ul>
 */
package seedarr.db;
