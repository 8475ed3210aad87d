package io.millrace.api.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millrace.api.value.Capabilities;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JobSpecTest {

    @Test
    void jobsOfTheSameNeedAreEqual() {
        assertEquals(JobSpec.needing(Capabilities.of(0, 1)), JobSpec.needing(Capabilities.of(1, 0)));
        assertEquals(
                JobSpec.needing(Capabilities.of(0, 1)).hashCode(), JobSpec.needing(Capabilities.of(1, 0)).hashCode());
        assertEquals(
                JobSpec.needing(Capabilities.of(27)).forModel(27, "m"),
                JobSpec.needing(Capabilities.of(27)).forModel(27, "m"));
        assertEquals(JobSpec.anything(), JobSpec.anything());
    }

    @Test
    void jobsThatDifferInOneNeedAreNotEqual() {
        JobSpec spec = JobSpec.needing(Capabilities.of(27)).forModel(27, "m");
        for (JobSpec other : List.of(
                JobSpec.anything(),
                JobSpec.needing(Capabilities.of(27)),
                JobSpec.needing(Capabilities.of(27)).forModel(28, "m"),
                JobSpec.needing(Capabilities.of(27)).forModel(27, "n"),
                JobSpec.needing(Capabilities.of(28)).forModel(27, "m"),
                JobSpec.anything().forModel(27, "m"))) {
            assertNotEquals(spec, other);
        }
    }

    @Test
    void aSpecIsMadeForAModelWithoutChangingTheFirst() {
        JobSpec first = JobSpec.needing(Capabilities.of(27));
        JobSpec second = first.forModel(27, "m");
        assertEquals(OptionalInt.empty(), first.capability());
        assertEquals("", first.model());
        assertEquals(OptionalInt.of(27), second.capability());
        assertEquals("m", second.model());
        assertEquals(first.needs(), second.needs());
    }

    @Test
    void askingForAnythingNeedsNothing() {
        assertEquals(Optional.empty(), JobSpec.anything().needs());
        assertEquals("anything", JobSpec.anything().toString());
    }
}
