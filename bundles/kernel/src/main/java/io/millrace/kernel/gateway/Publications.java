package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One stream at all publishers that are there. A publisher that comes while the stream runs gets the
 * sources whose renditions are still to come, then everything after. Used by one thread at a time.
 */
final class Publications implements PublicationOrder.Outlet {

    private static final System.Logger LOG = System.getLogger(Publications.class.getName());

    /** How long a stream waits for a publisher that is being replaced. */
    private static final Duration GAP = Duration.ofSeconds(10);

    /** Replacements in the course of one call that are followed. */
    private static final int MOST_PASSES = 100;

    private final StreamSpec spec;
    private final Leased<Publisher> publishers;
    private final InstantSource clock;
    private final Map<Publisher, Publication> open = new IdentityHashMap<>();
    private final Map<Long, Source> awaited = new LinkedHashMap<>();
    private final Set<Publisher> failing = identities();
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
        Set<Publisher> told = identities();
        boolean found = true;
        // one that is replaced meanwhile is passed over, so its successor is looked for
        for (int pass = 0; found && pass < MOST_PASSES; pass++) {
            awaitSuccessor(told);
            found = false;
            for (Publisher publisher : publishers.instances()) {
                if (!told.contains(publisher)) {
                    found = true;
                    publishers.take(publisher).ifPresent(lease -> {
                        try (lease) {
                            tell(lease.get(), news);
                        }
                        told.add(publisher);
                    });
                }
            }
        }
        if (told.isEmpty() && !publishers.isEmpty()) {
            tellWhoeverHolds(told, news);
        }
        open.keySet().retainAll(told);
        failing.retainAll(told);
    }

    /** Replaced faster than they could be listed: one is held before it is looked at. */
    private void tellWhoeverHolds(Set<Publisher> told, Consumer<Publication> news) {
        try (Lease<Publisher> lease = publishers.take(Deadline.in(GAP, clock))) {
            tell(lease.get(), news);
            told.add(lease.get());
        } catch (Fault e) {
            LOG.log(Level.WARNING, "Nobody publishes stream " + spec.manifest() + " for now", e);
        }
    }

    private void tell(Publisher publisher, Consumer<Publication> news) {
        try {
            Publication publication = open.get(publisher);
            if (publication == null) {
                publication = publisher.open(spec);
                open.put(publisher, publication);
                for (Source source : awaited.values()) {
                    publication.source(source.segment(), source.info());
                }
            }
            news.accept(publication);
            failing.remove(publisher);
        } catch (RuntimeException e) {
            if (failing.add(publisher)) {
                LOG.log(
                        Level.WARNING,
                        "Publishing stream " + spec.manifest() + " fails in "
                                + publisher.getClass().getName() + "; the stream goes on",
                        e);
            }
        }
    }

    private static Set<Publisher> identities() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Whoever had the stream is gone: the one that replaces it comes soon, and misses nothing then. */
    private void awaitSuccessor(Set<Publisher> told) {
        if (!publishers.isEmpty()) {
            orphaned = false;
            return;
        }
        if (orphaned || open.isEmpty() || !told.isEmpty()) {
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
