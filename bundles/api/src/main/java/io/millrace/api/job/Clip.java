package io.millrace.api.job;

import java.time.Duration;

/** The part of a segment that is wanted, from its first frame; frames outside are dropped. */
public record Clip(Duration from, Duration to) {}
