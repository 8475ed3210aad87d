package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Unfit;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One stream at all publishers that are there. A publisher that comes while the stream runs gets the
 * sources whose renditions are still to come, then everything after. One that hangs is left out until it
 * has returned, and begins anew then. Used by one thread at a time.
 */
final class Publications implements PublicationOrder.Outlet {

    private static final System.Logger LOG = System.getLogger(Publications.class.getName());

    /** How long a publisher may take for a segment. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Times that those are told who came in the course of one call. */
    private static final int MOST_PASSES = 100;

    private final StreamSpec spec;
    private final Leased<Publisher> publishers;
    private final Foreign foreign;
    private final Map<Publisher, Copy> copies = new IdentityHashMap<>();
    private final Map<Long, Source> awaited = new LinkedHashMap<>();
    private boolean orphaned;

    private record Source(Segment segment, MediaInfo info) {}

    /** The stream at one publisher. */
    private static final class Copy {
        private volatile Publication publication;
        private ForeignCall<Publisher, Void> hanging;
        private boolean failing;
    }

    Publications(StreamSpec spec, Leased<Publisher> publishers, Foreign foreign) {
        this.spec = spec;
        this.publishers = publishers;
        this.foreign = foreign;
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
        copies.clear();
    }

    private void tell(Consumer<Publication> news) {
        awaitSuccessor();
        Set<Publisher> told = Collections.newSetFromMap(new IdentityHashMap<>());
        // those who come meanwhile are told as well: whom they replace may have been missed
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            List<Lease<Publisher>> leases = publishers.takeAll(publisher -> !told.contains(publisher));
            if (leases.isEmpty()) {
                break;
            }
            leases.forEach(lease -> told.add(lease.get()));
            tell(leases, news);
        }
        copies.keySet().retainAll(told);
    }

    /** All at once, so that a slow one does not hold up the others. */
    private void tell(List<Lease<Publisher>> leases, Consumer<Publication> news) {
        Map<Copy, ForeignCall<Publisher, Void>> calls = new LinkedHashMap<>();
        List<Source> missed = List.copyOf(awaited.values());
        for (Lease<Publisher> lease : leases) {
            try (lease) {
                Copy copy = copies.computeIfAbsent(lease.get(), publisher -> new Copy());
                if (copy.hanging == null || copy.hanging.isOver()) {
                    copy.hanging = null;
                    calls.put(copy, foreign.begin(lease, publisher -> tell(publisher, copy, missed, news)));
                }
            } catch (Unfit e) {
                LOG.log(Level.WARNING, "A segment of stream " + spec.manifest() + " is not published: " + e.getMessage());
            }
        }
        calls.forEach(this::await);
    }

    private Void tell(Publisher publisher, Copy copy, List<Source> missed, Consumer<Publication> news) {
        Publication publication = copy.publication;
        if (publication == null) {
            publication = publisher.open(spec);
            for (Source source : missed) {
                publication.source(source.segment(), source.info());
            }
            copy.publication = publication;
        }
        news.accept(publication);
        return null;
    }

    private void await(Copy copy, ForeignCall<Publisher, Void> call) {
        try {
            call.await(LIMIT);
            copy.failing = false;
        } catch (Unfit e) {
            if (!call.isOver()) {
                copy.hanging = call;
                copy.publication = null;
            }
            if (!copy.failing) {
                copy.failing = true;
                LOG.log(
                        Level.WARNING,
                        "Publishing stream " + spec.manifest() + " fails; the stream goes on: " + e.getMessage(),
                        e.getCause());
            }
        }
    }

    /** Whoever had the stream is gone: the one that replaces it comes soon, and misses nothing then. */
    private void awaitSuccessor() {
        if (publishers.awaitSuccessor()) {
            orphaned = false;
        } else if (!orphaned && !copies.isEmpty()) {
            orphaned = true;
            LOG.log(Level.WARNING, "Nobody publishes stream " + spec.manifest() + " any more; it runs on unpublished");
        }
    }
}
