package io.millrace.livepeer.serve;

import io.millrace.livepeer.web.ClientWatch;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The streams that tell orchestrators of max floats. An orchestrator opens one for each sender and keeps it for minutes;
 * where there are too many, the oldest of that orchestrator ends, so that there is always room for its tickets. Whoever
 * loses a stream asks again and opens another one. Thread-safe.
 */
final class MaxFloatStreams implements AutoCloseable {

    /** A quarter of the calls that a connection and an address may have at once. */
    static final int MAX_PER_CALLER = 64;

    private static final int MAX = 512;

    /** A client that vanished without a word is noticed by nothing else. */
    private static final Duration LONGEST = Duration.ofHours(1);

    /** The oldest first. */
    private final List<Stream> open = new ArrayList<>();

    private boolean closed;

    /** One of them, from the call of its client until it ends. Used by the thread of that call, but for what is said. */
    final class Stream implements AutoCloseable {

        private final String caller;
        private final ClientWatch client;
        private final Semaphore changes = new Semaphore(0);
        private final long begun = System.nanoTime();
        private volatile Optional<GrpcFailure> end = Optional.empty();
        private volatile boolean ended;

        private Stream(HttpServletRequest request) {
            caller = request.getRemoteAddr();
            client = ClientWatch.of(request);
        }

        /** There is something to tell. Called by any thread; returns at once. */
        void changed() {
            changes.release();
        }

        /**
         * Waits for a change; several may come as one.
         *
         * @return false when the stream is over
         * @throws GrpcFailure when it was ended for another one
         */
        boolean awaitChange() throws GrpcFailure {
            try {
                long left = LONGEST.toNanos() - (System.nanoTime() - begun);
                boolean changed = changes.tryAcquire(left, TimeUnit.NANOSECONDS);
                changes.drainPermits();
                if (end.isPresent()) {
                    throw end.get();
                }
                if (!changed) {
                    throw over();
                }
                return !ended;
            } catch (InterruptedException e) {
                // its client has left
                return false;
            }
        }

        private void end(Optional<GrpcFailure> how) {
            end = how;
            ended = true;
            changes.release();
        }

        @Override
        public void close() {
            client.close();
            synchronized (MaxFloatStreams.this) {
                open.remove(this);
            }
        }
    }

    /** As go-livepeer ends one that it cannot go on with. */
    private static GrpcFailure over() {
        return new GrpcFailure(GrpcStatus.CANCELLED, "subscription closed");
    }

    /** A stream for the call of the current thread. */
    synchronized Stream open(HttpServletRequest request) {
        Stream stream = new Stream(request);
        List<Stream> ofCaller =
                open.stream().filter(other -> other.caller.equals(stream.caller)).toList();
        if (ofCaller.size() >= MAX_PER_CALLER) {
            remove(ofCaller.getFirst());
        } else if (open.size() >= MAX) {
            remove(open.getFirst());
        }
        open.add(stream);
        if (closed) {
            stream.end(Optional.empty());
        }
        return stream;
    }

    private void remove(Stream oldest) {
        open.remove(oldest);
        oldest.end(Optional.of(over()));
    }

    /** Ends all of them, and those that are opened from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        open.forEach(stream -> stream.end(Optional.empty()));
    }
}
