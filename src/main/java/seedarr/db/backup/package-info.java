/** Copies of a SQLite database: one before a change, and one put back. */
package seedarr.db.backup;
