package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.gateway.session.SessionPool;
import io.millrace.kernel.gateway.session.TranscodeNeeds;
import io.millrace.kernel.gateway.time.TimedCondition;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One stream: who publishes it, the numbers of its segments, its end. Its segments are {@link SegmentJob}s.
 * Thread-safe; its lock is held for no call out of the gateway.
 */
final class RunningStream {

    private static final System.Logger LOG = System.getLogger(RunningStream.class.getName());

    /** How long a publisher may take to hand in what it has collected, of the time that the end may take. */
    private static final Duration LAST_SEGMENTS = Duration.ofSeconds(2);

    private final StreamSpec spec;
    private final Gateway gateway;
    private final Consumer<RunningStream> gone;
    private final Instant since;
    private final SessionPool pool;
    private final StreamPublication publication;
    private final SegmentQueue queue;
    private final AtomicLong dropped = new AtomicLong();

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Object lock = new Object();
    private final TimedCondition changed;
    private final Numbering numbering = new Numbering();
    private Ingest ingest = new Ingest();

    /** When its publisher left; empty while there is one. */
    private Optional<Instant> left = Optional.empty();

    private Optional<Runnable> whenEnding = Optional.empty();

    /** It ends, and no publisher comes back. */
    private boolean closing;

    /** No segment is taken any more. */
    private boolean ending;

    private boolean endedInTime = true;
    private Registration graceOver = () -> {};
    private Optional<MediaInfo> lastInfo = Optional.empty();
    private long segments;

    /** A stream that begins now; {@code gone} hears when its name is free again. */
    RunningStream(StreamSpec spec, Gateway gateway, Consumer<RunningStream> gone) {
        this.spec = spec;
        this.gateway = gateway;
        this.gone = gone;
        changed = new TimedCondition(lock, gateway.ports().timers(), clock());
        since = clock().instant();
        GatewayPorts ports = gateway.ports();
        publication = new StreamPublication(
                spec, ports.publishers(), gateway.publisherCalls(), settings(), ports.timers(), clock());
        queue = new SegmentQueue(
                "segment " + spec.manifest(), ports.budget(), gateway::settings, ports.timers(), clock());
        pool = new SessionPool(gateway.shared(), settings().poolLimits(), usualNeeds());
    }

    /** What a stream of H.264, the usual input, needs: enough to look around before its first segment. */
    private JobSpec usualNeeds() {
        return TranscodeNeeds.of("h264", "", spec.profiles(), spec.slicing(), settings().minVersion());
    }

    StreamSpec spec() {
        return spec;
    }

    StreamStatus status() {
        synchronized (lock) {
            return new StreamStatus(
                    spec.manifest(),
                    spec.origin(),
                    since,
                    names(),
                    segments,
                    dropped.get(),
                    queue.inWork(),
                    pool.current());
        }
    }

    /** Looks for orchestrators now: there may be new ones. */
    void lookAround() {
        pool.lookAround();
    }

    private List<String> names() {
        return spec.profiles().stream().map(VideoProfile::name).toList();
    }

    // -- what its segments work with

    InstantSource clock() {
        return gateway.ports().clock();
    }

    GatewaySettings settings() {
        return gateway.settings();
    }

    NodeEvents events() {
        return gateway.ports().events();
    }

    Attempts attempts() {
        return gateway.attempts();
    }

    Verifiers verifiers() {
        return gateway.verifiers();
    }

    SessionPool pool() {
        return pool;
    }

    /** Whether what is in work was given up. */
    boolean isCut() {
        return queue.isCut();
    }

    /** A segment has its result. */
    void settled(SegmentJob job, SegmentResult result, List<Rendition> renditions) {
        if (result instanceof Dropped) {
            dropped.incrementAndGet();
        }
        if (job.isResent() && renditions.isEmpty()) {
            // the copy failed; the segment that was handed in first may still be done
            job.uncharge();
        } else {
            publication.settled(job.segment(), renditions, job::uncharge);
        }
    }

    // -- the publisher

    Stream stream() {
        return ingest;
    }

    /** When its publisher left; empty while there is one, and at the end. */
    Optional<Instant> left() {
        synchronized (lock) {
            return closing ? Optional.empty() : left;
        }
    }

    /** A publisher comes back. Empty when the stream runs or ends, or was opened for other renditions. */
    Optional<Stream> resume(StreamSpec again) {
        synchronized (lock) {
            if (closing || left.isEmpty() || !spec.profiles().equals(again.profiles())) {
                return Optional.empty();
            }
            left = Optional.empty();
            graceOver.close();
            numbering.resume();
            ingest = new Ingest();
            return Optional.of(ingest);
        }
    }

    /** Tells everybody that it began, or went on. Called without a lock. */
    void tellStarted(boolean resumed) {
        events().happened(new KernelEvents.StreamStarted(spec.manifest(), spec.origin(), names(), resumed));
    }

    /** The stream in the hands of one publisher; one that came back has another. */
    private final class Ingest implements Stream {

        @Override
        public StreamSpec spec() {
            return spec;
        }

        @Override
        public long nextSequence() {
            synchronized (lock) {
                return numbering.next();
            }
        }

        @Override
        public Pending submit(Segment segment, MediaInfo info) {
            SegmentJob job;
            List<SegmentJob> overflow;
            String refusal = "";
            synchronized (lock) {
                if (isOver()) {
                    return deadline -> new Dropped("the stream ended");
                }
                segments++;
                Duration length = segment.duration();
                if (length.isNegative() || length.compareTo(SegmentJob.LONGEST) > 0) {
                    refusal = "invalid duration " + length.toMillis() / 1000.0;
                    job = new SegmentJob(RunningStream.this, segment, info, false, true);
                    overflow = List.of();
                } else {
                    job = numbered(segment, info);
                    overflow = queue.add(job);
                    if (job.isResent()) {
                        job.sourcePublished();
                    } else {
                        publication.arrived(job);
                    }
                }
            }
            if (!refusal.isEmpty()) {
                job.refuse(refusal);
            }
            overflow.forEach(one -> one.drop("work comes faster than it is done"));
            return job;
        }

        private SegmentJob numbered(Segment segment, MediaInfo info) {
            Numbering.Place place = numbering.place(segment.sequence());
            Segment its = place.number() == segment.sequence()
                    ? segment
                    : new Segment(
                            place.number(),
                            segment.duration(),
                            segment.data(),
                            segment.clip(),
                            segment.wallTime(),
                            segment.discontinuity() || place.anew());
            boolean reinit = lastInfo.map(before -> !info.sameFormat(before)).orElse(false);
            lastInfo = Optional.of(info);
            return new SegmentJob(RunningStream.this, its, info, reinit, place.again());
        }

        /** The publisher leaves. The stream goes on for a while, so that it may come back. */
        @Override
        public void close() {
            synchronized (lock) {
                if (isOver()) {
                    return;
                }
                Instant now = clock().instant();
                left = Optional.of(now);
                whenEnding = Optional.empty();
                changed.signal();
                if (closing) {
                    return;
                }
                graceOver = gateway.ports().timers().at(now.plus(settings().grace()), () -> {
                    if (left().isPresent()) {
                        RunningStream.this.end(settings().finish());
                    }
                });
            }
        }

        @Override
        public void whenEnding(Runnable publisher) {
            synchronized (lock) {
                if (isOver()) {
                    return;
                }
                if (!closing) {
                    whenEnding = Optional.of(publisher);
                    return;
                }
            }
            publisher.run();
        }

        /** A publisher that ends its stream itself need not be told. */
        @Override
        public void end() {
            synchronized (lock) {
                if (this != ingest) {
                    return;
                }
                whenEnding = Optional.empty();
            }
            RunningStream.this.end(settings().finish());
        }

        /** Whether this publisher left, was replaced, or its stream takes nothing more. */
        private boolean isOver() {
            return this != ingest || left.isPresent() || ending;
        }
    }

    // -- the end

    /**
     * Hears the publisher out and finishes what is in work, for no longer than {@code limit}; then closes the
     * playlists, then the sessions. Returns when all of that is done.
     *
     * @return whether everything in work was finished
     */
    boolean end(Duration limit) {
        boolean first;
        Optional<Runnable> told;
        synchronized (lock) {
            first = !closing;
            closing = true;
            graceOver.close();
            told = whenEnding;
        }
        if (first) {
            Deadline deadline = Deadline.in(limit, clock());
            told.ifPresent(publisher -> awaitLastSegments(publisher, deadline));
            finish(deadline);
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (lock) {
            return endedInTime;
        }
    }

    private void awaitLastSegments(Runnable publisher, Deadline deadline) {
        try {
            publisher.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The publisher of stream " + spec.manifest() + " may lose its last pictures", e);
            return;
        }
        changed.await(() -> left.isPresent(), deadline.orEarlier(Deadline.in(LAST_SEGMENTS, clock())));
    }

    private void finish(Deadline deadline) {
        synchronized (lock) {
            ending = true;
        }
        List<SegmentJob> rest = queue.finish(deadline);
        rest.forEach(job -> job.drop("the stream ended"));
        publication.finish();
        NodeEvent.StreamEnded event;
        synchronized (lock) {
            endedInTime = rest.isEmpty();
            event = new KernelEvents.StreamEnded(spec.manifest(), segments, dropped.get());
        }
        gone.accept(this);
        events().happened(event);
        pool.close();
        ended.countDown();
    }
}
