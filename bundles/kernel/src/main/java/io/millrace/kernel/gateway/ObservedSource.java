package io.millrace.kernel.gateway;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Messages whose end is told, once: when the last one was read, or when they were closed. */
final class ObservedSource implements MessageSource<Bytes> {

    private final MessageSource<Bytes> messages;
    private final Runnable ended;
    private final AtomicBoolean told = new AtomicBoolean();

    ObservedSource(MessageSource<Bytes> messages, Runnable ended) {
        this.messages = messages;
        this.ended = ended;
    }

    @Override
    public Optional<Bytes> next(Deadline deadline) {
        Optional<Bytes> next = messages.next(deadline);
        if (next.isEmpty()) {
            tell();
        }
        return next;
    }

    @Override
    public void close() {
        try {
            messages.close();
        } finally {
            tell();
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            ended.run();
        }
    }
}
