package io.millrace.kernel.pipe;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * Messages from a sender to a reader, in order. A full pipe makes its sender wait.
 *
 * @param <T> what a message is
 */
public final class Pipe<T> {

    /** Messages that wait for the reader at most. */
    static final int MAX_MESSAGES = 64;

    /** Bytes above which no further message waits. */
    static final long MAX_BYTES = 32L << 20;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ToIntFunction<T> size;
    private final Queue<T> messages = new ArrayDeque<>();
    private final MessageSink<T> sink = new Sink();
    private final MessageSource<T> source = new Source();
    private long bytes;
    private boolean ended;
    private boolean abandoned;
    private Fault failure;

    /**
     * An empty pipe.
     *
     * @param size how many bytes a message has
     */
    public Pipe(ToIntFunction<T> size, InstantSource clock) {
        this.size = size;
        this.clock = clock;
    }

    /** The end to send to. */
    public MessageSink<T> sink() {
        return sink;
    }

    /** The end to read from. */
    public MessageSource<T> source() {
        return source;
    }

    /** Ends the sequence with a failure: the reader gets what was sent, then this. */
    public void fail(Fault cause) {
        lock.lock();
        try {
            if (!ended) {
                failure = cause;
                ended = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean full() {
        return messages.size() >= MAX_MESSAGES || bytes >= MAX_BYTES;
    }

    private void put(T message, Deadline deadline) {
        lock.lock();
        try {
            long nanos = nanos(deadline);
            while (full() && !ended && !abandoned) {
                if (nanos <= 0) {
                    throw new Fault(Consequence.RETRY_HERE, "the reader did not make room in time");
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (ended || abandoned) {
                throw new Fault(Consequence.RETRY_ELSEWHERE, "nobody reads any more");
            }
            messages.add(message);
            bytes += size.applyAsInt(message);
            changed.signalAll();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<T> get(Deadline deadline) {
        lock.lock();
        try {
            long nanos = nanos(deadline);
            while (messages.isEmpty() && !ended && !abandoned) {
                if (nanos <= 0) {
                    throw new Fault(Consequence.RETRY_HERE, "no message came in time");
                }
                nanos = changed.awaitNanos(nanos);
            }
            T message = messages.poll();
            if (message == null && failure != null) {
                throw new Fault(failure.consequence(), failure.getMessage(), failure);
            }
            if (message != null) {
                bytes -= size.applyAsInt(message);
                changed.signalAll();
            }
            return Optional.ofNullable(message);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void abandon() {
        lock.lock();
        try {
            abandoned = true;
            messages.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Saturates, so that the end of time may be a deadline. */
    private long nanos(Deadline deadline) {
        return TimeUnit.NANOSECONDS.convert(deadline.remaining(clock));
    }

    private static Fault interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new Fault(Consequence.RETRY_ELSEWHERE, "interrupted", cause);
    }

    private final class Sink implements MessageSink<T> {
        @Override
        public void send(T message, Deadline deadline) {
            put(message, deadline);
        }

        @Override
        public void close() {
            end();
        }
    }

    private final class Source implements MessageSource<T> {
        @Override
        public Optional<T> next(Deadline deadline) {
            return get(deadline);
        }

        @Override
        public void close() {
            abandon();
        }
    }
}
