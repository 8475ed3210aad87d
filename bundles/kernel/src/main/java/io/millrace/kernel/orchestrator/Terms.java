package io.millrace.kernel.orchestrator;

import java.time.Duration;

/**
 * The limits an orchestrator works within; they may change while it works.
 *
 * @param version of this node on the wire
 * @param maxSessions sessions at once
 * @param queue jobs of one session that wait behind the one that runs
 * @param sessionIdle a session without work ends after this
 * @param retention how long results can be fetched after their session ended
 * @param jobFloor least time for a segment, from acceptance to result
 * @param jobFactor time for a segment as a multiple of its duration, where that is more
 * @param requestTime time for any other request
 * @param maxBodyBytes largest body
 * @param maxWaitingBytes bodies held by all sessions together
 */
public record Terms(
        String version,
        int maxSessions,
        int queue,
        Duration sessionIdle,
        Duration retention,
        Duration jobFloor,
        int jobFactor,
        Duration requestTime,
        long maxBodyBytes,
        long maxWaitingBytes) {

    /** Largest body that the network knows. */
    public static final long MAX_BODY_BYTES = 300_000_000;

    /** What the network's gateways expect: their call ends after 8 s or four times the segment. */
    public static final Terms STANDARD = new Terms(
            "0.9.1",
            10,
            4,
            Duration.ofSeconds(70),
            Duration.ofSeconds(30),
            Duration.ofSeconds(8),
            4,
            Duration.ofMinutes(10),
            MAX_BODY_BYTES,
            1L << 30);

    /**
     * The limits of a configuration.
     *
     * @throws IllegalArgumentException that names a key whose value makes no sense
     */
    static Terms of(OrchestratorConfiguration settings) {
        return new Terms(
                settings.version(),
                atLeast(1, "maxSessions", settings.maxSessions()),
                atLeast(0, "queue", settings.queue()),
                Duration.ofSeconds(atLeast(1, "sessionIdleSeconds", settings.sessionIdleSeconds())),
                Duration.ofSeconds(atLeast(0, "resultRetentionSeconds", settings.resultRetentionSeconds())),
                Duration.ofSeconds(atLeast(1, "jobTimeoutSeconds", settings.jobTimeoutSeconds())),
                atLeast(1, "jobTimeoutFactor", settings.jobTimeoutFactor()),
                Duration.ofSeconds(atLeast(1, "requestTimeoutSeconds", settings.requestTimeoutSeconds())),
                MAX_BODY_BYTES,
                megabytes("queueMaxMegabytes", settings.queueMaxMegabytes()));
    }

    /** Bytes of a setting in megabytes. */
    static long megabytes(String key, int value) {
        return (long) atLeast(1, key, value) << 20;
    }

    private static int atLeast(int least, String key, int value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + ": give at least " + least);
        }
        return value;
    }
}
