package io.millrace.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one server. */
@ObjectClassDefinition(
        name = "Millrace HTTP server",
        description = "A socket that speaks HTTP/1.1 and HTTP/2, and the servlets of other bundles behind it.")
public @interface ServerSettings {

    /** Name. */
    @AttributeDefinition(
            name = "Name",
            description = "What other bundles call this server: 'service' (orchestrator, public), 'http' (gateway),"
                    + " 'admin' (operator, loopback).")
    String name();

    /** Address. */
    @AttributeDefinition(
            name = "Address",
            description = "host:port to listen on. Without a host, all interfaces; port 0 takes any free port.")
    String address();

    /** TLS. */
    @AttributeDefinition(name = "TLS", description = "Encrypt; HTTP/2 is then negotiated by ALPN.")
    boolean tls() default false;

    /** Public URI. */
    @AttributeDefinition(
            name = "Public URI",
            description = "Where others reach this server, when that is not the address it listens on.",
            required = false)
    String uri() default "";

    /** Paths. */
    @AttributeDefinition(
            name = "Paths",
            description = "Servlet patterns that are waited for from the start, such as /segment or /stream/*;"
                    + " a call to any other path is 404 until a bundle serves it. A list, or separated by commas.",
            required = false)
    String[] paths() default {};

    /** Directory. */
    @AttributeDefinition(
            name = "Directory",
            description = "Absolute path of the folder in which certificate.pem is kept. Needed for TLS. A new file"
                    + " there is taken within seconds, for new connections.",
            required = false)
    String directory() default "";

    /** Host of the certificate. */
    @AttributeDefinition(
            name = "Host of the certificate",
            description = "Name or address that a self-made certificate is for. By default the host of the public URI,"
                    + " else of the address, else localhost.",
            required = false)
    String certificateHost() default "";

    /** Maximum size of a body. */
    @AttributeDefinition(
            name = "Maximum size of a body",
            description = "Bytes of a request body. A little above the largest segment (300 000 000 bytes), so that"
                    + " the protocol itself can refuse a larger one. 1 or more.",
            min = "1")
    long maxBodyBytes() default 301_000_000;

    /** Slowest body. */
    @AttributeDefinition(
            name = "Minimum speed of a body",
            description = "Bytes a second that the body of a request must bring, and that the reader of an answer"
                    + " must take, on average, while the server waits for them. A slower request is refused with 408"
                    + " (a segment with the network's 500), a slower reader is cut off. 0 allows any.",
            min = "0")
    int minBodyBytesPerSecond() default 4000;

    /** Patience with slow bodies. */
    @AttributeDefinition(
            name = "Patience with slow bodies",
            description = "Seconds by which a body may fall behind its rate, such as a pause. 1 or more.",
            min = "1")
    int bodyGraceSeconds() default 30;

    /** Longest body. */
    @AttributeDefinition(
            name = "Maximum time of a body",
            description = "Seconds that the server waits for the body of one request in all, however fast it comes;"
                    + " then it is refused as one that is too slow. 1 or more.",
            min = "1")
    int maxBodySeconds() default 600;

    /** Largest headers. */
    @AttributeDefinition(
            name = "Maximum size of headers",
            description = "Bytes of all headers of a request. A payment takes up to 60 000. Times the calls at a"
                    + " time, this is memory that strangers can fill. 8192 to 16777216.",
            min = "8192",
            max = "16777216")
    int maxHeaderBytes() default 262_144;

    /** Calls at a time. */
    @AttributeDefinition(
            name = "Maximum calls",
            description = "Calls that are served, or wait for their servlet, at a time; one more is 503. Half of them"
                    + " are divided among the paths, so that callers of one leave room for others. 1 to 100000.",
            min = "1",
            max = "100000")
    int maxCalls() default 2048;

    /** Connections at a time. */
    @AttributeDefinition(
            name = "Maximum connections",
            description = "Connections that are open at a time. For one more, the oldest that has asked nothing yet is"
                    + " closed, else the one that has been without a call for longest. 1 to 100000.",
            min = "1",
            max = "100000")
    int maxConnections() default 4096;

    /** For one address. */
    @AttributeDefinition(
            name = "Maximum for one address",
            description = "Connections, and calls at a time, of one remote address; an IPv6 network of 64 bits counts"
                    + " as one. Behind a proxy all callers have its address. 0 for no bound, up to 100000.",
            min = "0",
            max = "100000")
    int maxPerAddress() default 256;

    /** Idle connections. */
    @AttributeDefinition(
            name = "Idle connections",
            description = "Seconds of silence after which a connection is closed; longer than the minute for which"
                    + " go-livepeer keeps one for its next call. A call that is being answered is not silent. 1"
                    + " or more.",
            min = "1")
    int idleTimeoutSeconds() default 120;

    /** Wait for a servlet. */
    @AttributeDefinition(
            name = "Wait for a servlet",
            description = "Seconds that a call waits while the bundle that serves it is replaced; then it is 503. 0"
                    + " to 60.",
            min = "0",
            max = "60")
    int parkSeconds() default 10;

    /** Time for changing to a new address. */
    @AttributeDefinition(
            name = "Old address",
            description = "Seconds for which the address before still accepts connections after 'address' or 'tls'"
                    + " was changed. Not when both are the same port: then the old one stops accepting at once. 0"
                    + " to 86400.",
            min = "0",
            max = "86400")
    int handoverSeconds() default 60;

    /** Time for connections of the old address. */
    @AttributeDefinition(
            name = "Connections of the old address",
            description = "Seconds for which connections to the address before are served after it stopped"
                    + " accepting; one that falls silent ends earlier. 0 to 86400.",
            min = "0",
            max = "86400")
    int oldConnectionsSeconds() default 3600;

    /** Wait for calls. */
    @AttributeDefinition(
            name = "Wait for calls",
            description = "Seconds that running calls may take to end when their servlet is withdrawn. 0 to 60.",
            min = "0",
            max = "60")
    int drainSeconds() default 5;
}
