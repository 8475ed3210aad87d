package io.millrace.kernel.gateway;

import java.util.TreeSet;

/**
 * Gives each segment its number in the stream. Publishers number as they like: they send a number
 * twice, begin anew, jump. Not thread-safe.
 */
final class Numbering {

    /** A number this far back is a publisher that began anew, not a segment that is late. */
    private static final int FAR_BACK = 16;

    /** Beyond this nobody counts up to; it would leave no room for those that follow. */
    private static final long LARGEST = Long.MAX_VALUE >> 1;

    private final TreeSet<Long> seen = new TreeSet<>();
    private long offset;
    private long highest = -1;

    /**
     * A segment's place.
     *
     * @param number in the stream
     * @param again whether that number was there before: a segment that is sent once more
     * @param anew whether the publisher's numbers began anew
     */
    record Place(long number, boolean again, boolean anew) {}

    Place place(long sequence) {
        long number = sequence + offset;
        boolean anew = false;
        boolean firstAgain = sequence == 0 && number < highest && seen.contains(number);
        if (number < 0 || number > LARGEST || number < highest - FAR_BACK || firstAgain) {
            anew = highest >= 0;
            number = highest + 1;
            offset = number - sequence;
        }
        boolean again = !seen.add(number);
        highest = Math.max(highest, number);
        seen.headSet(highest - FAR_BACK).clear();
        return new Place(number, again, anew);
    }

    /** The number that follows the highest one. */
    long next() {
        return highest + 1;
    }

    /** A publisher came back, and numbers from {@link #next} on. */
    void resume() {
        offset = 0;
    }
}
