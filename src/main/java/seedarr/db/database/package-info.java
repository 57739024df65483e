/** What a database URL means, and how such a database is opened for reading and for writing. */
package seedarr.db.database;
