package io.millrace.livepeer.web;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.MessageSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * An answer that comes as server-sent events, one message for each: its lines as they came, and the empty line that ends
 * it. Nothing follows the event {@code [DONE]}: go-livepeer 0.9.1 goes on with empty lines until the job's time is over.
 */
public final class EventStream implements MessageSource<Bytes> {

    /** The media type of such answers. */
    public static final String CONTENT_TYPE = "text/event-stream";

    private static final int MAX_EVENT = 1 << 20;
    private static final String DONE = "[DONE]";

    private final WebResponse response;
    private final Runnable closing;
    private boolean over;

    /** The body of {@code response}; {@code closing} is run when its reader closes it. */
    public EventStream(WebResponse response, Runnable closing) {
        this.response = response;
        this.closing = closing;
    }

    @Override
    public Optional<Bytes> next(Deadline deadline) {
        if (over) {
            return Optional.empty();
        }
        try {
            Bytes event = response.read(EventStream::event, deadline);
            over = event.isEmpty() || event.utf8().contains(DONE);
            return event.isEmpty() ? Optional.empty() : Optional.of(event);
        } catch (IOException e) {
            over = true;
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "the stream of events broke off: " + e.getMessage(), e);
        }
    }

    /** The lines up to an empty one, which is part of them; nothing at the end of the stream. */
    public static Bytes event(InputStream in) throws IOException {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        int lineStart = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            boolean isEmpty = event.size() == lineStart;
            if (b == '\n' && isEmpty) {
                if (event.size() > 0) {
                    event.write(b);
                    return Bytes.wrap(event.toByteArray());
                }
            } else if (b != '\r') {
                event.write(b);
                lineStart = b == '\n' ? event.size() : lineStart;
            }
            if (event.size() > MAX_EVENT) {
                throw new IOException("an event of more than " + MAX_EVENT + " bytes");
            }
        }
        return Bytes.wrap(event.toByteArray());
    }

    @Override
    public void close() {
        closing.run();
    }
}
