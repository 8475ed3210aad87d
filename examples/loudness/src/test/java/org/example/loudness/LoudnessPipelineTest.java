package org.example.loudness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Result;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.PipelineContract;
import io.millrace.testkit.SampleSegments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoudnessPipelineTest extends PipelineContract {

    private static final int MAX_BYTES = 10_000_000;
    private static final Deadline NEVER = new Deadline(Instant.MAX);

    private LoudnessPipeline pipeline;

    @Override
    protected Pipeline pipeline() {
        if (pipeline == null) {
            pipeline = new LoudnessPipeline(300, 2, MAX_BYTES, true, Duration.ofSeconds(30), InstantSource.system());
        }
        return pipeline;
    }

    @AfterEach
    void stop() {
        if (pipeline != null) {
            pipeline.stop();
        }
    }

    @Override
    protected Payload payload() {
        return Payload.Request.of(Capability.BYOC, LoudnessPipeline.CAPABILITY)
                .contentType("audio/wav")
                .build();
    }

    @Override
    protected Bytes input() {
        return SampleSegments.data(0);
    }

    private Result run(Bytes file, Deadline deadline) {
        try (PipelineSession session = assertInstanceOf(
                PipelineSession.class,
                pipeline().reserve(new SessionId("a"), JobSpec.needing(pipeline().capabilities())))) {
            return session.run(payload(), file, deadline);
        }
    }

    private Failure failure(Bytes file) {
        return assertInstanceOf(Result.Failed.class, run(file, NEVER)).failure();
    }

    private static double number(String json, String key) {
        Matcher number = Pattern.compile("\"" + key + "\":(-?[0-9.]+)").matcher(json);
        assertTrue(number.find(), json);
        return Double.parseDouble(number.group(1));
    }

    private String measured(Bytes file) {
        return assertInstanceOf(Result.Made.class, run(file, NEVER)).artifacts().getFirst().data().utf8();
    }

    /** EBU Tech 3341, test 1: a tone of 1 kHz at -23 dBFS on both channels has -23.0 LUFS, give or take 0.1. */
    @Test
    void theReferenceToneHasItsLoudness() {
        String json = measured(Wav.tone(1000, -23, 20));
        assertEquals(-23.0, number(json, "integrated"), 0.1, json);
        assertEquals(0, number(json, "range"), 0.1, json);
        assertEquals(-23.0, number(json, "truePeak"), 0.4, json);
        assertEquals(20, number(json, "seconds"), 0.01, json);
    }

    @Test
    void aSegmentOfAStreamIsMeasuredToo() {
        assertEquals(2, number(measured(SampleSegments.data(1)), "seconds"), 0.1);
    }

    @Test
    void whatIsNoSoundIsSaid() {
        assertEquals(Failure.Kind.INPUT, failure(Bytes.utf8("no sound at all, but some text of a certain length")).kind());
        assertEquals(Failure.Kind.INPUT, failure(Bytes.of(new byte[MAX_BYTES + 1])).kind());
    }

    @Test
    void aPlaylistOpensNoFileOfTheNode(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("tone.wav"), Wav.tone(1000, -23, 1).toArray());
        for (String playlist : new String[] {
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n" + file + "\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile '" + file + "'\n"
        }) {
            assertEquals(Failure.Kind.INPUT, failure(Bytes.utf8(playlist)).kind());
        }
    }

    @Test
    void aFileThatTakesTooLongIsGivenUp() {
        Result.Failed failed =
                assertInstanceOf(Result.Failed.class, run(Wav.tone(1000, -23, 20), new Deadline(Instant.MIN)));
        assertEquals(Failure.Kind.TIMEOUT, failed.failure().kind());
    }

    @Test
    void aPipelineThatHasStoppedLeavesTheWorkToAnother() {
        pipeline();
        pipeline.stop();
        assertEquals(Failure.Kind.PEER, failure(input()).kind());
    }
}
