package seedarr.db.database;

import java.time.Duration;

/** A moment by the clock that nobody can set. */
public record Deadline(long nanoTime) {

    /** Returns the moment after a time from now; a time of centuries is one of a century. */
    public static Deadline in(Duration time) {
        long atMost = Math.min(time.toSeconds(), Duration.ofDays(36_500).toSeconds());
        return new Deadline(
                System.nanoTime() + Duration.ofSeconds(atMost, time.getNano()).toNanos());
    }

    /** Returns the time that is left; none when it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** Waits a while before the next try. */
    static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether it has passed. */
    public boolean isOver() {
        return nanoTime - System.nanoTime() < 0;
    }
}
