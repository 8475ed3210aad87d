package io.millrace.kernel.gateway.find;

import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One job at one session. Ended exactly once, by what became of it; ending it twice is harmless, the
 * first end counts.
 */
public final class Flight {

    private final SessionPool pool;
    private final Session session;
    private final Duration length;
    private final Instant since;
    private volatile Offer offer;

    Flight(SessionPool pool, Session session, Duration length, Instant since) {
        this.pool = pool;
        this.session = session;
        this.length = length;
        this.since = since;
        this.offer = session.offer();
    }

    /** Where to submit. */
    public URI endpoint() {
        return pool.endpoint(session);
    }

    /** How an operator knows this orchestrator. */
    public URI orchestrator() {
        return session.key;
    }

    /** What to submit under. */
    public Offer offer() {
        return offer;
    }

    /** Takes a new offer for the same job: the old token is not valid. Empty when that worked. */
    public Optional<Trouble> renew() {
        return pool.renew(this);
    }

    /** It was done in {@code score} seconds per second of video. */
    public void done(double score, Optional<Offer> next) {
        pool.ended(this, next, s -> s.scored(score));
    }

    /** It was not done, and that is not the orchestrator's fault. */
    public void kept(Optional<Offer> next) {
        pool.ended(this, next, s -> {});
    }

    /** The orchestrator is full. It is asked again a little later, others first. */
    public void full(String message, Optional<Offer> next) {
        pool.full(this, message, next);
    }

    /** The orchestrator failed: it is left alone for a while. */
    public void suspend(String reason) {
        pool.suspend(this, reason);
    }

    /**
     * Why a new offer could not be had.
     *
     * @param busy whether the orchestrator is merely full
     */
    public record Trouble(String message, boolean busy) {}

    Session session() {
        return session;
    }

    AuthToken token() {
        return offer.token();
    }

    void renewed(Offer newOffer) {
        offer = newOffer;
    }

    Duration length() {
        return length;
    }

    Instant since() {
        return since;
    }
}
