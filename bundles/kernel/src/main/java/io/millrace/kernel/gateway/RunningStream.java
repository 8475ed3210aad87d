package io.millrace.kernel.gateway;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult.Dropped;
import io.millrace.api.gateway.Stream;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.find.SessionPool;
import io.millrace.kernel.gateway.time.TimedCondition;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One stream: who publishes it, what becomes of its segments, its end. */
final class RunningStream {

    private static final System.Logger LOG = System.getLogger(RunningStream.class.getName());

    /** How long a publisher may take to hand in what it has collected, of the time that the end may take. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final StreamSpec spec;
    private final StreamParts parts;
    private final Consumer<RunningStream> gone;
    private final Instant since;
    private final SessionPool pool;
    private final StreamPublication publication;
    private final SegmentWork work;
    private final WorkQueue queue;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final TimedCondition changed;
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

    /** A stream that begins now; {@code gone} hears when its name is free again. */
    RunningStream(StreamSpec spec, StreamParts parts, Consumer<RunningStream> gone) {
        this.spec = spec;
        this.parts = parts;
        this.gone = gone;
        changed = new TimedCondition(lock, parts.timers(), parts.clock());
        since = parts.clock().instant();
        publication = new StreamPublication(spec, parts);
        queue = new WorkQueue("segment " + spec.manifest(), parts.settings(), parts.room(), parts.timers(), this::work);
        pool = new SessionPool(
                parts.pool(), parts.settings().get().poolLimits(), parts.transcoder().usualNeeds(spec));
        work = new SegmentWork(spec, parts, pool, publication);
        tellStarted(false);
    }

    private void work(SegmentEntry entry) {
        work.work(entry, queue::isCut);
    }

    StreamSpec spec() {
        return spec;
    }

    StreamStatus status() {
        lock.lock();
        try {
            return new StreamStatus(
                    spec.manifest(), spec.origin(), since, work.names(), segments, work.dropped(), queue.inWork(), pool.current());
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
            changed.signal();
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
            work.refuse(entry, "invalid duration " + seconds);
        }
        overflow.forEach(one -> work.drop(one, "work comes faster than it is done"));
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
        changed.await(() -> left.isPresent(), deadline);
    }

    private void finish(Deadline deadline) {
        lock.lock();
        try {
            ending = true;
        } finally {
            lock.unlock();
        }
        List<SegmentEntry> rest = queue.finish(deadline);
        rest.forEach(entry -> work.drop(entry, "the stream ended"));
        publication.finish();
        NodeEvent.StreamEnded event;
        lock.lock();
        try {
            endedInTime = rest.isEmpty();
            event = new NodeEvent.StreamEnded(spec.manifest(), segments, work.dropped());
        } finally {
            lock.unlock();
        }
        gone.accept(this);
        parts.events().happened(event);
        pool.close();
        ended.countDown();
    }

    private void tellStarted(boolean resumed) {
        parts.events().happened(new NodeEvent.StreamStarted(spec.manifest(), spec.origin(), work.names(), resumed));
    }
}
