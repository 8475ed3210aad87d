package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.List;
import java.util.Set;
import java.util.Collections;
import java.util.function.Consumer;

/**
 * One stream at all publishers that are there. A publisher that comes while the stream runs gets the
 * sources whose renditions are still to come, then everything after. Used by one thread at a time.
 */
final class Publications implements PublicationOrder.Outlet {

    private static final System.Logger LOG = System.getLogger(Publications.class.getName());

    /** How long a stream waits for a publisher that is being replaced. */
    private static final Duration GAP = Duration.ofSeconds(10);

    private final StreamSpec spec;
    private final Leased<Publisher> publishers;
    private final InstantSource clock;
    private final Map<Publisher, Publication> open = new IdentityHashMap<>();
    private final Map<Long, Source> awaited = new LinkedHashMap<>();
    private boolean orphaned;

    private record Source(Segment segment, MediaInfo info) {}

    Publications(StreamSpec spec, Leased<Publisher> publishers, InstantSource clock) {
        this.spec = spec;
        this.publishers = publishers;
        this.clock = clock;
    }

    /** Begins the stream at everybody who is there. */
    void begin() {
        tell(publication -> {});
    }

    @Override
    public void source(Segment segment, MediaInfo info) {
        tell(publication -> publication.source(segment, info));
        awaited.put(segment.sequence(), new Source(segment, info));
    }

    @Override
    public void renditions(Segment segment, List<Rendition> renditions) {
        tell(publication -> publication.renditions(segment, renditions));
        awaited.remove(segment.sequence());
    }

    /** Ends the stream at everybody who has it. */
    void close() {
        tell(Publication::close);
        open.clear();
    }

    private void tell(Consumer<Publication> news) {
        awaitSuccessor();
        publishers.tell(
                publisher -> {
                    Publication publication = open.get(publisher);
                    if (publication == null) {
                        publication = publisher.open(spec);
                        open.put(publisher, publication);
                        for (Source source : awaited.values()) {
                            publication.source(source.segment(), source.info());
                        }
                    }
                    news.accept(publication);
                },
                (publisher, failure) -> LOG.log(
                        Level.WARNING,
                        "Publishing stream " + spec.manifest() + " failed in "
                                + publisher.getClass().getName() + "; the stream goes on",
                        failure));
        Set<Publisher> present = Collections.newSetFromMap(new IdentityHashMap<>());
        present.addAll(publishers.instances());
        open.keySet().removeIf(publisher -> !present.contains(publisher));
    }

    /** Whoever had the stream is gone: the one that replaces it comes soon, and misses nothing then. */
    private void awaitSuccessor() {
        if (!publishers.isEmpty()) {
            orphaned = false;
            return;
        }
        if (orphaned || open.isEmpty()) {
            return;
        }
        try {
            publishers.take(Deadline.in(GAP, clock)).close();
        } catch (Fault e) {
            orphaned = true;
            LOG.log(Level.WARNING, "Nobody publishes stream " + spec.manifest() + " any more; it runs on unpublished");
        }
    }
}
