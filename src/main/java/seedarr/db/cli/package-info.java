/** The commands of {@code seedarr-db}: parse, make one call, print. {@link seedarr.db.cli.Terminal} is the way in and out. */
package seedarr.db.cli;
