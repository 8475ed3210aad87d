package io.millrace.api.publish;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Puts renditions where viewers are. The host waits 5 s for a call; a publication that is not back by then is
 * given up, and the stream is opened again once the call has returned.
 */
@ConsumerType
public interface Publisher {

    /** Begins a stream. */
    Publication open(StreamSpec stream);

    /**
     * One stream being published. Calls come one at a time, segments in ascending order, each exactly
     * once: with its renditions, or with none when they are missing.
     */
    interface Publication extends AutoCloseable {

        /** The source segment is here; its renditions follow or not. */
        void source(Segment segment, MediaInfo info);

        /** The segment is settled; an empty list leaves a gap that is marked. */
        void renditions(Segment segment, List<Rendition> renditions);

        /** No more segments: the stream ended. */
        @Override
        void close();
    }
}
