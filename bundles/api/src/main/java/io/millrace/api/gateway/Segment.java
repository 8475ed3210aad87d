package io.millrace.api.gateway;

import io.millrace.api.job.Clip;
import io.millrace.api.value.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A piece of a stream that starts at a keyframe and decodes by itself.
 *
 * @param sequence its number; a publisher may send segments in parallel and out of order
 * @param duration as measured or as the sender said
 * @param data the bytes
 * @param clip the part wanted; present, even if empty-handed, means slicing is asked for
 * @param wallTime when its first frame was received
 * @param discontinuity its time line does not continue that of the segment before
 */
public record Segment(
        long sequence,
        Duration duration,
        Bytes data,
        Optional<Clip> clip,
        Instant wallTime,
        boolean discontinuity) {}
