package io.millrace.media.rtmp;

/**
 * One message (Adobe RTMP 1.0, 6.1).
 *
 * @param stream message stream
 * @param timestamp milliseconds, 32 bits
 * @param payload null when there was no memory for it
 */
record Message(int type, int stream, int timestamp, byte[] payload) {

    static final int SET_CHUNK_SIZE = 1;
    static final int ABORT = 2;
    static final int ACKNOWLEDGEMENT = 3;
    static final int USER_CONTROL = 4;
    static final int WINDOW_SIZE = 5;
    static final int PEER_BANDWIDTH = 6;
    static final int AUDIO = 8;
    static final int VIDEO = 9;
    static final int DATA_AMF3 = 15;
    static final int COMMAND_AMF3 = 17;
    static final int DATA = 18;
    static final int COMMAND = 20;
    static final int AGGREGATE = 22;

    /** The big-endian number of four bytes at {@code at}. */
    int int32(int at) throws RtmpViolation {
        if (payload.length < at + 4) {
            throw new RtmpViolation("a control message ends too early");
        }
        return (payload[at] & 0xff) << 24
                | (payload[at + 1] & 0xff) << 16
                | (payload[at + 2] & 0xff) << 8
                | payload[at + 3] & 0xff;
    }
}
