package io.millrace.kernel.pipe;

import io.millrace.api.job.LivePorts;
import io.millrace.api.job.MediaPart;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;
import java.time.InstantSource;

/** The four channels of a live session with both of their ends. */
public final class LivePipes {

    private final LivePorts caller;
    private final LivePorts pipeline;

    /** Open and empty. */
    public LivePipes(InstantSource clock) {
        Pipe<MediaPart> media = new Pipe<>(part -> part.data().size(), clock);
        Pipe<MediaPart> result = new Pipe<>(part -> part.data().size(), clock);
        Pipe<Bytes> control = new Pipe<>(Bytes::size, clock);
        Pipe<Bytes> events = new Pipe<>(Bytes::size, clock);
        caller = new Ports(media.sink(), result.source(), control.sink(), events.source());
        pipeline = new Ports(result.sink(), media.source(), events.sink(), control.source());
    }

    /** As the caller sees it. */
    public LivePorts caller() {
        return caller;
    }

    /** As the pipeline sees it. */
    public LivePorts pipeline() {
        return pipeline;
    }

    private record Ports(
            MessageSink<MediaPart> media,
            MessageSource<MediaPart> result,
            MessageSink<Bytes> signals,
            MessageSource<Bytes> notices)
            implements LivePorts {

        /** The other side still reads what was sent. */
        @Override
        public void close() {
            media.close();
            signals.close();
            result.close();
            notices.close();
        }
    }
}
