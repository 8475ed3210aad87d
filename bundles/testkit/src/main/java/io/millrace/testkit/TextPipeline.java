package io.millrace.testkit;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Reservation;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.job.MediaPart;
import io.millrace.api.job.Payload;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Work that is no video, in the three other shapes: a request is answered by the text in upper case, a
 * stream by its words one by one, a live session by each message behind a prefix that control messages
 * change; each change is confirmed as an event.
 */
public final class TextPipeline implements Pipeline {

    /** The capability it serves. */
    public static final int CAPABILITY = Capability.LLM;

    private static final Deadline NEVER = new Deadline(Instant.MAX);

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(CAPABILITY).withCapacity(1);
    }

    @Override
    public Reservation reserve(SessionId session, JobSpec spec) {
        return new Session();
    }

    private static final class Session implements PipelineSession {

        @Override
        public Result run(Payload payload, Bytes input, Deadline deadline) {
            if (!(payload instanceof Payload.Request)) {
                return Result.failed(Failure.Kind.INPUT, "this pipeline takes requests");
            }
            Bytes answer = Bytes.utf8(input.utf8().toUpperCase(Locale.ROOT));
            return Result.made(Artifact.of("text", ".txt", answer).withUnits(input.size()));
        }

        @Override
        public Result stream(Payload.Request request, Bytes input, MessageSink<Bytes> answers, Deadline deadline) {
            for (String word : input.utf8().split(" ")) {
                answers.send(Bytes.utf8(word), deadline);
            }
            return Result.made(List.of()).withUnits(input.size());
        }

        @Override
        public Result live(LiveSpec spec, LivePorts ports) {
            String prefix = spec.parameters();
            long units = 0;
            for (Optional<MediaPart> part = ports.result().next(NEVER);
                    part.isPresent();
                    part = ports.result().next(NEVER)) {
                String text = part.get().data().utf8();
                units += text.length();
                if (text.equals("?")) {
                    prefix = ports.notices().next(NEVER).map(Bytes::utf8).orElse(prefix);
                    ports.signals().send(Bytes.utf8("prefix is " + prefix), NEVER);
                } else {
                    ports.media().send(MediaPart.whole(part.get().segment(), Bytes.utf8(prefix + text)), NEVER);
                }
            }
            return Result.made(List.of()).withUnits(units);
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
