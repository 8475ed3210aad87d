package io.millrace.api.network;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Offer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/** Ranks offers, and says why. Called for each segment or request, under no lock; must not block. */
@ConsumerType
public interface SelectionPolicy {

    /** An orchestrator that could take the job. More may be said of it in later versions. */
    @ProviderType
    interface Candidate {

        /** What the directory knew of it. */
        Directory.Listing listing();

        /** Its current offer. */
        Offer offer();

        /** How long it took to answer the quote. */
        Duration quoteLatency();

        /** Seconds of the last call by seconds of video (at least 1.5); empty before the first. */
        OptionalDouble latencyScore();

        /** Jobs of this stream that it is working on. */
        int inFlight();

        /** Whether it did the job before this one. */
        boolean used();
    }

    /**
     * A candidate with its place.
     *
     * @param candidate one of those given
     * @param eligible false for a veto
     * @param reason one line for the operator: the factors and what decided
     */
    record Ranked(Candidate candidate, boolean eligible, String reason) {}

    /** All candidates, best first, each with its reason; vetoed ones last. */
    List<Ranked> rank(JobSpec spec, List<Candidate> candidates);
}
