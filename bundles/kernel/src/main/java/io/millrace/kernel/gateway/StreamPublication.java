package io.millrace.kernel.gateway;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream on its way to the viewers: in order, one call at a time, never on the thread of who hands in. */
final class StreamPublication {

    private static final System.Logger LOG = System.getLogger(StreamPublication.class.getName());

    /** Segments that publishers are behind; more go unpublished instead of filling the memory. */
    private static final int MOST_BEHIND = 64;

    /** How long the end of a stream waits for a publisher that hangs. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final StreamSpec spec;
    private final Lane lane;
    private final Publications publications;
    private final PublicationOrder order;
    private final AtomicInteger behind = new AtomicInteger();

    StreamPublication(StreamSpec spec, StreamParts parts) {
        this.spec = spec;
        GatewaySettings settings = parts.settings().get();
        lane = new Lane("publish " + spec.manifest());
        publications = new Publications(spec, parts.publishers(), parts.foreignPublishers());
        order = new PublicationOrder(
                publications,
                settings.reorderSegments(),
                task -> parts.timers()
                        .at(parts.clock().instant().plus(settings.reorderWait()), () -> lane.execute(task)));
        lane.execute(publications::begin);
    }

    /** A segment was handed in. Its entry is told when its source was shown, or need not be waited for. */
    void arrived(SegmentEntry entry) {
        if (behind.get() >= MOST_BEHIND) {
            entry.shown();
            return;
        }
        behind.incrementAndGet();
        lane.execute(() -> {
            try {
                order.arrived(entry.segment(), entry.info());
            } finally {
                behind.decrementAndGet();
                entry.shown();
            }
        });
    }

    /** A segment was settled; an empty list when its renditions are missing. */
    void settled(Segment segment, List<Rendition> renditions) {
        lane.execute(() -> order.settled(segment, renditions));
    }

    /** Publishes what is left and ends the stream for the viewers. */
    void finish() {
        lane.execute(order::finish);
        lane.execute(publications::close);
        if (!lane.await(LAST_WAIT)) {
            LOG.log(Level.WARNING, "A publisher of stream " + spec.manifest() + " hangs; its playlists may stay open");
        }
    }
}
