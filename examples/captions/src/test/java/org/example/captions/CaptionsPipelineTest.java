package org.example.captions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CaptionsPipelineTest extends PipelineContract {

    @Override
    protected Pipeline pipeline() {
        return new CaptionsPipeline(4, 1_000);
    }

    @Override
    protected Payload payload() {
        return Payload.Request.of(Capability.BYOC, CaptionsPipeline.CAPABILITY)
                .contentType("application/x-subrip")
                .build();
    }

    @Override
    protected Bytes input() {
        return Bytes.utf8("1\n00:00:01,000 --> 00:00:02,500\nThe mill turns.\n");
    }

    private Result run(Bytes input) {
        Pipeline pipeline = pipeline();
        try (PipelineSession session = assertInstanceOf(
                PipelineSession.class,
                pipeline.reserve(new SessionId("a"), JobSpec.needing(pipeline.capabilities())))) {
            return session.run(payload(), input, new Deadline(Instant.MAX));
        }
    }

    @Test
    void captionsAreConverted() {
        Result.Made made = assertInstanceOf(Result.Made.class, run(input()));
        assertEquals(
                "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nThe mill turns.\n",
                made.artifacts().getFirst().data().utf8());
    }

    @Test
    void whatAreNoCaptionsIsSaidWithTheLine() {
        Result.Failed failed = assertInstanceOf(Result.Failed.class, run(Bytes.utf8("1\nsoon\n")));
        assertEquals(
                new Failure(
                        Failure.Kind.INPUT,
                        "these are no SubRip captions: line 2 should be like 00:00:01,000 --> 00:00:02,500"),
                failed.failure());
    }

    @Test
    void aFileOverTheLimitIsRefused() {
        assertInstanceOf(Result.Failed.class, run(Bytes.of(new byte[1_001])));
    }
}
