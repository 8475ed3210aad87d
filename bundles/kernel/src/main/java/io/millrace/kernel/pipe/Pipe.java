package io.millrace.kernel.pipe;

import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;
import io.millrace.kernel.Threads;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
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
    public synchronized MessageSink<T> sink() {
        return sink;
    }

    /** The end to read from. */
    public synchronized MessageSource<T> source() {
        return source;
    }

    /** Another end to send to. The former one sends nothing more, and closing it changes nothing. */
    synchronized MessageSink<T> replaceSink() {
        sink = new Sink();
        notifyAll();
        return sink;
    }

    /** Another end to read from. The former one gets nothing more, and closing it changes nothing. */
    synchronized MessageSource<T> replaceSource() {
        source = new Source();
        notifyAll();
        return source;
    }

    /** When the last message was sent; before the first one when the pipe was made. */
    synchronized Instant lastMessage() {
        return lastMessage;
    }

    /** Ends the sequence with a failure, which the reader gets after what was sent before. */
    public synchronized void fail(Fault cause) {
        if (!ended) {
            failure = cause;
            ended = true;
            notifyAll();
        }
    }

    /** Ends the sequence and forgets what was not read, whoever holds the ends. */
    synchronized void close() {
        ended = true;
        abandon();
    }

    private boolean full() {
        return messages.size() >= MAX_MESSAGES || bytes >= MAX_BYTES;
    }

    private synchronized void put(Sink by, T message, Deadline deadline) {
        await(deadline, () -> !full() || by != sink || ended || abandoned, "the reader did not make room in time");
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
        notifyAll();
    }

    private synchronized Optional<T> get(Source by, Deadline deadline) {
        await(
                deadline,
                () -> !messages.isEmpty() || by != source || ended || abandoned,
                "no message came in time");
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
            notifyAll();
        }
        return Optional.ofNullable(message);
    }

    private void await(Deadline deadline, BooleanSupplier state, String late) {
        try {
            if (!Threads.await(this, deadline.remaining(clock), state)) {
                throw new Fault(Consequence.RETRY_HERE, late);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Consequence.RETRY_ELSEWHERE, "interrupted", e);
        }
    }

    private synchronized void end(Sink by) {
        if (by == sink) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void abandon(Source by) {
        if (by == source) {
            abandon();
        }
    }

    private void abandon() {
        abandoned = true;
        messages.clear();
        bytes = 0;
        charge.close();
        notifyAll();
    }

    private static Fault replaced() {
        return new Fault(Consequence.RETRY_ELSEWHERE, "somebody else holds this end now");
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
