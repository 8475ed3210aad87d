package io.millrace.kernel.pipe;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * Messages from a sender to a reader, in order. A full pipe makes its sender wait. What waits in it is charged to a
 * budget; a budget without room refuses the message at once. Either end can be given to somebody else: see
 * {@link #replaceSink} and {@link #replaceSource}. Thread-safe.
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
    private final Budget.Charge charge;
    private final Queue<T> messages = new ArrayDeque<>();
    private Sink sink = new Sink();
    private Source source = new Source();
    private long bytes;
    private boolean ended;
    private boolean abandoned;
    private Fault failure;
    private Instant lastMessage;

    /**
     * An empty pipe.
     *
     * @param size how many bytes a message has
     * @param budget what the messages that wait are charged to
     */
    public Pipe(ToIntFunction<T> size, Budget budget, InstantSource clock) {
        this.size = size;
        this.charge = budget.open("message");
        this.clock = clock;
        this.lastMessage = clock.instant();
    }

    /** The end to send to. */
    public MessageSink<T> sink() {
        lock.lock();
        try {
            return sink;
        } finally {
            lock.unlock();
        }
    }

    /** The end to read from. */
    public MessageSource<T> source() {
        lock.lock();
        try {
            return source;
        } finally {
            lock.unlock();
        }
    }

    /** Another end to send to. The former one sends nothing more, and closing it changes nothing. */
    MessageSink<T> replaceSink() {
        lock.lock();
        try {
            sink = new Sink();
            changed.signalAll();
            return sink;
        } finally {
            lock.unlock();
        }
    }

    /** Another end to read from. The former one gets nothing more, and closing it changes nothing. */
    MessageSource<T> replaceSource() {
        lock.lock();
        try {
            source = new Source();
            changed.signalAll();
            return source;
        } finally {
            lock.unlock();
        }
    }

    /** When the last message was sent; before the first one when the pipe was made. */
    Instant lastMessage() {
        lock.lock();
        try {
            return lastMessage;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the sequence with a failure, which the reader gets after what was sent before. */
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

    /** Ends the sequence and forgets what was not read, whoever holds the ends. */
    void close() {
        lock.lock();
        try {
            ended = true;
            abandon();
        } finally {
            lock.unlock();
        }
    }

    private boolean full() {
        return messages.size() >= MAX_MESSAGES || bytes >= MAX_BYTES;
    }

    private void put(Sink by, T message, Deadline deadline) {
        lock.lock();
        try {
            long nanos = nanos(deadline);
            while (full() && by == sink && !ended && !abandoned) {
                if (nanos <= 0) {
                    throw new Fault(Consequence.RETRY_HERE, "the reader did not make room in time");
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (by != sink) {
                throw replaced();
            }
            if (ended || abandoned) {
                throw new Fault(Consequence.RETRY_ELSEWHERE, "nobody reads any more");
            }
            if (!charge.add(size.applyAsInt(message))) {
                throw new Fault(Consequence.BUSY, "there is no memory for another message");
            }
            messages.add(message);
            bytes += size.applyAsInt(message);
            lastMessage = clock.instant();
            changed.signalAll();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<T> get(Source by, Deadline deadline) {
        lock.lock();
        try {
            long nanos = nanos(deadline);
            while (messages.isEmpty() && by == source && !ended && !abandoned) {
                if (nanos <= 0) {
                    throw new Fault(Consequence.RETRY_HERE, "no message came in time");
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (by != source) {
                throw replaced();
            }
            T message = messages.poll();
            if (message == null && failure != null) {
                throw new Fault(failure.consequence(), failure.getMessage(), failure);
            }
            if (message != null) {
                bytes -= size.applyAsInt(message);
                charge.remove(size.applyAsInt(message));
                changed.signalAll();
            }
            return Optional.ofNullable(message);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private void end(Sink by) {
        lock.lock();
        try {
            if (by == sink) {
                ended = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void abandon(Source by) {
        lock.lock();
        try {
            if (by == source) {
                abandon();
            }
        } finally {
            lock.unlock();
        }
    }

    private void abandon() {
        abandoned = true;
        messages.clear();
        bytes = 0;
        charge.close();
        changed.signalAll();
    }

    /** In nanoseconds, {@link Long#MAX_VALUE} for a deadline that is further away. */
    private long nanos(Deadline deadline) {
        return TimeUnit.NANOSECONDS.convert(deadline.remaining(clock));
    }

    private static Fault replaced() {
        return new Fault(Consequence.RETRY_ELSEWHERE, "somebody else holds this end now");
    }

    private static Fault interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new Fault(Consequence.RETRY_ELSEWHERE, "interrupted", cause);
    }

    private final class Sink implements MessageSink<T> {
        @Override
        public void send(T message, Deadline deadline) {
            put(this, message, deadline);
        }

        @Override
        public void close() {
            end(this);
        }
    }

    private final class Source implements MessageSource<T> {
        @Override
        public Optional<T> next(Deadline deadline) {
            return get(this, deadline);
        }

        @Override
        public void close() {
            abandon(this);
        }
    }
}
