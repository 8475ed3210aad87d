package io.millrace.testkit;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
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
        return new Sample(
                Listing.at(endpoint).build(),
                Offer.at(endpoint, token).build(),
                QUOTED,
                OptionalDouble.empty(),
                0,
                false);
    }

    /** The same at a price. */
    public static Candidate priced(Candidate candidate, Price price) {
        return offering(candidate, candidate.offer().but(candidate.offer().token()).price(Optional.of(price)).build());
    }

    /** The same with these capabilities and this version. */
    public static Candidate capable(Candidate candidate, Capabilities capabilities) {
        return new Sample(
                candidate.listing(),
                candidate.offer().but(candidate.offer().token()).capabilities(capabilities).build(),
                candidate.quoteLatency(),
                candidate.latencyScore(),
                candidate.inFlight(),
                candidate.used());
    }

    /** The same with what a directory knows of it. */
    public static Candidate listed(Candidate candidate, Listing listing) {
        return new Sample(
                listing,
                candidate.offer(),
                candidate.quoteLatency(),
                candidate.latencyScore(),
                candidate.inFlight(),
                candidate.used());
    }

    /** The same after it was tried. */
    public static Candidate tried(Candidate candidate, double latencyScore, int inFlight, boolean used) {
        return new Sample(
                candidate.listing(),
                candidate.offer(),
                candidate.quoteLatency(),
                OptionalDouble.of(latencyScore),
                inFlight,
                used);
    }

    private static Candidate offering(Candidate candidate, Offer offer) {
        return new Sample(
                candidate.listing(),
                offer,
                candidate.quoteLatency(),
                candidate.latencyScore(),
                candidate.inFlight(),
                candidate.used());
    }

    private record Sample(
            Listing listing,
            Offer offer,
            Duration quoteLatency,
            OptionalDouble latencyScore,
            int inFlight,
            boolean used)
            implements Candidate {}
}
