package io.millrace.kernel.gateway.find;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.kernel.gateway.reach.Peers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** What a pool knows of one orchestrator. Guarded by its pool, whose lock is held in every call. */
final class Session {

    /** The network's: an offer is renewed this long before its token expires. */
    private static final Duration RENEW_AHEAD = Duration.ofMinutes(3);

    private static final Duration FIRST_REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(4);

    /** A segment shorter than this is never expected to be done in less. */
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(1500);

    final Listing listing;
    final URI key;
    private final Duration quoteLatency;
    private final List<Flight> flights = new ArrayList<>();
    private final Set<AuthToken> used = new HashSet<>();
    private Offer offer;
    private Instant tokenSince;
    private OptionalDouble score = OptionalDouble.empty();
    private Instant restsUntil = Instant.MIN;
    private Instant renewAgain = Instant.MIN;
    private Duration rest = FIRST_REST;
    private String rests = "";

    Session(Discovery.Answer.Found found, Instant now) {
        listing = found.listing();
        key = found.endpoint();
        quoteLatency = found.latency();
        offer = found.offer();
        tokenSince = now;
    }

    Offer offer() {
        return offer;
    }

    /** Where to submit. */
    URI endpoint() {
        return Peers.isLocal(key) ? key : offer.endpoint();
    }

    void adopt(Offer next, Instant now) {
        if (!next.token().equals(offer.token())) {
            tokenSince = now;
        }
        offer = next;
    }

    Candidate candidate(boolean last) {
        return new Known(listing, offer, quoteLatency, score, flights.size(), last);
    }

    private record Known(
            Listing listing,
            Offer offer,
            Duration quoteLatency,
            OptionalDouble latencyScore,
            int inFlight,
            boolean used)
            implements Candidate {}

    // -- what it is working on

    void begin(Flight flight) {
        flights.add(flight);
        used.add(flight.token());
    }

    void end(Flight flight) {
        flights.remove(flight);
    }

    boolean idle() {
        return flights.isEmpty();
    }

    /** Whether the oldest job that it works on takes longer than {@code factor} times its length. */
    boolean overdue(int factor, Instant now) {
        if (flights.isEmpty()) {
            return false;
        }
        Flight oldest = flights.getFirst();
        Duration allowed = oldest.length().multipliedBy(factor);
        if (allowed.compareTo(Duration.ofSeconds(1)) <= 0) {
            allowed = LEAST_PATIENCE;
        }
        return Duration.between(oldest.since(), now).compareTo(allowed) >= 0;
    }

    // -- how it went

    void scored(double newScore) {
        score = OptionalDouble.of(newScore);
        rest = FIRST_REST;
        restsUntil = Instant.MIN;
    }

    /** It is full: asked again after a rest that doubles. */
    void full(String message, Instant now) {
        rests = message;
        restsUntil = now.plus(rest);
        rest = rest.multipliedBy(2).compareTo(LONGEST_REST) < 0 ? rest.multipliedBy(2) : LONGEST_REST;
    }

    boolean resting(Instant now) {
        return now.isBefore(restsUntil);
    }

    Instant restsUntil() {
        return restsUntil;
    }

    String rests() {
        return rests;
    }

    // -- its token

    /** Whether the token expires soon: a tenth of its life is left, at most three minutes. */
    boolean dueForRenewal(Instant now) {
        Instant expiration = offer.token().expiration();
        Duration tenth = Duration.between(tokenSince, expiration).dividedBy(10);
        Duration ahead = tenth.compareTo(RENEW_AHEAD) < 0 ? tenth : RENEW_AHEAD;
        return now.isAfter(expiration.minus(ahead)) && !now.isBefore(renewAgain);
    }

    /** It would not renew now; the old token still holds. */
    void renewLater(Instant now) {
        renewAgain = now.plus(LONGEST_REST);
    }

    boolean tokenHolds(Instant now) {
        return now.isBefore(offer.token().expiration());
    }

    /** Tokens that were submitted under, are not current ({@code all}: current too) and no longer needed. */
    List<AuthToken> takeSpent(boolean all) {
        List<AuthToken> spent = used.stream()
                .filter(token -> all || !token.equals(offer.token()))
                .filter(token -> flights.stream().noneMatch(flight -> flight.token().equals(token)))
                .toList();
        used.removeAll(spent);
        return spent;
    }
}
