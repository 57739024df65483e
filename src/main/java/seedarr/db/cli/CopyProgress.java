package seedarr.db.cli;

import java.io.PrintWriter;

/** One line on a terminal that tells how much of a file is copied, once that takes over a second. */
final class CopyProgress {

    private static final long PATIENCE = 1_000_000_000L;

    private final PrintWriter err;
    private final boolean isTerminal;
    private long since;
    private long shown;

    CopyProgress(PrintWriter err, boolean isTerminal) {
        this.err = err;
        this.isTerminal = isTerminal;
    }

    /** Hears how many bytes are copied; the line goes away with the last. */
    void copied(long done, long total) {
        if (!isTerminal || total == 0) {
            return;
        }
        long percent = 100 * done / total;
        if (since == 0) {
            since = System.nanoTime();
        }
        if (percent == 100) {
            clear();
            since = 0;
        } else if (percent != shown && System.nanoTime() - since > PATIENCE) {
            err.print("\rcopying  " + percent + " % of " + (total + 999_999) / 1_000_000 + " MB");
            shown = percent;
        }
        err.flush();
    }

    /** Takes the line away, if there is one. */
    void clear() {
        if (shown != 0) {
            err.print("\r\u001b[K");
            shown = 0;
        }
    }
}
