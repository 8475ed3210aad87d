package io.millrace.kernel.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.orchestrator.Offer;
import io.millrace.testkit.SampleCandidates;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LatencySelectionTest {

    private static Candidate candidate(String name, int quoteMillis, double score, int inFlight, boolean used) {
        Candidate untried = SampleCandidates.untried(name);
        return new Candidate() {
            @Override
            public Listing listing() {
                return untried.listing();
            }

            @Override
            public Offer offer() {
                return untried.offer();
            }

            @Override
            public Duration quoteLatency() {
                return Duration.ofMillis(quoteMillis);
            }

            @Override
            public OptionalDouble latencyScore() {
                return score < 0 ? OptionalDouble.empty() : OptionalDouble.of(score);
            }

            @Override
            public int inFlight() {
                return inFlight;
            }

            @Override
            public boolean used() {
                return used;
            }
        };
    }

    private static List<String> order(Candidate... candidates) {
        return rank(candidates).stream()
                .map(ranked -> ranked.candidate().offer().endpoint().getHost())
                .toList();
    }

    private static List<Ranked> rank(Candidate... candidates) {
        return new LatencySelection().rank(JobSpec.anything(), List.of(candidates));
    }

    @Test
    void itStaysWithTheLastOneThatKeepsUp() {
        assertEquals(
                List.of("last", "faster"),
                order(candidate("faster", 1, 0.1, 0, false), candidate("last", 9, 0.9, 0, true)));
    }

    @Test
    void itLeavesTheLastOneThatDoesNotKeepUp() {
        assertEquals(
                List.of("untried", "last"),
                order(candidate("last", 1, 1.2, 0, true), candidate("untried", 900, -1, 0, false)));
    }

    @Test
    void knownOnesThatKeepUpComeBeforeUntriedOnesBeforeSlowOnes() {
        assertEquals(
                List.of("fast", "known", "near", "far", "slow"),
                order(
                        candidate("slow", 1, 1.1, 0, false),
                        candidate("far", 80, -1, 0, false),
                        candidate("near", 8, -1, 0, false),
                        candidate("known", 1, 0.8, 0, false),
                        candidate("fast", 1, 0.3, 0, false)));
    }

    @Test
    void theLastOneGoesOnWhileItWorksOnTheSegmentBefore() {
        assertEquals(
                List.of("last", "known"),
                order(candidate("known", 1, 0.5, 0, false), candidate("last", 1, -1, 1, true)));
    }

    @Test
    void everyPlaceHasItsReason() {
        List<Ranked> ranked = rank(candidate("a", 12, -1, 0, false), candidate("b", 1, 0.41, 0, true));
        assertEquals("It works at 2.44 x real time and keeps the stream.", ranked.getFirst().reason());
        assertEquals("It answered in 12 ms and has not done a segment yet.", ranked.getLast().reason());
        assertTrue(ranked.stream().allMatch(Ranked::eligible));
    }
}
