package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.kernel.SerialExecutor;
import io.millrace.kernel.gateway.time.Timers;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One stream on its way to the viewers: its segments in order, at every publisher that is there. A publisher that
 * comes while the stream runs gets the sources whose renditions are still to come, and then everything. Each
 * publisher is told on a line of its own, so that a slow one holds up neither the others nor the stream.
 *
 * <p>Thread-safe; nothing is called on the caller's thread.
 */
final class StreamPublication implements PublicationOrder.Outlet {

    private static final System.Logger LOG = System.getLogger(StreamPublication.class.getName());

    /** Segments that wait to be put in order; more are not published instead of filling the memory. */
    private static final int MOST_WAITING = 64;

    /** How long the end of a stream waits for a publisher that hangs. */
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    /** How often publishers are looked for that came while the others were being told. */
    private static final int MOST_PASSES = 100;

    private final StreamSpec spec;
    private final Leased<Publisher> publishers;
    private final Foreign foreign;
    private final SerialExecutor serial;
    private final PublicationOrder order;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Used by the tasks of {@code serial} only. */
    private final Map<Publisher, PublisherFeed> feeds = new IdentityHashMap<>();

    private final Map<Long, Source> awaited = new LinkedHashMap<>();
    private boolean unpublished;
    private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

    /** A source whose renditions are still to come. */
    record Source(Segment segment, MediaInfo info) {}

    StreamPublication(
            StreamSpec spec,
            Leased<Publisher> publishers,
            Foreign foreign,
            GatewaySettings settings,
            Timers timers,
            InstantSource clock) {
        this.spec = spec;
        this.publishers = publishers;
        this.foreign = foreign;
        serial = new SerialExecutor("publish " + spec.manifest());
        order = new PublicationOrder(this, settings.reorderSegments(), task -> timers.at(
                clock.instant().plus(settings.reorderWait()), () -> serial.execute(task)));
        serial.execute(() -> tell(publication -> {}));
    }

    /** A segment was handed in; it is told when its source was published, or need not be waited for. */
    void arrived(SegmentJob job) {
        if (waiting.get() >= MOST_WAITING) {
            job.sourcePublished();
            return;
        }
        waiting.incrementAndGet();
        serial.execute(() -> {
            try {
                order.arrived(job.segment(), job.info());
            } finally {
                waiting.decrementAndGet();
                told.whenComplete((ignored, failure) -> job.sourcePublished());
            }
        });
    }

    /**
     * A segment was settled.
     *
     * @param renditions empty when they are missing
     * @param published is run when every publisher has them, or will not have them
     */
    void settled(Segment segment, List<Rendition> renditions, Runnable published) {
        serial.execute(() -> {
            try {
                order.settled(segment, renditions);
            } finally {
                told.whenComplete((ignored, failure) -> published.run());
            }
        });
    }

    /** Publishes what is left and ends the stream for the viewers. */
    void finish() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        serial.execute(() -> {
            order.finish();
            tell(Publication::close);
            feeds.clear();
            told.whenComplete((ignored, failure) -> ended.complete(null));
        });
        try {
            ended.get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.log(Level.WARNING, "A publisher of stream " + spec.manifest() + " hangs; its playlists may stay open");
        }
    }

    // -- in order, on the serial executor

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

    /** Puts the news on every publisher's line; {@code told} ends when those that do not hang have heard it. */
    private void tell(Consumer<Publication> news) {
        awaitSuccessor();
        List<Source> missed = List.copyOf(awaited.values());
        List<CompletableFuture<Void>> heard = new ArrayList<>();
        Set<Publisher> reached = Collections.newSetFromMap(new IdentityHashMap<>());
        // those who come meanwhile are told as well: whom they replace may have been missed
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            List<Lease<Publisher>> leases = publishers.takeAll(publisher -> !reached.contains(publisher));
            if (leases.isEmpty()) {
                break;
            }
            for (Lease<Publisher> lease : leases) {
                reached.add(lease.get());
                heard.add(feeds.computeIfAbsent(lease.get(), publisher -> new PublisherFeed(spec, foreign))
                        .add(lease, missed, news));
            }
        }
        feeds.keySet().retainAll(reached);
        told = CompletableFuture.allOf(heard.toArray(CompletableFuture[]::new));
    }

    /** Whoever had the stream is gone: the one that replaces it comes soon, and misses nothing then. */
    private void awaitSuccessor() {
        if (publishers.awaitSuccessor()) {
            unpublished = false;
        } else if (!unpublished && !feeds.isEmpty()) {
            unpublished = true;
            LOG.log(Level.WARNING, "Nobody publishes stream " + spec.manifest() + " any more; it runs on unpublished");
        }
    }
}
