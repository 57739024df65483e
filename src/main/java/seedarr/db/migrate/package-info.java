/**
 * Carries plans out, each command in one transaction: Liquibase does the steps. What is the user's is looked at before and
 * after, and nothing of it is lost.
 */
package seedarr.db.migrate;
