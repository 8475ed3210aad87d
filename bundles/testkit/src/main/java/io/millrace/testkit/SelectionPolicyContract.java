package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Price;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SelectionPolicy} does: it names each candidate once, with a reason, vetoed ones last.
 *
 * <pre>{@code
 * class CheapestSelectionTest extends SelectionPolicyContract {
 *     protected SelectionPolicy policy() {
 *         return new CheapestSelection(10);
 *     }
 * }
 * }</pre>
 */
public abstract class SelectionPolicyContract {

    private static final JobSpec SPEC = JobSpec.needing(Capabilities.of(Capability.H264));

    /** The policy. */
    protected abstract SelectionPolicy policy();

    private static List<Candidate> candidates() {
        return List.of(
                SampleCandidates.untried("new"),
                SampleCandidates.priced(SampleCandidates.untried("dear"), Price.of(1_000_000, 1)),
                SampleCandidates.tried(SampleCandidates.untried("slow"), 3, 0, false),
                SampleCandidates.priced(
                        SampleCandidates.tried(SampleCandidates.untried("mine"), 0.5, 1, true), Price.of(1, 3)),
                SampleCandidates.tried(SampleCandidates.untried("busy"), 0.9, 5, false));
    }

    private static Set<Candidate> identities(List<Candidate> candidates) {
        Set<Candidate> identities = Collections.newSetFromMap(new IdentityHashMap<>());
        identities.addAll(candidates);
        return identities;
    }

    @Test
    void itRanksEachCandidateOnce() {
        List<Candidate> given = candidates();
        List<Candidate> ranked =
                policy().rank(SPEC, given).stream().map(Ranked::candidate).toList();
        assertEquals(given.size(), ranked.size());
        assertEquals(identities(given), identities(ranked));
    }

    @Test
    void itSaysWhyInOneLine() {
        for (Ranked ranked : policy().rank(SPEC, candidates())) {
            assertFalse(ranked.reason().isBlank());
            assertEquals(1, ranked.reason().lines().count(), ranked.reason());
        }
    }

    @Test
    void whomItRefusesComesLast() {
        boolean refused = false;
        for (Ranked ranked : policy().rank(SPEC, candidates())) {
            assertTrue(!refused || !ranked.eligible(), "a candidate that may be used stands behind one that may not");
            refused = !ranked.eligible();
        }
    }

    @Test
    void itDecidesAlikeAboutTheSame() {
        List<Candidate> given = candidates();
        SelectionPolicy policy = policy();
        assertEquals(policy.rank(SPEC, given), policy.rank(SPEC, given));
    }

    @Test
    void nobodyIsRankedAmongNobody() {
        assertEquals(List.of(), policy().rank(SPEC, List.of()));
    }
}
