package io.millrace.media.rtmp;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an operator may set of the RTMP ingest. */
@ObjectClassDefinition(name = "Millrace RTMP ingest", description = "Where encoders publish by RTMP.")
public @interface RtmpSettings {

    /** Where to listen. */
    @AttributeDefinition(
            name = "Address",
            description = "host:port to listen at. An empty host means every interface, port 0 any free port."
                    + " Default 127.0.0.1:1935.")
    String address() default "127.0.0.1:1935";

    /** Stream keys. */
    @AttributeDefinition(
            name = "Stream keys",
            type = AttributeType.PASSWORD,
            description = "Entries NAME=KEY, with commas between or a line each in the file that is named. With any set,"
                    + " only these streams are accepted, at rtmp://HOST:1935/NAME/KEY (in OBS: server rtmp://HOST:1935/live, stream key NAME/KEY)."
                    + " Default: none, everybody may publish.")
    String[] keys() default {};

    /** Publishers at once. */
    @AttributeDefinition(
            name = "Maximum publishers",
            description = "Streams published by RTMP at once. Default 10. 1 to 10000.",
            min = "1",
            max = "10000")
    int maxPublishers() default 10;

    /** Connections at once. */
    @AttributeDefinition(
            name = "Maximum connections",
            description = "RTMP connections at once, those that publish nothing yet included. When all are in use,"
                    + " a new one takes the place of the one that has said least for longest; none of those that"
                    + " publish is closed for it. Default 64. 1 to 20000.",
            min = "1",
            max = "20000")
    int maxConnections() default 64;

    /** Connections of one address. */
    @AttributeDefinition(
            name = "Maximum connections of one address",
            description = "RTMP connections, and with them streams, that one remote address may have at once."
                    + " Addresses of IPv6 count by their first 64 bits. Raise it where many streams come from one"
                    + " machine or through a proxy. Default 8. 0 to 20000; 0 means any number.",
            min = "0",
            max = "20000")
    int maxConnectionsPerAddress() default 8;

    /** Target length of segments. */
    @AttributeDefinition(
            name = "Minimum segment length",
            description = "Seconds a segment has at least; it ends at the next keyframe. A stream without a keyframe"
                    + " for ten times as long is closed. Default 2. 1 to 30.",
            min = "1",
            max = "30")
    int segmentSeconds() default 2;

    /** Most bytes of a segment. */
    @AttributeDefinition(
            name = "Maximum segment size",
            description = "Bytes a segment has at most; a stream that needs more is closed. Default 67108864."
                    + " 1048576 to 268435456.",
            min = "1048576",
            max = "268435456")
    int segmentBytes() default 64 << 20;

    /** Most bytes of a message. */
    @AttributeDefinition(
            name = "Maximum message size",
            description = "Bytes of an RTMP message (a picture) at most, and of unfinished messages of a connection"
                    + " together. Default 8388608. 65536 to 67108864.",
            min = "65536",
            max = "67108864")
    int messageBytes() default 8 << 20;

    /** Time to begin publishing. */
    @AttributeDefinition(
            name = "Handshake time",
            description = "Seconds from the connection to the publish command at most. Default 10. 1 to 300.",
            min = "1",
            max = "300")
    int handshakeSeconds() default 10;
}
