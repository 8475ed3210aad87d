package io.millrace.kernel.gateway.find;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Registration;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.find.Discovery.Answer;
import io.millrace.kernel.gateway.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a pool filled: begins a round of discovery when too few sessions are ready, again and again
 * with growing pauses while somebody is missing, suspended ones only when there are not enough others.
 *
 * <p>Guarded by its pool's lock, which is held in every call unless it says otherwise.
 */
final class Seeker {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(400);
    private static final Duration LONGEST_PAUSE_EMPTY = Duration.ofSeconds(4);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Discovery discovery;
    private final Timers timers;
    private final InstantSource clock;
    private final ReentrantLock lock;
    private final Pool pool;
    private final Suspensions suspensions = new Suspensions();
    private JobSpec spec;
    private boolean asking;
    private boolean asked;
    private boolean hurried;
    private Duration pause = FIRST_PAUSE;
    private Instant nextRound = Instant.MIN;
    private Registration retry = () -> {};
    private String trouble = "no orchestrator answers";
    private boolean closed;

    /** What is kept filled. Called with the lock held. */
    interface Pool {
        /** Everybody who is in it. */
        List<Session> sessions();

        /** How many it takes. */
        int room();

        /** Takes one in. */
        void add(Answer.Found found);

        /** A round is over. */
        void roundOver();
    }

    Seeker(Discovery discovery, Timers timers, InstantSource clock, ReentrantLock lock, Pool pool, JobSpec spec) {
        this.discovery = discovery;
        this.timers = timers;
        this.clock = clock;
        this.lock = lock;
        this.pool = pool;
        this.spec = spec;
    }

    JobSpec spec() {
        return spec;
    }

    /** From now on something else is needed. */
    void need(JobSpec needed) {
        spec = needed;
        asked = false;
        nextRound = Instant.MIN;
    }

    /** Asks around now if somebody is missing, however short ago it was done; once more if it is being done. */
    void hurry() {
        pause = FIRST_PAUSE;
        nextRound = Instant.MIN;
        hurried = asking;
        seek();
    }

    /** Whether nobody can know yet who is there. */
    boolean firstRound() {
        return asking && !asked;
    }

    /** What went wrong last, one line for a person. */
    String trouble() {
        return trouble;
    }

    void trouble(String newTrouble) {
        trouble = newTrouble;
    }

    /** Leaves one alone for a while. */
    void suspend(URI address) {
        int listed = Math.max(1, discovery.listings().size());
        suspensions.suspend(address, Math.ceilDiv(listed, Math.min(listed, pool.room())));
    }

    void close() {
        closed = true;
        retry.close();
    }

    /** Begins a round if somebody is missing and the pause is over; else sees to it that it is done then. */
    void seek() {
        if (closed || asking) {
            return;
        }
        List<Listing> listings = discovery.listings();
        if (!listings.isEmpty() && enough(listings)) {
            return;
        }
        retry.close();
        if (clock.instant().isBefore(nextRound)) {
            retry = timers.at(nextRound, this::seekNow);
            return;
        }
        if (listings.isEmpty()) {
            trouble = "no orchestrator is named";
        }
        asking = true;
        suspensions.nextRound();
        int wanted = Math.max(1, Math.min(listings.size(), pool.room()) - pool.sessions().size());
        Set<URI> known = new HashSet<>();
        for (Session session : pool.sessions()) {
            known.add(session.key);
            known.add(session.listing.address());
        }
        Finds finds = new Finds(spec, wanted);
        // not on this thread: it holds the lock, and a round may be over at once
        Threads.virtual()
                .name("discovery")
                .start(() -> discovery.ask(finds.sought, known::contains, wanted, finds));
    }

    /** Half of those who could be ready are, or everybody is in already. */
    private boolean enough(List<Listing> listings) {
        Instant now = clock.instant();
        long ready = pool.sessions().stream()
                .filter(session -> session.idle() && !session.resting(now))
                .count();
        return ready >= Math.ceilDiv(Math.min(listings.size(), pool.room()), 2)
                || listings.stream().allMatch(listing -> isKnown(listing.address()));
    }

    private boolean isKnown(URI address) {
        return pool.sessions().stream()
                .anyMatch(session -> session.key.equals(address) || session.listing.address().equals(address));
    }

    private void seekNow() {
        lock.lock();
        try {
            seek();
        } finally {
            lock.unlock();
        }
    }

    /** What one round finds; called without the lock. */
    private final class Finds implements Round.Sink {
        private final JobSpec sought;
        private final int wanted;
        private final List<Answer.Found> heldBack = new ArrayList<>();
        private int found;
        private boolean over;

        Finds(JobSpec sought, int wanted) {
            this.sought = sought;
            this.wanted = wanted;
        }

        @Override
        public Round.Worth answered(Answer answer) {
            lock.lock();
            try {
                return switch (answer) {
                    case Answer.Found some -> judge(some);
                    case Answer.Refused no -> no(no.listing(), no.reason());
                    case Answer.Silent no -> no(no.listing(), no.reason());
                };
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void over(int answered) {
            lock.lock();
            try {
                over = true;
                heldBack.sort(Comparator.comparingInt(some -> suspensions.penalty(some.endpoint())));
                for (Answer.Found some : heldBack) {
                    if (found < wanted && isWelcome(some)) {
                        add(some);
                    }
                }
                asking = false;
                asked = spec.equals(sought);
                rest();
                seek();
                pool.roundOver();
            } finally {
                lock.unlock();
            }
        }

        private Round.Worth no(Listing listing, String reason) {
            trouble = listing.address() + ": " + reason;
            return Round.Worth.NOTHING;
        }

        private boolean isWelcome(Answer.Found some) {
            return !closed
                    && sought.equals(spec)
                    && !isKnown(some.endpoint())
                    && pool.sessions().size() < pool.room();
        }

        private Round.Worth judge(Answer.Found some) {
            if (!isWelcome(some)) {
                return Round.Worth.NOTHING;
            }
            if (suspensions.penalty(some.endpoint()) == 0) {
                add(some);
                return Round.Worth.WANTED;
            }
            if (!over) {
                heldBack.add(some);
            } else if (pool.sessions().isEmpty()) {
                add(some);
            }
            return Round.Worth.SPARE;
        }

        private void add(Answer.Found some) {
            found++;
            pool.add(some);
        }

        /** Until the next round: longer each time that nobody was found, not at all when it was asked for. */
        private void rest() {
            Duration longest = pool.sessions().isEmpty() ? LONGEST_PAUSE_EMPTY : LONGEST_PAUSE;
            Duration next = found > 0 ? FIRST_PAUSE : pause.compareTo(longest) < 0 ? pause : longest;
            pause = next.multipliedBy(2);
            nextRound = hurried || !asked ? Instant.MIN : clock.instant().plus(next);
            hurried = false;
        }
    }
}
