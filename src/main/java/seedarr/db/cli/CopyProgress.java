package seedarr.db.cli;

import java.io.PrintWriter;

/** One line on a terminal that tells how much of a file is copied, once that takes over a second. */
final class CopyProgress {

    private static final long PATIENCE = 1_000_000_000L;

    private final PrintWriter err;
    private final boolean isWanted;
    private long since;
    private long shown;

    CopyProgress(PrintWriter err, boolean isWanted) {
        this.err = err;
        this.isWanted = isWanted;
    }

    /** Hears how many bytes are copied; the line goes away with the last. */
    void copied(String what, long done, long total) {
        if (!isWanted || total == 0) {
            return;
        }
        long percent = 100 * done / total;
        if (since == 0) {
            since = System.nanoTime();
        }
        if (percent == 100) {
            err.print(shown == 0 ? "" : "\r\u001b[K");
            since = 0;
            shown = 0;
        } else if (percent != shown && System.nanoTime() - since > PATIENCE) {
            err.print("\r" + what + "  " + percent + " % of " + (total + 999_999) / 1_000_000 + " MB");
            shown = percent;
        }
        err.flush();
    }
}
