package seedarr.db.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How long a command may still wait for others, all its waits together. What it does itself does not count. */
public final class Waiting {

    private long left;

    private Waiting(long left) {
        this.left = left;
    }

    public static Waiting atMost(Duration time) {
        return new Waiting(time.toNanos());
    }

    /** Returns the time that is left; none when all is spent. */
    public Duration left() {
        return Duration.ofNanos(left);
    }

    /** Returns how long to keep others waiting behind this command at a time; never 0, which would have no end on a server. */
    public Duration turn() {
        return Duration.ofMillis(Math.max(1, Math.min(2000, left / 1_000_000)));
    }

    public void spend(Duration time) {
        left = Math.max(0, left - time.toNanos());
    }

    /** Returns whether a server has kept this command waiting for a turn, which is counted, and there is time for another. */
    public boolean hasAnotherTurn(SQLException error) {
        spend(isForLock(error) ? turn() : Duration.ZERO);
        // Whoever waited behind this command gets on.
        return isForLock(error) && pause(Duration.ofMillis(500));
    }

    /** Returns whether a server has let it wait for a lock, until lock_timeout or until each waited for the other. */
    static boolean isForLock(SQLException error) {
        return "55P03, 40P01".contains(String.valueOf(error.getSQLState()));
    }

    /** Waits a while before another try. Returns false, at once, where no time is left or the program was told to stop. */
    public boolean pause(Duration time) {
        if (left == 0 || Session.isStopping()) {
            return false;
        }
        long since = System.nanoTime();
        LockSupport.parkNanos(Math.min(left, time.toNanos()));
        spend(Duration.ofNanos(System.nanoTime() - since));
        return true;
    }
}
