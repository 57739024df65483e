/** What a database URL means, how such a database is opened for reading and for writing, and who may read a new file. */
package seedarr.db.database;
