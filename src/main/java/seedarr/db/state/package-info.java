/** What a database has, as its history and its schema say, and which plan follows from that. It reads and never writes. */
package seedarr.db.state;
