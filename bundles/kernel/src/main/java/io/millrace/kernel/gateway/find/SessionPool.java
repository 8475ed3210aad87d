package io.millrace.kernel.gateway.find;

import io.millrace.api.job.JobSpec;
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
    private final Seeker seeker;
    private Session last;
    private Instant hopeUntil = Instant.MIN;
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
        seeker = new Seeker(discovery, timers, clock, lock, new Filling(), spec);
        lookAround();
    }

    /** Asks around now if somebody is missing, however short ago it was done. */
    public void lookAround() {
        lock.lock();
        try {
            seeker.hurry();
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
                seeker.seek();
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
            seeker.close();
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
        List<Ranked> ranked = policies.rank(seeker.spec(), candidates);
        Optional<Ranked> best = ranked.stream().filter(Ranked::eligible).findFirst();
        if (best.isEmpty()) {
            seeker.trouble("the selection policy vetoes all: "
                    + (ranked.isEmpty() ? "it ranked nobody" : ranked.getFirst().reason()));
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
        if (seeker.firstRound() || sessions.values().stream().anyMatch(s -> s.resting(now) || !s.idle())) {
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
        return sessions.isEmpty() ? seeker.trouble() : "no orchestrator is free: " + seeker.trouble();
    }

    // -- finding

    /** The input may change what is needed: who cannot do it leaves, without being at fault. */
    private void suit(JobSpec needed) {
        if (needed.equals(seeker.spec())) {
            return;
        }
        for (Session session : List.copyOf(sessions.values())) {
            boolean suits = needed.needs()
                    .map(needs -> needs.compatibleWith(session.offer().capabilities()))
                    .orElse(true);
            if (!suits) {
                remove(session);
            }
        }
        seeker.need(needed);
    }

    private final class Filling implements Seeker.Pool {
        @Override
        public List<Session> sessions() {
            return List.copyOf(sessions.values());
        }

        @Override
        public int room() {
            return limits.sessions();
        }

        @Override
        public void add(Answer.Found found) {
            sessions.put(found.endpoint(), new Session(found, clock.instant()));
            changed.signalAll();
        }

        @Override
        public void roundOver() {
            changed.signalAll();
        }
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

    private JobSpec spec() {
        lock.lock();
        try {
            return seeker.spec();
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
        Answer answer = discovery.renew(session.listing, endpoint(session), spec());
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
                seeker.suspend(session.key);
                seeker.trouble(session.key + ": " + reason);
                remove(session);
                if (sessions.isEmpty()) {
                    hopeUntil = clock.instant().plus(limits.hope());
                }
                seeker.hurry();
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
