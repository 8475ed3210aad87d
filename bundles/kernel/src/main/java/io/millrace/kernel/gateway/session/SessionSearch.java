package io.millrace.kernel.gateway.session;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Deadline;
import io.millrace.kernel.Threads;
import io.millrace.kernel.gateway.session.Discovery.Answer;
import io.millrace.kernel.gateway.time.TimedCondition;
import io.millrace.kernel.gateway.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Fills one pool, on a thread of its own: as long as sessions are missing it asks who is listed, in rounds with
 * growing pauses between them. Suspended orchestrators are taken only when there are not enough others.
 *
 * <p>Its lock guards what callers tell it, and is held for no call. A pool calls it with the pool's lock held; it
 * calls the pool without its own.
 */
final class SessionSearch {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(400);
    private static final Duration LONGEST_PAUSE_EMPTY = Duration.ofSeconds(4);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Directories are read again when what they said is older than this. */
    private static final Duration LISTINGS_AGE = Duration.ofSeconds(1);

    private final SessionPool pool;
    private final Discovery discovery;
    private final Listings directories;
    private final Supplier<Duration> firstTimer;
    private final InstantSource clock;
    private final Object lock = new Object();
    private final TimedCondition changed;
    private final Suspensions suspensions = new Suspensions();

    private JobSpec spec;
    private List<Listing> listed = List.of();
    private Instant listedAt = Instant.MIN;
    private Discovery.Answers answers;

    /** Something changed that was not looked at yet. */
    private boolean look = true;

    /** The listings are to be read again and a round is to begin at once, if sessions are missing. */
    private boolean hurry;

    private boolean asking;

    /** A round for the present need is over. */
    private boolean asked;

    private Instant nextRound = Instant.MIN;
    private Duration pause = FIRST_PAUSE;
    private String trouble = "no orchestrator answers";
    private boolean closed;

    SessionSearch(
            SessionPool pool,
            Discovery discovery,
            Listings directories,
            Supplier<Duration> firstTimer,
            Timers timers,
            InstantSource clock,
            JobSpec spec) {
        this.pool = pool;
        this.discovery = discovery;
        this.directories = directories;
        this.firstTimer = firstTimer;
        this.clock = clock;
        this.spec = spec;
        changed = new TimedCondition(lock, timers, clock);
    }

    void begin() {
        Threads.virtual().name("discovery").start(this::run);
    }

    // -- what callers tell and ask

    /** From now on something else is needed. */
    void need(JobSpec needed) {
        synchronized (lock) {
            spec = needed;
            asked = false;
            hurryNow();
        }
    }

    /** Asks around now if somebody is missing, however short ago that was done. */
    void hurry() {
        synchronized (lock) {
            pause = FIRST_PAUSE;
            hurryNow();
        }
    }

    private void hurryNow() {
        nextRound = Instant.MIN;
        hurry = true;
        lookNow();
    }

    /** Sessions may be missing now. */
    void look() {
        synchronized (lock) {
            lookNow();
        }
    }

    private void lookNow() {
        look = true;
        changed.signal();
        if (answers != null) {
            answers.wake();
        }
    }

    /** Whether nobody can know yet who is there. */
    boolean firstRound() {
        synchronized (lock) {
            return !asked && (asking || look) && !closed;
        }
    }

    /** How many are listed, as far as known. */
    int listed() {
        synchronized (lock) {
            return listed.size();
        }
    }

    /** What went wrong last, one line for a person. */
    String trouble() {
        synchronized (lock) {
            return trouble;
        }
    }

    void trouble(String newTrouble) {
        synchronized (lock) {
            trouble = newTrouble;
        }
    }

    /** Leaves one alone for a while: for more rounds the more others there are. */
    void suspend(URI address, int room) {
        synchronized (lock) {
            int others = Math.max(1, listed.size());
            suspensions.suspend(address, Math.ceilDiv(others, Math.min(others, room)));
        }
    }

    void close() {
        synchronized (lock) {
            closed = true;
            lookNow();
        }
    }

    // -- the thread

    private void run() {
        while (awaitShortage()) {
            Round round = begin(pool.known(), pool.size());
            if (!round.asked.isEmpty()) {
                collect(round);
            }
            end(round);
        }
    }

    /** One round: who is asked for what, and what came of it. */
    private static final class Round {
        private final JobSpec spec;
        private final List<Listing> asked;
        private final int wanted;
        private final List<Answer.Found> suspended = new ArrayList<>();
        private int found;
        private boolean over;
        private boolean ended;

        Round(JobSpec spec, List<Listing> asked, int wanted) {
            this.spec = spec;
            this.asked = asked;
            this.wanted = wanted;
        }
    }

    /** Waits until sessions are missing and the pause is over; false when the pool was closed. */
    private boolean awaitShortage() {
        while (true) {
            boolean read;
            synchronized (lock) {
                if (closed) {
                    return false;
                }
                read = hurry || !clock.instant().isBefore(listedAt.plus(LISTINGS_AGE));
                look = false;
                hurry = false;
                // told to look again meanwhile: not over before a round that begins after that
                asking = !asked;
            }
            List<Listing> now = read ? directories.all() : listed;
            boolean missing = pool.lacksSessions(now);
            Instant until;
            synchronized (lock) {
                if (read) {
                    listed = now;
                    listedAt = clock.instant();
                }
                if (closed || look) {
                    continue;
                }
                boolean due = !clock.instant().isBefore(nextRound);
                if (missing && due) {
                    asking = true;
                    return true;
                }
                asking = false;
                until = missing ? nextRound : Instant.MAX;
            }
            pool.searchOver();
            changed.await(() -> look, new Deadline(until));
        }
    }

    private Round begin(Set<URI> known, int size) {
        synchronized (lock) {
            if (listed.isEmpty()) {
                trouble = "no orchestrator is named";
            }
            suspensions.nextRound();
            List<Listing> unknown = listed.stream()
                    .filter(listing -> !known.contains(listing.address()))
                    .toList();
            return new Round(spec, unknown, Math.max(1, Math.min(listed.size(), pool.room()) - size));
        }
    }

    /**
     * Takes the answers in. The round is over when enough were found, when all have answered, or by time: at a timer
     * that doubles as long as nobody was found (go-livepeer: discovery/discovery.go, GetOrchestrators). Who answers
     * later is still taken in, until another round is to begin.
     */
    private void collect(Round round) {
        Instant began = clock.instant();
        Instant latest = began.plus(Discovery.LATEST);
        Duration timer = firstTimer.get();
        Instant until = earlier(began.plus(timer), latest);
        try (Discovery.Answers open = discovery.ask(round.spec, round.asked)) {
            listenTo(open);
            while (true) {
                Optional<Answer> answer = open.next(until);
                answer.ifPresent(one -> take(round, one));
                boolean late = !clock.instant().isBefore(until);
                if (isClosed()) {
                    return;
                }
                if (!round.over && (round.found >= round.wanted || open.isOver())) {
                    round.over = true;
                } else if (!round.over && late) {
                    round.over = round.found + round.suspended.size() > 0 || !until.isBefore(latest);
                    timer = timer.multipliedBy(2);
                    until = earlier(until.plus(timer), latest);
                }
                if (round.over) {
                    end(round);
                    until = earlier(latest, nextRound());
                    if (open.isOver() || !clock.instant().isBefore(until) || isInAHurry()) {
                        return;
                    }
                }
            }
        } finally {
            listenTo(null);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private Instant nextRound() {
        boolean missing = pool.lacksSessions(listed);
        synchronized (lock) {
            return missing ? nextRound : Instant.MAX;
        }
    }

    private void listenTo(Discovery.Answers open) {
        synchronized (lock) {
            answers = open;
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private boolean isInAHurry() {
        synchronized (lock) {
            return hurry;
        }
    }

    private void take(Round round, Answer answer) {
        switch (answer) {
            case Answer.Found some -> {
                if (penalty(some.endpoint()) == 0) {
                    round.found += pool.add(some, round.spec) ? 1 : 0;
                } else if (!round.over) {
                    round.suspended.add(some);
                } else if (pool.known().isEmpty()) {
                    pool.add(some, round.spec);
                }
            }
            case Answer.Refused no -> trouble(Discovery.named(no.listing().address(), no.reason()));
            case Answer.Silent no -> trouble(Discovery.named(no.listing().address(), no.reason()));
        }
    }

    private int penalty(URI address) {
        synchronized (lock) {
            return suspensions.penalty(address);
        }
    }

    /** Ends a round, once: suspended ones fill what is missing, and the next round comes after a pause that grows. */
    private void end(Round round) {
        if (round.ended) {
            return;
        }
        round.ended = true;
        round.suspended.sort(Comparator.comparingInt(some -> penalty(some.endpoint())));
        for (Answer.Found some : round.suspended) {
            if (round.found < round.wanted && pool.add(some, round.spec)) {
                round.found++;
            }
        }
        round.suspended.clear();
        Duration longest = pool.known().isEmpty() ? LONGEST_PAUSE_EMPTY : LONGEST_PAUSE;
        synchronized (lock) {
            asking = false;
            asked = spec.equals(round.spec);
            Duration next = round.found > 0 ? FIRST_PAUSE : pause.compareTo(longest) < 0 ? pause : longest;
            pause = next.multipliedBy(2);
            nextRound = hurry || !asked ? Instant.MIN : clock.instant().plus(next);
        }
        pool.searchOver();
    }
}
