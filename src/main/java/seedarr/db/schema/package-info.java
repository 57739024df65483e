/** Reads schemas, tells them apart, and protects what users have made beside the schema of the changelog. */
package seedarr.db.schema;
