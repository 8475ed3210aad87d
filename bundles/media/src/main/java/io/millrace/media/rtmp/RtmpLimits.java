package io.millrace.media.rtmp;

import java.time.Duration;

/**
 * What one server and one client may take.
 *
 * @param connections at once, publishing or not
 * @param connectionsPerAddress of one remote address; 0 for any number
 * @param publishers at once
 * @param messageBytes longest message; also all that a client may have half sent
 * @param segmentBytes longest segment collected
 * @param handshake from the connection to the first publish
 * @param segment target length of a segment
 */
record RtmpLimits(
        int connections,
        int connectionsPerAddress,
        int publishers,
        int messageBytes,
        int segmentBytes,
        Duration handshake,
        Duration segment) {}
