/** The words of SQL, and what its statements make, alter and drop by name. It knows no database but by a connection. */
package seedarr.db.sql;
