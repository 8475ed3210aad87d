package io.millrace.media.probe;

import io.millrace.api.gateway.MediaInfo;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a segment holds.
 *
 * @param info its formats
 * @param duration of its pictures, or of its sound when it has none; zero when it does not tell
 * @param start its earliest presentation time in ticks of 90 kHz
 * @param keyframe its first picture can be decoded without an earlier one
 */
public record Probed(MediaInfo info, Duration duration, OptionalLong start, boolean keyframe) {}
