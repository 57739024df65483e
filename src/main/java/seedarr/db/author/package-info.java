/**
 * For whoever writes revisions: checks the form of a changelog and proves its revisions, and writes new ones. It tries
 * everything in scratch databases.
 */
package seedarr.db.author;
