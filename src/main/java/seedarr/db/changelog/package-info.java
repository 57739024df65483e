/**
 * The revisions with their SQL both ways, and the Liquibase that reads and serves them. What Liquibase throws becomes a
 * sentence here.
 */
package seedarr.db.changelog;
