package io.millrace.media.push;

import io.millrace.api.gateway.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pushed stream: open from its first segment until nobody has pushed for a while. Only its state is kept
 * here; whoever changes it calls the gateway afterwards, without the lock.
 */
final class PushStream {

    /** What the sender of a segment does next. */
    enum Turn {
        /** Hand the segment in. */
        ENTERED,
        /** Open the stream, and say what became of that; the others wait. */
        OPEN,
        /** Ask for the stream anew: this one has ended. */
        RETIRED
    }

    /** Whose first segment opened it. */
    final String opener;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private Stream stream;
    private Instant lastUsed = Instant.MIN;
    private int inFlight;
    private boolean opening;
    private boolean doubtful;
    private boolean retired;

    PushStream(String opener) {
        this.opener = opener;
    }

    /** The open stream; null before it was opened. */
    Stream stream() {
        lock.lock();
        try {
            return stream;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a segment in, or says what has to be done first; waits while another sender opens the stream. */
    Turn enter(Instant now) {
        lock.lock();
        try {
            while (opening) {
                settled.awaitUninterruptibly();
            }
            if (retired) {
                return Turn.RETIRED;
            }
            if (stream == null || doubtful) {
                opening = true;
                return Turn.OPEN;
            }
            inFlight++;
            lastUsed = now;
            return Turn.ENTERED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a turn to open.
     *
     * @param opened the stream from now on; null when there is none
     * @return false when this was retired meanwhile: the caller closes what it has opened
     */
    boolean settle(Stream opened) {
        lock.lock();
        try {
            opening = false;
            doubtful = false;
            settled.signalAll();
            if (opened != null && !retired) {
                stream = opened;
            }
            return !retired;
        } finally {
            lock.unlock();
        }
    }

    /** A segment was dropped, as it is when an operator has ended the stream. */
    void doubt() {
        lock.lock();
        try {
            doubtful = true;
        } finally {
            lock.unlock();
        }
    }

    void leave(Instant now) {
        lock.lock();
        try {
            inFlight--;
            lastUsed = now;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing has happened since {@code idle} before {@code now}; it is retired then. */
    boolean retireIfIdle(Instant now, Duration idle) {
        lock.lock();
        try {
            return inFlight == 0 && !lastUsed.plus(idle).isAfter(now) && !opening && retire();
        } finally {
            lock.unlock();
        }
    }

    /** Retires it, unless somebody is opening it. */
    boolean retireUnlessOpening() {
        lock.lock();
        try {
            return !opening && retire();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nobody any more; true for the one caller that has to close it. */
    boolean retire() {
        lock.lock();
        try {
            boolean first = !retired;
            retired = true;
            return first;
        } finally {
            lock.unlock();
        }
    }
}
