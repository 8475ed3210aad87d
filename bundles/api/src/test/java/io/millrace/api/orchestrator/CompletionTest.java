package io.millrace.api.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.Completion.Done;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompletionTest {

    private static final List<Output> OUTPUTS = List.of(new Sized("a", 300), new Sized("b", 20));

    @Test
    void aJobCostsTheSumOfItsOutputsUnlessTheWholeWasGiven() {
        assertEquals(0, Done.of(List.of()).units());
        assertEquals(320, Done.of(OUTPUTS).units());
        assertEquals(7, Done.of(OUTPUTS).withUnits(7).units());
        assertEquals(0, Done.of(OUTPUTS).withUnits(0).units());
    }

    @Test
    void unitsThatWereGivenOutliveOtherOutputsAndSummedOnesFollowThem() {
        assertEquals(7, Done.of(OUTPUTS).withUnits(7).withOutputs(List.of()).units());
        assertEquals(20, Done.of(OUTPUTS).withOutputs(List.of(OUTPUTS.get(1))).units());
    }

    @Test
    void aJobThatIsDoneIsUnsignedAndFineUntilItSaysOtherwise() {
        Done done = Done.of(OUTPUTS);
        assertTrue(done.signature().isEmpty());
        assertEquals(Optional.empty(), done.next());
        assertEquals(200, done.status());
        assertEquals(Map.of(), done.headers());
    }

    @Test
    void oneChangeKeepsAllTheOthers() {
        Offer next = Offer.at(URI.create("https://a"), new AuthToken(Bytes.EMPTY, new SessionId("s"), Instant.EPOCH))
                .build();
        Done done = Done.of(OUTPUTS)
                .withUnits(7)
                .withAnswer(429, Map.of("retry-after", "5"))
                .withSignature(Bytes.utf8("signed"))
                .withNext(Optional.of(next))
                .withOutputs(List.of());
        assertEquals(List.of(), done.outputs());
        assertEquals(7, done.units());
        assertEquals(429, done.status());
        assertEquals(Map.of("retry-after", "5"), done.headers());
        assertEquals(Bytes.utf8("signed"), done.signature());
        assertEquals(Optional.of(next), done.next());
    }

    private record Sized(String name, long units) implements Output {

        @Override
        public String location() {
            return name;
        }

        @Override
        public Bytes fetch(Deadline deadline) {
            return Bytes.EMPTY;
        }
    }
}
