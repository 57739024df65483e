package seedarr.db.database;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A moment by the clock that nobody can set. */
public record Deadline(long nanoTime) {

    /** Returns the moment after a time from now; a time of centuries is one of a century. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(time), Long.MAX_VALUE / 2));
    }

    /** Returns the time that is left; none when it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** Waits a while before the next try. */
    public static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /** Returns whether it has passed. */
    public boolean isOver() {
        return left().isZero();
    }
}
