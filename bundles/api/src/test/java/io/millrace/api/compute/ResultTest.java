package io.millrace.api.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.compute.Result.Made;
import io.millrace.api.job.Failure;
import io.millrace.api.value.Bytes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTest {

    private static final Artifact LARGE = Artifact.of("large", ".ts", Bytes.EMPTY).withUnits(300);
    private static final Artifact SMALL = Artifact.of("small", ".ts", Bytes.EMPTY).withUnits(20);

    @Test
    void aResultIsPaidAsTheSumOfItsArtifactsUnlessTheWholeWasGiven() {
        assertEquals(0, Result.made(List.of()).units());
        assertEquals(320, Result.made(List.of(LARGE, SMALL)).units());
        assertEquals(7, Result.made(List.of(LARGE, SMALL)).withUnits(7).units());
        assertEquals(0, Result.made(LARGE).withUnits(0).units());
    }

    @Test
    void aStreamThatMadeNothingReportsItsUnits() {
        assertEquals(12, Result.made(List.of()).withUnits(12).units());
    }

    @Test
    void oneChangeKeepsAllTheOthers() {
        Made made = Result.made(LARGE).withUnits(7).withHeader("Retry-After", "5").withHeader("A", "b").withStatus(429);
        assertEquals(List.of(LARGE), made.artifacts());
        assertEquals(7, made.units());
        assertEquals(429, made.status());
        assertEquals(Map.of("retry-after", "5", "a", "b"), made.headers());
    }

    @Test
    void anArtifactCostsNothingAndItsExtensionSaysItsMediaTypeUntilItSaysOtherwise() {
        Artifact plain = Artifact.of("answer", ".json", Bytes.utf8("{}"));
        assertEquals(0, plain.units());
        assertEquals("", plain.mediaType());
        Artifact more = plain.withMediaType("text/plain").withUnits(3).withMediaType("text/html");
        assertEquals("text/html", more.mediaType());
        assertEquals(3, more.units());
        assertEquals("answer", more.name());
        assertEquals(".json", more.extension());
        assertEquals(Bytes.utf8("{}"), more.data());
    }

    @Test
    void aFailureThatAPipelineReportsIsSaidAsItIs() {
        Result.Failed failed = assertInstanceOf(Result.Failed.class, Result.failed(Failure.Kind.INPUT, "no video"));
        assertEquals(new Failure(Failure.Kind.INPUT, Failure.Reason.SAID, "no video"), failed.failure());
    }
}
