package io.millrace.testkit;

import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Orchestrators for tests of a selection policy, made one property at a time from {@link #untried}. */
public final class SampleCandidates {

    private static final Duration QUOTED = Duration.ofMillis(50);

    private SampleCandidates() {}

    /** One at {@code https://<host>:8935} that asks for no money, was not tried yet and answered in 50 ms. */
    public static Candidate untried(String host) {
        URI endpoint = URI.create("https://" + host + ":8935");
        AuthToken token = new AuthToken(Bytes.utf8(host), new SessionId(host), Instant.MAX);
        Offer offer = new Offer(
                endpoint, token, Capabilities.NONE, Optional.empty(), Optional.empty(), Address.NONE, List.of());
        return new Candidate(offer, 0, QUOTED, OptionalDouble.empty(), 0, false);
    }

    /** The same at a price. */
    public static Candidate priced(Candidate candidate, Price price) {
        Offer free = candidate.offer();
        Offer offer = new Offer(
                free.endpoint(),
                free.token(),
                free.capabilities(),
                Optional.of(price),
                free.ticketParams(),
                free.address(),
                free.nodes());
        return new Candidate(
                offer,
                candidate.trust(),
                candidate.quoteLatency(),
                candidate.latencyScore(),
                candidate.inFlight(),
                candidate.used());
    }

    /** The same after it was tried. */
    public static Candidate tried(Candidate candidate, double latencyScore, int inFlight, boolean used) {
        return new Candidate(
                candidate.offer(),
                candidate.trust(),
                candidate.quoteLatency(),
                OptionalDouble.of(latencyScore),
                inFlight,
                used);
    }
}
