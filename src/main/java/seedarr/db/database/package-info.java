/**
 * What a database URL means, and how such a database is opened for reading and for writing. Errors of the drivers become
 * sentences here.
 */
package seedarr.db.database;
