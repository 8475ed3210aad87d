package io.millrace.livepeer.mapping;

import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.livepeer.wire.TranscodeData;
import io.millrace.livepeer.wire.TranscodeResult;
import io.millrace.livepeer.wire.TranscodedSegmentData;
import java.util.Optional;
import java.util.function.Function;

/** The body of an answer to a segment. */
public final class ResultMapping {

    /** What a peer makes of an answer that is neither data nor an error. */
    public static final String UNKNOWN_RESPONSE = "UnknownResponse";

    private ResultMapping() {}

    /**
     * To the wire.
     *
     * @param url from an output to where the gateway fetches it
     */
    public static TranscodeResult toWire(long sequence, Completion completion, Function<Output, String> url) {
        TranscodeResult.Builder message = TranscodeResult.newBuilder().setSeq(sequence);
        switch (completion) {
            case Completion.Done done -> {
                TranscodeData.Builder data =
                        TranscodeData.newBuilder().setSig(FixedBytes.write(done.signature()));
                done.outputs().forEach(output -> data.addSegments(TranscodedSegmentData.newBuilder()
                        .setUrl(url.apply(output))
                        .setPixels(output.units())));
                message.setData(data);
                write(done.next(), message);
            }
            case Completion.Failed failed -> {
                message.setError(text(failed.failure()));
                write(failed.next(), message);
            }
            case Completion.Streaming streaming -> {
                streaming.messages().close();
                message.setError(UNKNOWN_RESPONSE);
            }
        }
        return message.build();
    }

    /**
     * The network's text for a failure (go-livepeer core/orchestrator.go). Gateways compare it to tell a peer that is
     * full or a segment that nobody can work on from a peer that fails.
     */
    static String text(Failure failure) {
        return switch (failure.reason()) {
            case SAID, BROKEN -> failure.message();
            case CAPPED -> "OrchestratorCapped";
            case BUSY -> "OrchestratorBusy";
            case NO_PIPELINE -> "ErrTranscoderUnavailable";
            case LATE -> "Remote transcoder took too long";
            case STOPPED -> "TranscoderStopped";
            case MISMATCHED -> "MismatchedSegments";
            case EMPTY -> "ZeroSegments";
        };
    }

    /** An answer that says no after the body was taken. */
    public static TranscodeResult error(long sequence, String text) {
        return TranscodeResult.newBuilder().setSeq(sequence).setError(text).build();
    }

    private static void write(Optional<Offer> next, TranscodeResult.Builder message) {
        next.ifPresent(offer -> message.setInfo(OfferMapping.toWire(offer)));
    }
}
