package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capabilities.Model;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapabilitiesMappingTest {

    @Test
    void theNeedsOfAJobAreWrittenByteForByte() {
        assertEquals("0a0283202a00", bytes(Capabilities.of(0, 1, 12)));
        assertEquals("0a0483a080202a00", bytes(Capabilities.of(0, 1, 12, 26)));
    }

    @Test
    void theNetworksDefaultSetHasItsKnownWord() {
        assertEquals(
                List.of(0x4005fffL),
                CapabilitiesMapping.toWire(Capabilities.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 26))
                        .getBitstringList());
    }

    @Test
    void setsBeyondOneWordKeepTheirWords() {
        assertEquals(List.of(63L), words(-10, -1, 0, 1, 2, 3, 4, 5));
        assertEquals(List.of(0L, 0L, 0L, 3L), words(193, 192));
        assertEquals(List.of(1L << 54, 1L << 15, 0L, 3L), words(193, 54, 192, 79));
    }

    @Test
    void wordsThatAreZeroAreKeptAsTheyCame() {
        var message = io.millrace.livepeer.wire.Capabilities.newBuilder()
                .addBitstring(3)
                .addBitstring(0)
                .build();
        assertEquals(List.of(3L, 0L), CapabilitiesMapping.fromWire(message).bits());
    }

    @Test
    void allThatANodeOffersSurvivesTheWire() {
        Capabilities offered = Capabilities.of(1, 35, 99)
                .withCapacity(4)
                .withVersion("0.9.1")
                .withMinVersion("0.5.0")
                .withModels(Map.of(35, Map.of("a/model", new Model(true, 2, "0.1.0", 1))));
        assertEquals(offered, CapabilitiesMapping.fromWire(CapabilitiesMapping.toWire(offered)));
    }

    private static List<Long> words(Integer... ids) {
        return CapabilitiesMapping.toWire(Capabilities.of(ids)).getBitstringList();
    }

    private static String bytes(Capabilities capabilities) {
        return Bytes.wrap(CapabilitiesMapping.toWire(capabilities).toByteArray()).hex();
    }
}
