package io.millrace.kernel.gateway.find;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.kernel.gateway.reach.Peers;
import io.millrace.kernel.gateway.find.Discovery.Answer;
import io.millrace.kernel.gateway.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The sessions of one stream or request with orchestrators: found and asked in the background, chosen
 * by the policy, renewed, rested when full, suspended when broken, ended when the work is over.
 *
 * <p>Thread-safe; one lock, held for no call but that of the policy, which must not block.
 */
public final class SessionPool {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(400);
    private static final Duration LONGEST_PAUSE_EMPTY = Duration.ofSeconds(4);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Discovery discovery;
    private final Policies policies;
    private final NodeEvents events;
    private final Timers timers;
    private final InstantSource clock;
    private final Limits limits;
    private final Farewells farewells;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<URI, Session> sessions = new LinkedHashMap<>();
    private final Suspensions suspensions = new Suspensions();
    private final List<Answer.Found> heldBack = new ArrayList<>();
    private JobSpec spec;
    private Session last;
    private boolean asking;
    private boolean asked;
    private int found;
    private int wanted = 1;
    private Duration pause = FIRST_PAUSE;
    private Instant nextRound = Instant.MIN;
    private Instant hopeUntil = Instant.MIN;
    private Registration retry = () -> {};
    private String trouble = "no orchestrator answers";
    private boolean closed;

    /**
     * Bounds.
     *
     * @param sessions kept ready at most
     * @param hope how long a job waits for somebody to be found again after the last one was lost
     */
    public record Limits(int sessions, Duration hope) {}

    /** The node's parts that every pool shares. */
    public record Parts(
            Discovery discovery, Peers peers, Policies policies, NodeEvents events, Timers timers, InstantSource clock) {}

    /** What a job asks of a pool: {@code shunned} failed it before and take it only if nobody else does. */
    public record Wish(JobSpec spec, Duration length, Set<URI> shunned, Deadline deadline) {}

    /** A pool that begins to look for orchestrators that suit {@code spec}. */
    public SessionPool(Parts parts, Limits limits, JobSpec spec) {
        discovery = parts.discovery();
        policies = parts.policies();
        events = parts.events();
        timers = parts.timers();
        clock = parts.clock();
        farewells = new Farewells(parts.peers(), clock);
        this.limits = limits;
        this.spec = spec;
        lookAround();
    }

    /** Asks around now if somebody is missing, however short ago it was done. */
    public void lookAround() {
        lock.lock();
        try {
            nextRound = Instant.MIN;
            pause = FIRST_PAUSE;
            refill();
        } finally {
            lock.unlock();
        }
    }

    /** Who did the last job. */
    public Optional<URI> current() {
        lock.lock();
        try {
            return Optional.ofNullable(last).map(session -> session.key);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Chooses who takes a job. Waits while a round is under way, while all who could are full or late,
     * and for a while when the last one was lost; never beyond the deadline.
     */
    public Choice choose(Wish wish) {
        lock.lock();
        try {
            suit(wish.spec());
            while (!closed) {
                Instant now = clock.instant();
                Optional<Choice> chosen = pick(wish, 1, now).or(() -> pick(wish, 2, now));
                refill();
                if (chosen.isPresent()) {
                    return chosen.get();
                }
                Instant until = until(wish, now);
                if (!until.isAfter(now)) {
                    return new Choice.Nobody(why());
                }
                await(until, now);
            }
            return new Choice.Nobody("the stream ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Choice.Nobody("given up");
        } finally {
            lock.unlock();
        }
    }

    /** Ends all sessions, whose work must be over, and waits a little until they are told. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            retry.close();
            sessions.values().forEach(session -> farewell(session, true));
            sessions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        farewells.await();
    }

    // -- choosing

    private Optional<Choice> pick(Wish wish, int patience, Instant now) {
        Map<Candidate, Session> open = new IdentityHashMap<>();
        List<Candidate> candidates = new ArrayList<>();
        List<Ranked> shut = new ArrayList<>();
        boolean others = sessions.values().stream()
                .anyMatch(session -> !wish.shunned().contains(session.key) && !session.resting(now));
        for (Session session : sessions.values()) {
            Candidate candidate = session.candidate(session == last);
            Optional<String> against = against(session, wish, others, patience, now);
            if (against.isPresent()) {
                shut.add(new Ranked(candidate, false, against.get()));
            } else {
                open.put(candidate, session);
                candidates.add(candidate);
            }
        }
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        List<Ranked> ranked = policies.rank(spec, candidates);
        Optional<Ranked> best = ranked.stream().filter(Ranked::eligible).findFirst();
        if (best.isEmpty()) {
            trouble = "the selection policy vetoes all: "
                    + (ranked.isEmpty() ? "it ranked nobody" : ranked.getFirst().reason());
            return Optional.empty();
        }
        Session session = open.get(best.get().candidate());
        Flight flight = new Flight(this, session, wish.length(), now);
        session.begin(flight);
        last = session;
        List<Ranked> all = new ArrayList<>(ranked);
        all.addAll(shut);
        return Optional.of(new Choice.Chosen(flight, all));
    }

    private static Optional<String> against(
            Session session, Wish wish, boolean others, int patience, Instant now) {
        if (session.resting(now)) {
            return Optional.of("full: " + session.rests());
        }
        if (session.overdue(patience, now)) {
            return Optional.of("late with a segment of this stream");
        }
        if (others && wish.shunned().contains(session.key)) {
            return Optional.of("failed this segment");
        }
        return Optional.empty();
    }

    private Instant until(Wish wish, Instant now) {
        boolean firstRound = asking && !asked;
        if (firstRound || sessions.values().stream().anyMatch(s -> s.resting(now) || !s.idle())) {
            return wish.deadline().at();
        }
        return sessions.isEmpty() ? wish.deadline().orEarlier(new Deadline(hopeUntil)).at() : now;
    }

    private void await(Instant until, Instant now) throws InterruptedException {
        Instant wake = until;
        for (Session session : sessions.values()) {
            if (session.resting(now) && session.restsUntil().isBefore(wake)) {
                wake = session.restsUntil();
            }
        }
        Registration alarm = timers.at(wake, this::signal);
        try {
            changed.await();
        } finally {
            alarm.close();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private String why() {
        for (Session session : sessions.values()) {
            if (session.resting(clock.instant())) {
                return "all orchestrators are full: " + session.rests();
            }
        }
        return sessions.isEmpty() ? trouble : "no orchestrator is free: " + trouble;
    }

    // -- finding

    /** The input may change what is needed: who cannot do it leaves, without being at fault. */
    private void suit(JobSpec needed) {
        if (needed.equals(spec)) {
            return;
        }
        spec = needed;
        for (Session session : List.copyOf(sessions.values())) {
            boolean suits = spec.needs()
                    .map(needs -> needs.compatibleWith(session.offer().capabilities()))
                    .orElse(true);
            if (!suits) {
                remove(session);
            }
        }
        asked = false;
        nextRound = Instant.MIN;
    }

    private void refill() {
        if (closed || asking) {
            return;
        }
        List<Listing> listings = discovery.listings();
        int known = Math.min(listings.size(), limits.sessions());
        Instant now = clock.instant();
        long idle = sessions.values().stream()
                .filter(session -> session.idle() && !session.resting(now))
                .count();
        boolean everybody = listings.stream().allMatch(listing -> isKnown(listing.address()));
        if (idle >= Math.min(limits.sessions(), Math.ceilDiv(known, 2)) && known > 0 || !listings.isEmpty() && everybody) {
            return;
        }
        if (now.isBefore(nextRound)) {
            retry.close();
            retry = timers.at(nextRound, this::refillNow);
            return;
        }
        retry.close();
        asking = true;
        found = 0;
        wanted = Math.max(1, known - sessions.size());
        heldBack.clear();
        suspensions.nextRound();
        Set<URI> knownNow = knownAddresses();
        JobSpec sought = spec;
        if (listings.isEmpty()) {
            trouble = "no orchestrator is named";
        }
        // not on this thread: it holds the lock, and a round may answer at once
        Thread.ofVirtual()
                .name("discovery")
                .start(() -> discovery.ask(sought, knownNow::contains, wanted, new Finds(sought)));
    }

    private void refillNow() {
        lock.lock();
        try {
            refill();
        } finally {
            lock.unlock();
        }
    }

    private boolean isKnown(URI address) {
        return sessions.values().stream()
                .anyMatch(session -> session.key.equals(address) || session.listing.address().equals(address));
    }

    private Set<URI> knownAddresses() {
        Set<URI> known = new HashSet<>();
        for (Session session : sessions.values()) {
            known.add(session.key);
            known.add(session.listing.address());
        }
        return known;
    }

    private final class Finds implements Round.Sink {
        private final JobSpec sought;
        private boolean over;

        Finds(JobSpec sought) {
            this.sought = sought;
        }

        @Override
        public Round.Worth answered(Answer answer) {
            lock.lock();
            try {
                return switch (answer) {
                    case Answer.Found some -> found(some);
                    case Answer.Refused no -> {
                        trouble = no.listing().address() + ": " + no.reason();
                        yield Round.Worth.NOTHING;
                    }
                    case Answer.Silent no -> {
                        trouble = no.listing().address() + ": " + no.reason();
                        yield Round.Worth.NOTHING;
                    }
                };
            } finally {
                lock.unlock();
            }
        }

        private Round.Worth found(Answer.Found some) {
            if (closed
                    || !sought.equals(spec)
                    || isKnown(some.endpoint())
                    || sessions.size() >= limits.sessions()) {
                return Round.Worth.NOTHING;
            }
            if (suspensions.penalty(some.endpoint()) == 0) {
                add(some);
                return Round.Worth.WANTED;
            }
            if (over && sessions.isEmpty()) {
                add(some);
            } else if (!over) {
                heldBack.add(some);
            }
            return Round.Worth.SPARE;
        }

        @Override
        public void over(int answered) {
            lock.lock();
            try {
                over = true;
                heldBack.sort(Comparator.comparingInt(some -> suspensions.penalty(some.endpoint())));
                for (Answer.Found some : heldBack) {
                    if (found < wanted && !closed && !isKnown(some.endpoint())) {
                        add(some);
                    }
                }
                heldBack.clear();
                asking = false;
                pause(found > 0);
                asked = spec.equals(sought);
                boolean foundAndLost = found > 0 && sessions.isEmpty();
                if (!asked || foundAndLost) {
                    nextRound = Instant.MIN;
                }
                refill();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void add(Answer.Found some) {
        found++;
        sessions.put(some.endpoint(), new Session(some, clock.instant()));
        changed.signalAll();
    }

    private void pause(boolean foundSome) {
        Duration longest = sessions.isEmpty() ? LONGEST_PAUSE_EMPTY : LONGEST_PAUSE;
        pause = foundSome ? FIRST_PAUSE : pause.compareTo(longest) < 0 ? pause : longest;
        nextRound = clock.instant().plus(pause);
        pause = pause.multipliedBy(2);
    }

    // -- what becomes of flights

    URI endpoint(Session session) {
        lock.lock();
        try {
            return session.endpoint();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the session of a flight wants a new token before the job is submitted. */
    public boolean dueForRenewal(Flight flight) {
        lock.lock();
        try {
            return flight.session().dueForRenewal(clock.instant());
        } finally {
            lock.unlock();
        }
    }

    Optional<Flight.Trouble> renew(Flight flight) {
        Session session = flight.session();
        AuthToken stale = flight.token();
        lock.lock();
        try {
            if (!session.offer().token().equals(stale)) {
                takeOver(flight, session);
                return Optional.empty();
            }
        } finally {
            lock.unlock();
        }
        Answer answer = discovery.renew(session.listing, endpoint(session), spec);
        lock.lock();
        try {
            Instant now = clock.instant();
            switch (answer) {
                case Answer.Found renewed -> {
                    session.adopt(renewed.offer(), now);
                    takeOver(flight, session);
                    return Optional.empty();
                }
                case Answer.Refused no -> {
                    session.renewLater(now);
                    return Optional.of(new Flight.Trouble(no.reason(), no.busy()));
                }
                case Answer.Silent no -> {
                    return Optional.of(new Flight.Trouble(no.reason(), false));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the token of a flight still holds, though it is due for renewal. */
    public boolean tokenHolds(Flight flight) {
        lock.lock();
        try {
            return flight.session().tokenHolds(clock.instant());
        } finally {
            lock.unlock();
        }
    }

    private void takeOver(Flight flight, Session session) {
        session.end(flight);
        flight.renewed(session.offer());
        session.begin(flight);
        farewell(session, false);
    }

    void ended(Flight flight, Optional<Offer> next, Consumer<Session> outcome) {
        lock.lock();
        try {
            Session session = flight.session();
            next.ifPresent(offer -> session.adopt(offer, clock.instant()));
            outcome.accept(session);
            landed(flight);
        } finally {
            lock.unlock();
        }
    }

    void full(Flight flight, String message, Optional<Offer> next) {
        ended(flight, next, session -> session.full(message, clock.instant()));
    }

    void suspend(Flight flight, String reason) {
        Session session = flight.session();
        lock.lock();
        try {
            if (sessions.get(session.key) == session) {
                int listed = Math.max(1, discovery.listings().size());
                suspensions.suspend(session.key, Math.ceilDiv(listed, Math.max(1, Math.min(listed, limits.sessions()))));
                remove(session);
                trouble = session.key + ": " + reason;
                if (sessions.isEmpty()) {
                    hopeUntil = clock.instant().plus(limits.hope());
                }
                pause = FIRST_PAUSE;
                nextRound = Instant.MIN;
                refill();
            }
            landed(flight);
        } finally {
            lock.unlock();
        }
        events.happened(new NodeEvent.Suspended(session.key, reason));
    }

    private void landed(Flight flight) {
        Session session = flight.session();
        session.end(flight);
        farewell(session, sessions.get(session.key) != session);
        changed.signalAll();
    }

    private void remove(Session session) {
        sessions.remove(session.key);
        if (last == session) {
            last = null;
        }
        farewell(session, true);
    }

    private void farewell(Session session, boolean all) {
        for (AuthToken token : session.takeSpent(all)) {
            farewells.say(session.endpoint(), token);
        }
    }
}
