package io.millrace.kernel.gateway.session;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.kernel.event.KernelEvents;
import io.millrace.kernel.gateway.session.Discovery.Answer;
import io.millrace.kernel.gateway.time.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;

/**
 * The sessions with orchestrators that one stream, or all requests of one kind, work with. They are found in the
 * background ({@link SessionSearch}), chosen by the policy, renewed, left to rest when full, suspended when broken,
 * and ended when the work is over.
 *
 * <p>Thread-safe. Its lock is held for no call out of this package.
 */
public final class SessionPool {

    private final Shared shared;
    private final Limits limits;
    private final InstantSource clock;
    private final SessionSearch search;
    private final Phaser toldEnded = new Phaser(1);

    private final Object lock = new Object();
    private final Map<URI, Session> sessions = new LinkedHashMap<>();
    private JobSpec spec;
    private Session last;
    private Instant waitUntil = Instant.MIN;
    private long version;
    private boolean closed;

    /**
     * Bounds.
     *
     * @param sessions kept ready at most
     * @param waitForOrchestrator how long a job waits for somebody to be found again after the last one was lost
     */
    public record Limits(int sessions, Duration waitForOrchestrator) {}

    /**
     * What all pools of a node share.
     *
     * @param firstTimer how long a round of discovery waits before it is content with whoever answered
     */
    public record Shared(
            Discovery discovery,
            Listings listings,
            Peers peers,
            Policies policies,
            Supplier<Duration> firstTimer,
            NodeEvents events,
            Timers timers,
            InstantSource clock) {}

    /** Who takes a job: a lease, or nobody. */
    public sealed interface Choice {}

    /** Nobody does. */
    public record Nobody(String why) implements Choice {}

    /** A pool that begins to look for orchestrators that suit {@code spec}. */
    public SessionPool(Shared shared, Limits limits, JobSpec spec) {
        this.shared = shared;
        this.limits = limits;
        this.spec = spec;
        clock = shared.clock();
        search = new SessionSearch(
                this, shared.discovery(), shared.listings(), shared.firstTimer(), shared.timers(), clock, spec);
        search.begin();
    }

    /** Asks around now if somebody is missing, however short ago it was done. */
    public void lookAround() {
        search.hurry();
    }

    /** Who did the last job. */
    public Optional<URI> current() {
        synchronized (lock) {
            return Optional.ofNullable(last).map(session -> session.address);
        }
    }

    /**
     * Chooses who takes a job. Waits while a round of discovery is under way, while all who could are full or late,
     * and for a while when the last one was lost; never beyond the deadline.
     *
     * @param length of the media in it, zero for other work
     * @param failed who failed this job before and takes it only if nobody else does
     */
    public Choice choose(JobSpec needed, Duration length, Set<URI> failed, Deadline deadline) {
        suit(needed);
        while (true) {
            Candidates candidates = candidates(failed);
            if (!candidates.open.isEmpty()) {
                // the policy is somebody else's code: it ranks what was seen a moment ago, without the lock
                List<Ranked> ranked = shared.policies().rank(needed, List.copyOf(candidates.open));
                Optional<Ranked> best = ranked.stream().filter(Ranked::eligible).findFirst();
                if (best.isPresent()) {
                    Optional<Lease> lease = take(candidates, best.get(), ranked, length);
                    if (lease.isPresent()) {
                        return lease.get();
                    }
                    continue;
                }
                search.trouble("the selection policy vetoes all: "
                        + (ranked.isEmpty() ? "it ranked nobody" : ranked.getFirst().reason()));
            }
            Optional<Nobody> nobody = await(candidates.version, deadline);
            if (nobody.isPresent()) {
                return nobody.get();
            }
        }
    }

    /** What a choice is made from: who could take the job, who cannot and why, as of one moment. */
    private static final class Candidates {
        private final List<Candidate> open = new ArrayList<>();
        private final Map<Candidate, Session> sessions = new IdentityHashMap<>();
        private final List<Ranked> shut = new ArrayList<>();
        private long version;
    }

    private Candidates candidates(Set<URI> failed) {
        synchronized (lock) {
            if (isShort()) {
                search.look();
            }
            Candidates inTime = candidates(failed, 1);
            return inTime.open.isEmpty() ? candidates(failed, 2) : inTime;
        }
    }

    private Candidates candidates(Set<URI> failed, int overdueFactor) {
        Instant now = clock.instant();
        Candidates candidates = new Candidates();
        candidates.version = version;
        if (closed) {
            return candidates;
        }
        boolean others = sessions.values().stream()
                .anyMatch(session -> !failed.contains(session.address) && !session.resting(now));
        for (Session session : sessions.values()) {
            Candidate candidate = session.candidate(session == last);
            String against = session.resting(now)
                    ? "full: " + session.restReason()
                    : session.overdue(overdueFactor, now)
                            ? "late with a segment of this stream"
                            : others && failed.contains(session.address) ? "failed this segment" : "";
            if (against.isEmpty()) {
                candidates.open.add(candidate);
                candidates.sessions.put(candidate, session);
            } else {
                candidates.shut.add(new Ranked(candidate, false, against));
            }
        }
        return candidates;
    }

    /** Takes the best one, unless something has happened to it since it was ranked. */
    private Optional<Lease> take(Candidates candidates, Ranked best, List<Ranked> ranked, Duration length) {
        synchronized (lock) {
            Session session = candidates.sessions.get(best.candidate());
            if (closed
                    || sessions.get(session.address) != session
                    || session.resting(clock.instant())
                    || session.inFlight() != best.candidate().inFlight()) {
                return Optional.empty();
            }
            List<Ranked> all = new ArrayList<>(ranked);
            all.addAll(candidates.shut);
            Lease lease = new Lease(session, length, clock.instant(), all);
            session.begin(lease);
            last = session;
            return Optional.of(lease);
        }
    }

    /** Waits for a change; says that nobody is there when none is to be expected, or not in time. */
    private Optional<Nobody> await(long seen, Deadline deadline) {
        synchronized (lock) {
            if (closed) {
                return Optional.of(new Nobody("the stream ended"));
            }
            if (version != seen) {
                return Optional.empty();
            }
            Instant now = clock.instant();
            Instant until = search.firstRound()
                            || sessions.values().stream().anyMatch(s -> s.resting(now) || s.inFlight() > 0)
                    ? deadline.at()
                    : sessions.isEmpty() ? deadline.orEarlier(new Deadline(waitUntil)).at() : now;
            if (!until.isAfter(now)) {
                return Optional.of(new Nobody(why(now)));
            }
            for (Session session : sessions.values()) {
                if (session.resting(now) && session.restsUntil().isBefore(until)) {
                    until = session.restsUntil();
                }
            }
            Registration alarm = shared.timers().at(until, this::searchOver);
            try {
                lock.wait();
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of(new Nobody("given up"));
            } finally {
                alarm.close();
            }
        }
    }

    private String why(Instant now) {
        for (Session session : sessions.values()) {
            if (session.resting(now)) {
                return "all orchestrators are full: " + session.restReason();
            }
        }
        return sessions.isEmpty() ? search.trouble() : "no orchestrator is free: " + search.trouble();
    }

    /** The input may change what is needed: who cannot do it leaves, without being at fault. */
    private void suit(JobSpec needed) {
        synchronized (lock) {
            if (closed || needed.equals(spec)) {
                return;
            }
            spec = needed;
            for (Session session : List.copyOf(sessions.values())) {
                boolean suits = needed.needs()
                        .map(needs -> needs.compatibleWith(session.offer().capabilities()))
                        .orElse(true);
                if (!suits) {
                    remove(session);
                }
            }
            search.need(needed);
        }
    }

    /** Ends all sessions, whose work must be over, and waits a little until they are told. */
    public void close() {
        search.close();
        synchronized (lock) {
            closed = true;
            sessions.values().forEach(session -> tellEnded(session, true));
            sessions.clear();
            changed();
        }
        Peers.awaitTold(toldEnded);
    }

    // -- the search

    int room() {
        return limits.sessions();
    }

    int size() {
        synchronized (lock) {
            return sessions.size();
        }
    }

    /** Addresses that are in it, as they are listed and as they say themselves. */
    Set<URI> known() {
        synchronized (lock) {
            Set<URI> known = new HashSet<>();
            for (Session session : sessions.values()) {
                known.add(session.address);
                known.add(session.listing.address());
            }
            return known;
        }
    }

    /** Whether somebody is missing: fewer than half of those who could be ready are, and not all are in already. */
    boolean lacksSessions(List<Listing> listed) {
        Set<URI> known = known();
        synchronized (lock) {
            return listed.isEmpty()
                    || ready() < Math.ceilDiv(Math.min(listed.size(), room()), 2)
                            && !listed.stream().allMatch(listing -> known.contains(listing.address()));
        }
    }

    private boolean isShort() {
        return ready() < Math.ceilDiv(Math.max(1, Math.min(search.listed(), room())), 2);
    }

    private long ready() {
        Instant now = clock.instant();
        return sessions.values().stream()
                .filter(session -> session.inFlight() == 0 && !session.resting(now))
                .count();
    }

    /** Takes one in that was found for {@code sought}; false when it is not wanted any more. */
    boolean add(Answer.Found found, JobSpec sought) {
        Set<URI> known = known();
        synchronized (lock) {
            if (closed
                    || !sought.equals(spec)
                    || known.contains(found.endpoint())
                    || sessions.containsKey(found.endpoint())
                    || sessions.size() >= room()) {
                return false;
            }
            sessions.put(found.endpoint(), new Session(found, clock.instant()));
            changed();
            return true;
        }
    }

    /** A round is over, or a wait is: whoever waits looks again. */
    void searchOver() {
        synchronized (lock) {
            changed();
        }
    }

    private void changed() {
        version++;
        lock.notifyAll();
    }

    private void remove(Session session) {
        sessions.remove(session.address);
        if (last == session) {
            last = null;
        }
        tellEnded(session, true);
    }

    private void tellEnded(Session session, boolean all) {
        for (AuthToken token : session.takeUnneeded(all)) {
            shared.peers().tellEnded(session.endpoint(), session.configured(), token, toldEnded);
        }
    }

    // -- one job at one session

    /**
     * A session in the hands of one job. It is given back exactly once, by what became of the job; a second time is
     * harmless, the first counts. Thread-safe.
     */
    public final class Lease implements Choice {

        private final Session session;
        private final Duration length;
        private final Instant since;
        private final List<Ranked> candidates;
        private volatile Offer offer;

        private Lease(Session session, Duration length, Instant since, List<Ranked> candidates) {
            this.session = session;
            this.length = length;
            this.since = since;
            this.candidates = List.copyOf(candidates);
            offer = session.offer();
        }

        /** How the operator knows this orchestrator. */
        public URI orchestrator() {
            return session.address;
        }

        /** What to submit under. */
        public Offer offer() {
            return offer;
        }

        /** Everybody who was there, with the reason for and against each. */
        public List<Ranked> candidates() {
            return candidates;
        }

        Duration length() {
            return length;
        }

        Instant since() {
            return since;
        }

        /**
         * Connects, or finds the connection; to be closed when results are fetched.
         *
         * @throws io.millrace.api.value.Fault when nobody knows the way
         */
        public Peers.Peer connect(Deadline deadline) {
            URI endpoint;
            synchronized (lock) {
                endpoint = session.endpoint();
            }
            return shared.peers().reach(endpoint, session.configured(), deadline);
        }

        /** Whether the token is about to expire. */
        public boolean isDueForRenewal() {
            synchronized (lock) {
                return session.dueForRenewal(clock.instant());
            }
        }

        /** Whether the token still holds, though it may be due for renewal. */
        public boolean tokenHolds() {
            synchronized (lock) {
                return session.tokenHolds(clock.instant());
            }
        }

        /**
         * Takes a new offer for the same job.
         *
         * @return empty when that worked; else why not
         */
        public Optional<NotRenewed> renew() {
            JobSpec sought;
            synchronized (lock) {
                if (!session.offer().token().equals(offer.token())) {
                    // another job of this session has done it already
                    moveToNewOffer();
                    return Optional.empty();
                }
                sought = spec;
            }
            Answer answer = shared.discovery()
                    .renew(session.listing, session.endpoint(), sought, BalanceId.of(offer.token().session()));
            synchronized (lock) {
                return switch (answer) {
                    case Answer.Found renewed -> {
                        session.adopt(renewed.offer(), clock.instant());
                        moveToNewOffer();
                        yield Optional.empty();
                    }
                    case Answer.Refused no -> {
                        session.renewLater(clock.instant());
                        yield Optional.of(new NotRenewed(no.reason(), no.busy()));
                    }
                    case Answer.Silent no -> Optional.of(new NotRenewed(no.reason(), false));
                };
            }
        }

        private void moveToNewOffer() {
            session.end(this);
            offer = session.offer();
            session.begin(this);
            tellEnded(session, false);
        }

        /** The job was done, in {@code score} seconds for each second of media. */
        public void done(double score, Optional<Offer> next) {
            synchronized (lock) {
                session.scored(score);
                giveBack(next);
            }
        }

        /** The job was not done, and that is not the orchestrator's fault. */
        public void release(Optional<Offer> next) {
            synchronized (lock) {
                giveBack(next);
            }
        }

        /** The orchestrator is full. It is asked again a little later, others first. */
        public void full(String message, Optional<Offer> next) {
            synchronized (lock) {
                session.full(message, clock.instant());
                giveBack(next);
            }
        }

        /** The orchestrator failed: it leaves the pool and is left alone for a while. */
        public void suspend(String reason) {
            synchronized (lock) {
                if (sessions.get(session.address) == session) {
                    search.suspend(session.address, room());
                    search.trouble(session.address + ": " + reason);
                    remove(session);
                    if (sessions.isEmpty()) {
                        waitUntil = clock.instant().plus(limits.waitForOrchestrator());
                    }
                    search.hurry();
                }
                giveBack(Optional.empty());
            }
            shared.events().happened(new KernelEvents.Suspended(session.address, reason));
        }

        private void giveBack(Optional<Offer> next) {
            next.ifPresent(one -> session.adopt(one, clock.instant()));
            session.end(this);
            tellEnded(session, sessions.get(session.address) != session);
            changed();
        }
    }

    /**
     * Why a new offer could not be had.
     *
     * @param busy whether the orchestrator is merely full
     */
    public record NotRenewed(String message, boolean busy) {}
}
