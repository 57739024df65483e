/** Revisions, their history, and the one transaction in which Liquibase changes a database. */
package seedarr.db.migrate;
