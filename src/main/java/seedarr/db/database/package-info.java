/** What a database URL means, and how such a database is opened. Errors of the drivers become sentences here. */
package seedarr.db.database;
