package io.millrace.media.cut;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.value.Bytes;
import java.time.Duration;
import java.time.Instant;

/**
 * A finished segment.
 *
 * @param data a transport stream
 * @param duration from its first picture to that of the next segment
 * @param wallTime when its first picture was received
 * @param discontinuity it does not continue the one before
 */
public record CutSegment(Bytes data, Duration duration, MediaInfo info, Instant wallTime, boolean discontinuity) {}
