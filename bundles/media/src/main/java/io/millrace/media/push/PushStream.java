package io.millrace.media.push;

import io.millrace.api.gateway.Stream;
import java.time.Duration;
import java.time.Instant;

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
    synchronized Stream stream() {
        return stream;
    }

    /** Counts a segment in, or says what has to be done first; waits while another sender opens the stream. */
    synchronized Turn enter(Instant now) {
        try {
            while (opening) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another segment opened the stream", e);
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
    }

    /**
     * Ends a turn to open.
     *
     * @param opened the stream from now on; null when there is none
     * @return false when this was retired meanwhile: the caller closes what it has opened
     */
    synchronized boolean settle(Stream opened) {
        opening = false;
        doubtful = false;
        notifyAll();
        if (opened != null && !retired) {
            stream = opened;
        }
        return !retired;
    }

    /** A segment was dropped, as it is when an operator has ended the stream. */
    synchronized void doubt() {
        doubtful = true;
    }

    synchronized void leave(Instant now) {
        inFlight--;
        lastUsed = now;
    }

    /** Whether nothing has happened since {@code idle} before {@code now}; it is retired then. */
    synchronized boolean retireIfIdle(Instant now, Duration idle) {
        return inFlight == 0 && !lastUsed.plus(idle).isAfter(now) && retireUnlessOpening();
    }

    /** Retires the stream, unless another segment is opening it. */
    synchronized boolean retireUnlessOpening() {
        return !opening && retire();
    }

    /** Retires the stream, which takes no segment from now on; true for the one caller that has to close it. */
    synchronized boolean retire() {
        boolean first = !retired;
        retired = true;
        return first;
    }
}
