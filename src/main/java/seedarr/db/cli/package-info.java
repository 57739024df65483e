/**
 * The commands of {@code seedarr-db}, one class each: parse, make one call, print. {@link seedarr.db.cli.Terminal} is the
 * one way in and out.
 */
package seedarr.db.cli;
