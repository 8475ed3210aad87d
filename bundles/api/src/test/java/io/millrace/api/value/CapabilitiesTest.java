package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words, subsets and versions, with the network's own vectors. */
class CapabilitiesTest {

    @Test
    void aCapabilityIsABitOfAWord() {
        assertEquals(List.of(63L), Capabilities.of(-10, -1, 0, 1, 2, 3, 4, 5).bits());
        assertEquals(List.of(0L, 0L, 0L, 3L), Capabilities.of(193, 192).bits());
        assertEquals(List.of(1L << 54, 1L << 15, 0L, 3L), Capabilities.of(193, 54, 192, 79).bits());
        assertEquals(List.of(12L, 0L, 1L), Capabilities.of(128, 2, 3).bits());
        assertEquals(List.of(0x4005FFFL), Capabilities.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 26).bits());
    }

    @Test
    void theNumbersComeBackAscending() {
        assertEquals(List.of(54, 79, 192, 193), Capabilities.of(193, 54, 192, 79).ids());
        assertTrue(Capabilities.of(79).has(79));
        assertFalse(Capabilities.of(79).has(15));
        assertFalse(Capabilities.of(79).has(-1));
        assertFalse(Capabilities.of(79).has(1000));
    }

    @Test
    void aJobFitsAnOfferThatHasAllItNeeds() {
        assertTrue(Capabilities.of(0, 1, 2, 3).compatibleWith(Capabilities.of(0, 1, 2, 3)));
        assertTrue(Capabilities.of(0, 1).compatibleWith(Capabilities.of(0, 1, 2, 70)));
        assertFalse(Capabilities.of(0, 4).compatibleWith(Capabilities.of(0, 1, 2, 3)));
        assertFalse(Capabilities.of(70).compatibleWith(Capabilities.of(0)));
    }

    @Test
    void aLongerSetOfWordsIsNoSubsetEvenWhenTheyAreZero() {
        Capabilities padded = new Capabilities(List.of(1L, 0L), List.of(), Map.of(), "", "", Map.of());
        assertFalse(padded.compatibleWith(Capabilities.of(0)));
    }

    @Test
    void whatAnOfferDemandsMustBeNeeded() {
        Capabilities demanding = new Capabilities(List.of(3L), List.of(2L), Map.of(), "", "", Map.of());
        assertFalse(Capabilities.of(0).compatibleWith(demanding));
        assertTrue(Capabilities.of(1).compatibleWith(demanding));
    }

    @Test
    void theLowestVersionIsComparedWithoutItsSuffix() {
        Map<List<String>, Boolean> table = Map.ofEntries(
                Map.entry(List.of("0.4.1", "0.4.1"), true),
                Map.entry(List.of("0.4.0", "0.4.1"), true),
                Map.entry(List.of("0.4.2", "0.4.1"), false),
                Map.entry(List.of("0.4.1", "0.4.1-b3278dce-dirty"), true),
                Map.entry(List.of("0.4.0", "0.4.1-b3278dce-dirty"), true),
                Map.entry(List.of("0.4.2", "0.4.1-b3278dce-dirty"), false),
                Map.entry(List.of("", "0.4.1"), true),
                Map.entry(List.of("", ""), true),
                Map.entry(List.of("0.4.0", ""), false),
                Map.entry(List.of("0.4.0", "undefined"), false),
                Map.entry(List.of("unparsable", "0.4.1"), true),
                Map.entry(List.of("0.4.1", "unparsable"), false));
        table.forEach((versions, compatible) -> assertEquals(
                compatible,
                Capabilities.of(0)
                        .withMinVersion(versions.get(0))
                        .compatibleWith(Capabilities.of(0).withVersion(versions.get(1))),
                versions.toString()));
    }

    @Test
    void aModelMustBeThereAndWarmWhereThatIsNeeded() {
        Capabilities cold = Capabilities.of(27).withModels(Map.of(27, Map.of("m", new Capabilities.Model(false, 1, "", 0))));
        Capabilities warm = Capabilities.of(27).withModels(Map.of(27, Map.of("m", new Capabilities.Model(true, 1, "", 0))));
        Capabilities other = Capabilities.of(27).withModels(Map.of(27, Map.of("n", new Capabilities.Model(true, 1, "", 0))));
        assertTrue(cold.compatibleWith(cold));
        assertTrue(cold.compatibleWith(warm));
        assertFalse(warm.compatibleWith(cold));
        assertFalse(cold.compatibleWith(other));
    }

    @Test
    void twoPipelinesOfferWhatEitherDoes() {
        Capabilities both = Capabilities.of(0, 1).withCapacity(1).and(Capabilities.of(33).withCapacity(4));
        assertEquals(List.of(0, 1, 33), both.ids());
        assertEquals(Map.of(0, 1, 1, 1, 33, 4), both.capacities());
    }
}
