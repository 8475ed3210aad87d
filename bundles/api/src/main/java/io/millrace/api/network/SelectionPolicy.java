package io.millrace.api.network;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Offer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.osgi.annotation.versioning.ConsumerType;

/** Ranks offers, and says why. Called for each segment or request; must not block. */
@ConsumerType
public interface SelectionPolicy {

    /**
     * An orchestrator that could take the job.
     *
     * @param offer its current offer
     * @param trust as the directory gave it
     * @param quoteLatency how long it took to answer the quote
     * @param latencyScore seconds of the last call by seconds of video (at least 1.5); empty before the first
     * @param inFlight jobs of this stream that it is working on
     * @param used whether it did the job before this one
     */
    record Candidate(
            Offer offer,
            double trust,
            Duration quoteLatency,
            OptionalDouble latencyScore,
            int inFlight,
            boolean used) {}

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
