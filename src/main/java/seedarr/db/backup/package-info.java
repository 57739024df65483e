/** Copies of a SQLite database: one before a change, one put back. Each is whole or not there at all. */
package seedarr.db.backup;
