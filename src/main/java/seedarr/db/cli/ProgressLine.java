package seedarr.db.cli;

import java.io.PrintWriter;

/** Says what takes long: on a terminal in one line, in whose place the next output comes; else each 30 seconds. */
final class ProgressLine {

    private static final long SECOND = 1_000_000_000L;

    private final PrintWriter err;
    private final boolean isLive;
    private final int patience;
    private Thread timer;
    private String step = "";
    private String share = "";
    private long since;
    private long due;
    private boolean isShown;

    /** Makes one that says nothing yet; a live one can take a line back. */
    ProgressLine(PrintWriter err, boolean isLive) {
        this.err = err;
        this.isLive = isLive;
        patience = isLive ? 1 : 30;
    }

    /** Names what is done from now on; nothing, where it is empty. */
    synchronized void begin(String next) {
        clear();
        step = next;
        share = "";
        since = System.nanoTime();
        // Without a terminal, what counts is how long the command says nothing.
        due = isLive || timer == null ? since + SECOND * patience : due;
        if (timer == null && !step.isEmpty()) {
            timer = new Thread(this::watch);
            timer.setDaemon(true);
            timer.start();
        }
    }

    /** Says how much of what was begun is done. */
    synchronized void reach(long done, long total) {
        share = total == 0 ? "" : "  " + 100 * done / total + " % of " + (total + 999_999) / 1_000_000 + " MB";
    }

    synchronized void print(PrintWriter out, String line) {
        clear();
        out.println(line);
    }

    private void clear() {
        if (isShown) {
            err.print("\r\u001b[K");
            err.flush();
            isShown = false;
        }
    }

    private synchronized void watch() {
        try {
            while (true) {
                wait(1000);
                long now = System.nanoTime();
                if (!step.isEmpty() && now >= due) {
                    due = now + SECOND * patience;
                    long seconds = (now - since) / SECOND;
                    String line = step + share + "  " + seconds + " s";
                    err.print(isLive ? "\r" + line + "\u001b[K" : line + "\n");
                    err.flush();
                    isShown = isLive;
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it: it ends with the process.
        }
    }
}
