package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.SegmentResult.NoSession;
import io.millrace.api.gateway.SegmentResult.Transcoded;
import io.millrace.api.gateway.SegmentResult.Untranscodable;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.carry.Outcome;
import io.millrace.kernel.gateway.find.SessionPool;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One stream: who publishes it, what becomes of its segments, its end. */
final class RunningStream {

    /** Who made the renditions of a segment that nobody had to transcode. */
    static final URI UNCHANGED = URI.create("source:unchanged");

    private static final System.Logger LOG = System.getLogger(RunningStream.class.getName());

    /** How long work waits for its source to be shown: a publisher that hangs must not stop the work. */
    private static final long SHOW_LIMIT_MILLIS = 2000;

    /** How long a publisher may take to hand in what it has collected, of the time that the end may take. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final StreamSpec spec;
    private final StreamParts parts;
    private final Consumer<RunningStream> gone;
    private final Instant since;
    private final SessionPool pool;
    private final StreamPublication publication;
    private final WorkQueue queue;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Numbering numbering = new Numbering();
    private Seat seat = new Seat();
    private Optional<Instant> left = Optional.empty();
    private Optional<Runnable> publisher = Optional.empty();

    /** Nobody comes back. */
    private boolean closing;

    /** No segment is taken any more. */
    private boolean ending;

    private boolean endedInTime = true;
    private Registration graceOver = () -> {};
    private Optional<MediaInfo> lastInfo = Optional.empty();
    private long segments;
    private long dropped;

    /** A stream that begins now; {@code gone} hears when its name is free again. */
    RunningStream(StreamSpec spec, StreamParts parts, Consumer<RunningStream> gone) {
        this.spec = spec;
        this.parts = parts;
        this.gone = gone;
        since = parts.clock().instant();
        publication = new StreamPublication(spec, parts);
        queue = new WorkQueue("segment " + spec.manifest(), parts.settings(), parts.room(), parts.timers(), this::work);
        pool = new SessionPool(
                parts.pool(), parts.settings().get().poolLimits(), parts.transcoder().usualNeeds(spec));
        tellStarted(false);
    }

    StreamSpec spec() {
        return spec;
    }

    StreamStatus status() {
        lock.lock();
        try {
            return new StreamStatus(
                    spec.manifest(), spec.origin(), since, names(), segments, dropped, queue.inWork(), pool.current());
        } finally {
            lock.unlock();
        }
    }

    /** Looks for orchestrators now: there may be new ones. */
    void lookAround() {
        pool.lookAround();
    }

    // -- the publisher

    Stream stream() {
        return seat;
    }

    /** When its publisher left; empty while there is one, and at the end. */
    Optional<Instant> left() {
        lock.lock();
        try {
            return closing ? Optional.empty() : left;
        } finally {
            lock.unlock();
        }
    }

    /** A publisher comes back. Empty when the stream runs or ends, or was opened for other renditions. */
    Optional<Stream> resume(StreamSpec again) {
        Seat taken;
        lock.lock();
        try {
            if (closing || left.isEmpty() || !spec.profiles().equals(again.profiles())) {
                return Optional.empty();
            }
            left = Optional.empty();
            graceOver.close();
            numbering.resume();
            taken = new Seat();
            seat = taken;
        } finally {
            lock.unlock();
        }
        tellStarted(true);
        return Optional.of(taken);
    }

    private void leave(Seat who) {
        lock.lock();
        try {
            if (absent(who)) {
                return;
            }
            Instant now = parts.clock().instant();
            left = Optional.of(now);
            publisher = Optional.empty();
            changed.signalAll();
            if (closing) {
                return;
            }
            graceOver = parts.timers().at(now.plus(parts.settings().get().grace()), () -> {
                if (left().isPresent()) {
                    end(parts.settings().get().finish());
                }
            });
        } finally {
            lock.unlock();
        }
    }

    private boolean absent(Seat who) {
        return who != seat || left.isPresent() || ending;
    }

    private final class Seat implements Stream {
        @Override
        public StreamSpec spec() {
            return spec;
        }

        @Override
        public long nextSequence() {
            lock.lock();
            try {
                return numbering.next();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Pending submit(Segment segment, MediaInfo info) {
            return RunningStream.this.submit(this, segment, info);
        }

        @Override
        public void close() {
            leave(this);
        }

        @Override
        public void whenEnding(Runnable last) {
            RunningStream.this.whenEnding(this, last);
        }

        @Override
        public void end() {
            if (endsMine()) {
                RunningStream.this.end(parts.settings().get().finish());
            }
        }

        /** A publisher that ends its stream itself need not be told. */
        private boolean endsMine() {
            lock.lock();
            try {
                if (this != seat) {
                    return false;
                }
                publisher = Optional.empty();
                return true;
            } finally {
                lock.unlock();
            }
        }
    }

    private void whenEnding(Seat who, Runnable last) {
        lock.lock();
        try {
            if (absent(who)) {
                return;
            }
            if (!closing) {
                publisher = Optional.of(last);
                return;
            }
        } finally {
            lock.unlock();
        }
        last.run();
    }

    // -- segments

    private Pending submit(Seat who, Segment handedIn, MediaInfo info) {
        boolean refused = handedIn.duration().isNegative()
                || handedIn.duration().compareTo(SegmentTranscoder.LONGEST_SEGMENT) > 0;
        SegmentEntry entry;
        List<SegmentEntry> overflow = List.of();
        lock.lock();
        try {
            if (absent(who)) {
                return deadline -> new Dropped("the stream ended");
            }
            segments++;
            if (refused) {
                entry = new SegmentEntry(handedIn, info, false, parts.clock());
            } else {
                entry = place(handedIn, info);
                overflow = queue.add(entry);
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            String seconds = String.valueOf(handedIn.duration().toMillis() / 1000.0);
            settle(entry, new Untranscodable("invalid duration " + seconds), Report.NONE);
        }
        overflow.forEach(one -> settle(one, new Dropped("work comes faster than it is done"), Report.NONE));
        return entry;
    }

    private SegmentEntry place(Segment handedIn, MediaInfo info) {
        Numbering.Place place = numbering.place(handedIn.sequence());
        Segment segment = place.number() == handedIn.sequence()
                ? handedIn
                : new Segment(
                        place.number(),
                        handedIn.duration(),
                        handedIn.data(),
                        handedIn.clip(),
                        handedIn.wallTime(),
                        handedIn.discontinuity() || place.anew());
        boolean reinit = lastInfo.map(before -> !info.sameFormat(before)).orElse(false);
        lastInfo = Optional.of(info);
        SegmentEntry entry = new SegmentEntry(segment, info, reinit, parts.clock());
        if (place.again()) {
            // sent once more: its sender gets an answer, the viewers have it already
            entry.shown();
        } else {
            publication.arrived(entry);
        }
        return entry;
    }

    private void work(SegmentEntry entry) {
        try {
            if (!entry.awaitShown(SHOW_LIMIT_MILLIS)) {
                LOG.log(Level.WARNING, "A publisher of stream " + spec.manifest() + " is slow; work goes on");
            }
            transcode(entry);
        } catch (InterruptedException e) {
            settle(entry, new Dropped("the stream ended"), Report.NONE);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Segment " + entry.segment().sequence() + " of stream " + spec.manifest(), e);
            settle(entry, new Untranscodable("the gateway failed: " + e), Report.NONE);
        }
    }

    private void transcode(SegmentEntry entry) {
        Segment segment = entry.segment();
        if (spec.profiles().isEmpty() || entry.info().videoFrames() == 0) {
            List<Rendition> renditions = SegmentTranscoder.unchanged(spec, segment, entry.info());
            settle(entry, new Transcoded(renditions, UNCHANGED, Duration.ZERO), Report.NONE);
            return;
        }
        Instant start = parts.clock().instant();
        Outcome<List<Rendition>> outcome = parts.transcoder().transcode(spec, entry, pool, queue::isCut);
        switch (outcome) {
            case Outcome.Success<List<Rendition>> done -> settle(
                    entry,
                    new Transcoded(
                            done.value(), done.orchestrator(), Duration.between(start, parts.clock().instant())),
                    new Report(Optional.of(done.orchestrator()), done.work(), done.attempts()));
            case Outcome.Hopeless<List<Rendition>> no -> settle(
                    entry, new Untranscodable(no.message()), Report.of(no.attempts()));
            case Outcome.Exhausted<List<Rendition>> no -> settle(
                    entry,
                    new Untranscodable("hit max transcode attempts: " + no.message()),
                    Report.of(no.attempts()));
            case Outcome.NoSession<List<Rendition>> no -> settle(
                    entry, new NoSession(no.message()), Report.of(no.attempts()));
            case Outcome.Cancelled<List<Rendition>> no -> settle(
                    entry, new Dropped("the stream ended"), Report.of(no.attempts()));
        }
    }

    /** What the operator learns of the work beside the result. */
    private record Report(Optional<URI> orchestrator, Duration work, int attempts) {
        static final Report NONE = of(0);

        static Report of(int attempts) {
            return new Report(Optional.empty(), Duration.ZERO, attempts);
        }
    }

    private void settle(SegmentEntry entry, SegmentResult result, Report report) {
        if (!entry.claim()) {
            return;
        }
        List<Rendition> renditions = result instanceof Transcoded made ? made.renditions() : List.of();
        if (result instanceof Dropped) {
            lock.lock();
            try {
                dropped++;
            } finally {
                lock.unlock();
            }
        }
        publication.settled(entry.segment(), renditions);
        parts.events().happened(settled(entry, result, renditions, report));
        entry.complete(result);
    }

    private NodeEvent settled(SegmentEntry entry, SegmentResult result, List<Rendition> renditions, Report report) {
        Segment segment = entry.segment();
        return new NodeEvent.SegmentSettled(
                spec.manifest(),
                segment.sequence(),
                segment.duration(),
                switch (result) {
                    case Transcoded _ -> "transcoded";
                    case Untranscodable _ -> "untranscodable";
                    case NoSession _ -> "no-session";
                    case Dropped _ -> "dropped";
                },
                switch (result) {
                    case Transcoded _ -> "";
                    case Untranscodable no -> no.message();
                    case NoSession no -> no.message();
                    case Dropped no -> no.message();
                },
                report.orchestrator(),
                segment.data().size(),
                names(),
                renditions.stream().map(rendition -> rendition.data().size()).toList(),
                Duration.between(entry.handedIn(), parts.clock().instant()),
                report.work(),
                report.attempts());
    }

    // -- the end

    /**
     * Hears the publisher out and finishes what is in work, for no longer than {@code limit}; then closes the playlists, then the
     * sessions. Returns when all of that is done.
     *
     * @return whether everything in work was finished
     */
    boolean end(Duration limit) {
        boolean first;
        Optional<Runnable> last;
        lock.lock();
        try {
            first = !closing;
            closing = true;
            graceOver.close();
            last = publisher;
        } finally {
            lock.unlock();
        }
        if (first) {
            Deadline deadline = Deadline.in(limit, parts.clock());
            last.ifPresent(words -> hear(words, deadline.orEarlier(Deadline.in(LAST_WORDS, parts.clock()))));
            finish(deadline);
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            return endedInTime;
        } finally {
            lock.unlock();
        }
    }

    private void hear(Runnable last, Deadline deadline) {
        try {
            last.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The publisher of stream " + spec.manifest() + " may lose its last pictures", e);
            return;
        }
        Registration alarm = parts.timers().at(deadline.at(), this::wake);
        lock.lock();
        try {
            while (left.isEmpty() && !deadline.expired(parts.clock())) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
            alarm.close();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void finish(Deadline deadline) {
        lock.lock();
        try {
            ending = true;
        } finally {
            lock.unlock();
        }
        List<SegmentEntry> rest = queue.finish(deadline);
        rest.forEach(entry -> settle(entry, new Dropped("the stream ended"), Report.NONE));
        publication.finish();
        NodeEvent.StreamEnded event;
        lock.lock();
        try {
            endedInTime = rest.isEmpty();
            event = new NodeEvent.StreamEnded(spec.manifest(), segments, dropped);
        } finally {
            lock.unlock();
        }
        gone.accept(this);
        parts.events().happened(event);
        pool.close();
        ended.countDown();
    }

    private void tellStarted(boolean resumed) {
        parts.events().happened(new NodeEvent.StreamStarted(spec.manifest(), spec.origin(), names(), resumed));
    }

    private List<String> names() {
        return spec.profiles().stream().map(VideoProfile::name).toList();
    }
}
