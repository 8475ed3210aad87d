package io.millrace.media.rtmp;

/** Follows a publisher's timestamps of 32 bits, in milliseconds, over their wrap, and sees when they jump. */
final class RtmpTimestamps {

    /** Sound and pictures may overtake each other by this much, in milliseconds. */
    private static final int BACKWARD = 2_000;

    /** A gap that is a break and no pause, in milliseconds. */
    private static final int FORWARD = 10_000;

    private boolean begun;
    private int last;
    private long time;
    private boolean jumped;

    /** The time of a message in milliseconds, not wrapped. */
    long at(int timestamp) {
        int step = timestamp - last;
        jumped = begun && (step > FORWARD || step < -BACKWARD);
        time = begun ? time + step : Integer.toUnsignedLong(timestamp);
        last = timestamp;
        begun = true;
        return time;
    }

    /** Whether the message before, and this one, are not of one time line. */
    boolean jumped() {
        return jumped;
    }
}
