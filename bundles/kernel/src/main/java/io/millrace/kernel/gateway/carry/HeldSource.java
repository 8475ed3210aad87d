package io.millrace.kernel.gateway.carry;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSource;
import java.util.Optional;

/** Messages whose end is told; more than once, when they are closed more than once. */
public final class HeldSource implements MessageSource<Bytes> {

    private final MessageSource<Bytes> messages;
    private final Runnable ended;

    /** Tells {@code ended} when the last message was read, and when it is closed. */
    public HeldSource(MessageSource<Bytes> messages, Runnable ended) {
        this.messages = messages;
        this.ended = ended;
    }

    @Override
    public Optional<Bytes> next(Deadline deadline) {
        Optional<Bytes> next = messages.next(deadline);
        if (next.isEmpty()) {
            ended.run();
        }
        return next;
    }

    @Override
    public void close() {
        try {
            messages.close();
        } finally {
            ended.run();
        }
    }
}
