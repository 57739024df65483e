/** The commands of {@code seedarr-db}, one class each, and the one way in and out: {@link seedarr.db.cli.Terminal}. */
package seedarr.db.cli;
