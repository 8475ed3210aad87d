package io.millrace.media.cut;

import io.millrace.media.ts.AccessUnit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The segment that is being collected; its start, as its end, is a presentation time. */
final class OpenSegment {

    final long start;
    final Instant wallTime;
    final boolean discontinuity;
    final List<AccessUnit> units = new ArrayList<>();
    private int bytes;
    private int pictures;
    private long firstPicture;
    private long lastPicture;
    private long lastSound;

    OpenSegment(long start, Instant wallTime, boolean discontinuity) {
        this.start = start;
        this.wallTime = wallTime;
        this.discontinuity = discontinuity;
        firstPicture = start;
        lastPicture = start;
        lastSound = start;
    }

    void add(AccessUnit unit) {
        units.add(unit);
        bytes += unit.bytes().length;
        if (unit.picture()) {
            pictures++;
            firstPicture = Math.min(firstPicture, unit.pts());
            lastPicture = Math.max(lastPicture, unit.pts());
        } else {
            lastSound = unit.dts();
        }
    }

    int bytes() {
        return bytes;
    }

    int pictures() {
        return pictures;
    }

    /**
     * Pictures a second by their times, 0 when it has less than two. Its length would not do: leading pictures of its
     * first keyframe are shown before it begins, those of the next keyframe are shown in it and belong to the next.
     */
    double picturesPerSecond() {
        return pictures < 2 || lastPicture == firstPicture ? 0 : (pictures - 1) * 90_000.0 / (lastPicture - firstPicture);
    }

    /** Where it ends when nothing follows: one picture, or one frame of sound, after its last. */
    long end(double announcedRate, long soundFrame) {
        if (pictures == 0) {
            return lastSound + soundFrame;
        }
        if (pictures > 1) {
            return lastPicture + (lastPicture - start) / (pictures - 1);
        }
        return announcedRate > 0 ? lastPicture + Math.round(90_000 / announcedRate) : Math.max(lastSound, lastPicture);
    }
}
