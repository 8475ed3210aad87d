package io.millrace.media.cut;

import java.time.Duration;

/**
 * Where segments end: at the first keyframe at which a segment has its {@code target} length. A
 * longer keyframe interval makes longer segments; one beyond {@code patience} ends the stream.
 *
 * @param target shortest length of a segment that is not the last
 * @param patience longest length of a segment
 * @param maxBytes most bytes of a segment
 */
public record CutRule(Duration target, Duration patience, int maxBytes) {

    /** Lengths wait for this many targets before the stream is given up, as go-livepeer's segmenter does. */
    public static final int PATIENCE_TARGETS = 10;

    /** The usual patience. */
    public static CutRule of(Duration target, int maxBytes) {
        return new CutRule(target, target.multipliedBy(PATIENCE_TARGETS), maxBytes);
    }
}
