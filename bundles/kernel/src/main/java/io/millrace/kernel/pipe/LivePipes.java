package io.millrace.kernel.pipe;

import io.millrace.api.job.LivePorts;
import io.millrace.api.job.MediaPart;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The four channels of a live session with both of their ends. Thread-safe. */
public final class LivePipes {

    private final Pipe<MediaPart> media;
    private final Pipe<MediaPart> result;
    private final Pipe<Bytes> control;
    private final Pipe<Bytes> events;
    private final LivePorts pipeline;

    /** Open and empty; what waits in them is charged to {@code budget}. */
    public LivePipes(Budget budget, InstantSource clock) {
        media = new Pipe<>(part -> part.data().size(), budget, clock);
        result = new Pipe<>(part -> part.data().size(), budget, clock);
        control = new Pipe<>(Bytes::size, budget, clock);
        events = new Pipe<>(Bytes::size, budget, clock);
        pipeline = new Ports(result.sink(), media.source(), events.sink(), control.source());
    }

    /** The caller's ends. Those that were given out before get and send nothing more, and close nothing. */
    public LivePorts caller() {
        return new Ports(media.replaceSink(), result.replaceSource(), control.replaceSink(), events.replaceSource());
    }

    /** The pipeline's ends. */
    public LivePorts pipeline() {
        return pipeline;
    }

    /** Ends all channels and forgets what was not read. */
    public void close() {
        List.of(media, result, control, events).forEach(Pipe::close);
    }

    /** When anything was sent the last time, in either direction. */
    public Instant lastMessage() {
        return List.of(media, result, control, events).stream()
                .map(Pipe::lastMessage)
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private record Ports(
            MessageSink<MediaPart> media,
            MessageSource<MediaPart> result,
            MessageSink<Bytes> signals,
            MessageSource<Bytes> notices)
            implements LivePorts {

        /** The other side can still read what was sent before. */
        @Override
        public void close() {
            media.close();
            signals.close();
            result.close();
            notices.close();
        }
    }
}
