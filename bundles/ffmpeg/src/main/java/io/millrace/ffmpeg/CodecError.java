package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_DECODER_NOT_FOUND;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_DEMUXER_NOT_FOUND;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_ENCODER_NOT_FOUND;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_MUXER_NOT_FOUND;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_OPTION_NOT_FOUND;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.millrace.api.job.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Work on a segment has ended with an error. The message is the exact text that goes over the wire. */
final class CodecError extends RuntimeException {

    static final String NO_KEYFRAMES = "No keyframes in input";
    static final String TOO_MANY_OUTPUTS = "Too many outputs";
    static final String RUNAWAY = "Encoded frames runaway";
    static final String FILTERS = "Error initializing filtergraph";
    static final String INVALID_DATA = "Invalid data found when processing input";
    static final String NO_ENCODER = "Encoder not found";
    static final String INVALID_VIDEO = "TranscoderInvalidVideo";
    static final String INVALID_DURATION = "TranscoderInvalidDuration";
    static final String INVALID_CLIP = "TranscoderInvalidClipConfig";
    static final String INVALID_GOP = "TranscoderInvalidGOP";
    /** What FFmpeg says, and with it the network, when an encoder does not take the pictures. */
    static final String ENCODER_REFUSED = "Generic error in an external library";
    static final String ZERO_SEGMENTS = "ZeroSegments";
    static final String BUSY = "OrchestratorBusy";
    static final String LATE = "the segment was not transcoded in time";
    static final String STOPPED = "TranscoderStopped";

    private static final int EINVAL = -22;

    /** What every orchestrator would answer alike; the rest is this machine's own trouble. */
    private static final Set<Integer> INPUT_CODES = Set.of(
            EINVAL,
            AVERROR_INVALIDDATA,
            AVERROR_DECODER_NOT_FOUND,
            AVERROR_DEMUXER_NOT_FOUND,
            AVERROR_ENCODER_NOT_FOUND,
            AVERROR_MUXER_NOT_FOUND,
            AVERROR_OPTION_NOT_FOUND);

    private static final long serialVersionUID = 1L;

    private final Failure.Kind kind;

    /** The cause is the input or the request, and not this node. */
    CodecError(String message) {
        this(Failure.Kind.INPUT, message);
    }

    private CodecError(Failure.Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    static CodecError tooLarge(long limit) {
        return new CodecError("a rendition is over " + limit + " bytes");
    }

    /** The node's memory is in use; the text is go-livepeer's for an orchestrator without room. */
    static CodecError busy() {
        return new CodecError(Failure.Kind.BUSY, BUSY);
    }

    /** Another node may have more. */
    static CodecError tooMuchMemory(long megabytes, long most) {
        return new CodecError(
                Failure.Kind.PEER,
                "the renditions take about " + megabytes + " megabytes of memory; this node has " + most
                        + " for all its work");
    }

    static CodecError tooManyPixels(long megapixels, long most) {
        return new CodecError("source and renditions are " + megapixels
                + " megapixels for each second of media; this node works on " + most + " at most");
    }

    /** It takes longer than media of its length can need. */
    static CodecError late() {
        return new CodecError(Failure.Kind.TIMEOUT, LATE);
    }

    static CodecError cancelled() {
        return new CodecError(Failure.Kind.CANCELLED, STOPPED);
    }

    /** This codec is going away; another may do the work. */
    static CodecError stopped() {
        return new CodecError(Failure.Kind.PEER, STOPPED);
    }

    /** The failure that the caller is told. */
    Failure.Kind kind() {
        return kind;
    }

    /** FFmpeg's own text for one of its negative codes. */
    static CodecError of(int code) {
        byte[] text = new byte[128];
        av_strerror(code, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        boolean input = INPUT_CODES.contains(code);
        return new CodecError(
                input ? Failure.Kind.INPUT : Failure.Kind.PEER, new String(text, 0, end, StandardCharsets.UTF_8));
    }

    /** Passes a result on, or throws when it is an error. */
    static int check(int code) {
        if (code < 0) {
            throw of(code);
        }
        return code;
    }
}
