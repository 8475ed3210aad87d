package org.example.cheapest;

import static io.millrace.testkit.SampleCandidates.priced;
import static io.millrace.testkit.SampleCandidates.tried;
import static io.millrace.testkit.SampleCandidates.untried;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.job.JobSpec;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.network.SelectionPolicy.Candidate;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.testkit.SelectionPolicyContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheapestSelectionTest extends SelectionPolicyContract {

    private static final Candidate CHEAP = priced(untried("cheap"), Price.of(100, 1_000_000));
    private static final Candidate DEAR = priced(untried("dear"), Price.of(130, 1_000_000));

    @Override
    protected SelectionPolicy policy() {
        return new CheapestSelection(20, 120);
    }

    private static List<Ranked> rank(int stayPercent, long max, Candidate... candidates) {
        return new CheapestSelection(stayPercent, max).rank(JobSpec.needing(Capabilities.NONE), List.of(candidates));
    }

    private static String first(List<Ranked> ranked) {
        return ranked.getFirst().candidate().offer().endpoint().getHost();
    }

    @Test
    void theCheapestComesFirstAndTheReasonNamesItsPrice() {
        List<Ranked> ranked = rank(20, 0, DEAR, CHEAP);
        assertEquals("cheap", first(ranked));
        assertEquals("100 wei a megapixel", ranked.getFirst().reason());
    }

    @Test
    void aStreamStaysWhereItIsUntilThatIsMuchDearer() {
        Candidate used = tried(DEAR, 0.5, 0, true);
        assertEquals("dear", first(rank(30, 0, CHEAP, used)));
        assertEquals("cheap", first(rank(29, 0, CHEAP, used)));
    }

    @Test
    void aCheapOneThatIsTooSlowComesAfterTheRest() {
        assertEquals("dear", first(rank(20, 0, tried(CHEAP, 1.2, 0, true), DEAR)));
    }

    @Test
    void whoAsksForTooMuchIsNotUsed() {
        List<Ranked> ranked = rank(20, 120, DEAR, CHEAP);
        assertEquals(List.of(true, false), ranked.stream().map(Ranked::eligible).toList());
        assertEquals("over the highest price, 130 wei a megapixel", ranked.getLast().reason());
    }

    @Test
    void amongEqualsTheFasterComesFirst() {
        assertEquals("cheap", first(rank(20, 0, tried(untried("slow"), 0.9, 0, false), tried(untried("cheap"), 0.2, 0, false))));
    }
}
