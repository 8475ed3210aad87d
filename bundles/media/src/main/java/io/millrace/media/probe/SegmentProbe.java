package io.millrace.media.probe;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.value.Bytes;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.ts.TsDemuxer;
import java.time.Duration;

/** Reads segments. Stateless; work and memory are bounded by the segment's size. */
public final class SegmentProbe {

    /**
     * What was read.
     *
     * @param length measured from the pictures, or from the sound where there are none; zero when it cannot be told
     */
    public record Found(MediaInfo info, Duration length) {}

    private SegmentProbe() {}

    /** What a whole segment is; see {@link #read}. */
    public static MediaInfo probe(Bytes segment, Container announced) throws UnreadableMedia {
        return read(segment, announced).info();
    }

    /**
     * Reads a whole segment. The bytes decide what it is; {@code announced} only names what was
     * expected when they are neither.
     *
     * @param announced by the sender's file name or media type
     * @throws UnreadableMedia when there is neither picture nor sound to be found
     */
    public static Found read(Bytes segment, Container announced) throws UnreadableMedia {
        byte[] bytes = segment.unsafeArray();
        if (bytes.length == 0) {
            throw new UnreadableMedia("it is empty");
        }
        if (Mp4Probe.detects(bytes)) {
            return Mp4Probe.probe(bytes);
        }
        if (TsDemuxer.detects(bytes)) {
            return TsProbe.probe(bytes);
        }
        throw new UnreadableMedia(
                announced == Container.MP4 ? "it is no MP4 file" : "it is no MPEG transport stream");
    }
}
