package io.millrace.testkit;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Segment;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A short stream: {@link #COUNT} segments of two seconds, H.264 at 320x180 and 30 frames a second with
 * AAC, in MPEG-TS, whose times continue from one to the next.
 */
public final class SampleSegments {

    /** How many there are. */
    public static final int COUNT = 3;

    /** Length of each. */
    public static final Duration DURATION = Duration.ofSeconds(2);

    /** What each holds. */
    public static final MediaInfo INFO = new MediaInfo(
            VideoProfile.Container.MPEGTS, "h264", "aac", 320, 180, "yuv420p", 30, "avc1.64000d,mp4a.40.2", 60);

    private SampleSegments() {}

    /** The bytes of segment {@code index}, from 0. */
    public static Bytes data(int index) {
        String name = "sample-" + index + ".ts";
        try (InputStream in = SampleSegments.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no " + name);
            }
            return Bytes.wrap(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Segment {@code index} as an ingest hands it in; its sequence number is the index. */
    public static Segment segment(int index) {
        Instant received = Instant.parse("2026-01-01T00:00:00Z").plus(DURATION.multipliedBy(index));
        return new Segment(index, DURATION, data(index), Optional.empty(), received, false);
    }
}
