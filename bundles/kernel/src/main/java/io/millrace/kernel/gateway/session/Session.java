package io.millrace.kernel.gateway.session;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What a pool knows of one orchestrator. Not thread-safe: it is used with its pool's lock held. */
final class Session {

    /** An offer is renewed this long before its token expires (go-livepeer: server/broadcast.go, shouldRefreshSession). */
    private static final Duration RENEW_AHEAD = Duration.ofMinutes(3);

    private static final Duration FIRST_REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(4);

    /** A segment shorter than this is never expected to be done in less. */
    private static final Duration LEAST_ALLOWED = Duration.ofMillis(1500);

    /** Where to submit, and the name of the orchestrator for the operator. */
    final URI address;

    final Listing listing;
    private final Duration quoteLatency;
    private final List<SessionPool.Lease> leases = new ArrayList<>();
    private final Set<AuthToken> submittedUnder = new HashSet<>();
    private Offer offer;
    private Instant tokenSince;
    private OptionalDouble score = OptionalDouble.empty();
    private Instant restsUntil = Instant.MIN;
    private Instant renewAgain = Instant.MIN;
    private Duration rest = FIRST_REST;
    private String restReason = "";

    Session(Discovery.Answer.Found found, Instant now) {
        listing = found.listing();
        address = found.endpoint();
        quoteLatency = found.latency();
        offer = found.offer();
        tokenSince = now;
    }

    Offer offer() {
        return offer;
    }

    /** Where to submit now: an offer may name another place than the one before. */
    URI endpoint() {
        return Peers.isLocal(address) ? address : offer.endpoint();
    }

    /** The address that the operator wrote down for it, where there is one. */
    Optional<URI> configured() {
        return listing.configured() ? Optional.of(listing.address()) : Optional.empty();
    }

    void adopt(Offer next, Instant now) {
        if (!next.token().equals(offer.token())) {
            tokenSince = now;
        }
        offer = next;
    }

    Candidate candidate(boolean used) {
        return new Known(listing, offer, quoteLatency, score, leases.size(), used);
    }

    private record Known(
            Listing listing,
            Offer offer,
            Duration quoteLatency,
            OptionalDouble latencyScore,
            int inFlight,
            boolean used)
            implements Candidate {}

    // -- the jobs that it has

    void begin(SessionPool.Lease lease) {
        leases.add(lease);
        submittedUnder.add(lease.offer().token());
    }

    void end(SessionPool.Lease lease) {
        leases.remove(lease);
    }

    int inFlight() {
        return leases.size();
    }

    /** Whether the oldest of its jobs takes longer than {@code factor} times its length. What has no length is never late. */
    boolean overdue(int factor, Instant now) {
        if (leases.isEmpty() || leases.getFirst().length().isZero()) {
            return false;
        }
        SessionPool.Lease oldest = leases.getFirst();
        Duration allowed = oldest.length().multipliedBy(factor);
        if (allowed.compareTo(Duration.ofSeconds(1)) <= 0) {
            allowed = LEAST_ALLOWED;
        }
        return Duration.between(oldest.since(), now).compareTo(allowed) >= 0;
    }

    // -- how it went

    void scored(double newScore) {
        score = OptionalDouble.of(newScore);
        rest = FIRST_REST;
        restsUntil = Instant.MIN;
    }

    /** It is full: it is asked again after a rest that doubles each time. */
    void full(String message, Instant now) {
        restReason = message;
        restsUntil = now.plus(rest);
        rest = rest.multipliedBy(2).compareTo(LONGEST_REST) < 0 ? rest.multipliedBy(2) : LONGEST_REST;
    }

    boolean resting(Instant now) {
        return now.isBefore(restsUntil);
    }

    Instant restsUntil() {
        return restsUntil;
    }

    String restReason() {
        return restReason;
    }

    // -- its token

    /** Whether the token expires soon: a tenth of its life is left, at most three minutes. */
    boolean dueForRenewal(Instant now) {
        Instant expiration = offer.token().expiration();
        Duration tenth = Duration.between(tokenSince, expiration).dividedBy(10);
        Duration ahead = tenth.compareTo(RENEW_AHEAD) < 0 ? tenth : RENEW_AHEAD;
        return now.isAfter(expiration.minus(ahead)) && !now.isBefore(renewAgain);
    }

    /** It would not renew now; the old token is used as long as it holds. */
    void renewLater(Instant now) {
        renewAgain = now.plus(LONGEST_REST);
    }

    boolean tokenHolds(Instant now) {
        return now.isBefore(offer.token().expiration());
    }

    /** Tokens that jobs were submitted under and that no job needs any more; {@code all}: the current one too. */
    List<AuthToken> takeUnneeded(boolean all) {
        List<AuthToken> unneeded = submittedUnder.stream()
                .filter(token -> all || !token.equals(offer.token()))
                .filter(token -> leases.stream().noneMatch(lease -> lease.offer().token().equals(token)))
                .toList();
        submittedUnder.removeAll(unneeded);
        return unneeded;
    }
}
