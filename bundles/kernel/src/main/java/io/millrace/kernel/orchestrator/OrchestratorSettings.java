package io.millrace.kernel.orchestrator;

import java.time.Duration;

/**
 * The limits an orchestrator works within; they may change while it works.
 *
 * @param version of this node on the wire
 * @param maxSessions sessions at once
 * @param queue jobs of one session that wait behind the one that runs
 * @param sessionIdle a session without work, or a live session without a message, ends after this
 * @param retention how long results can be fetched after their session ended
 * @param jobFloor least time for a segment, from acceptance to result
 * @param jobFactor time for a segment as a multiple of its duration, where that is more
 * @param requestTime time for any other request
 * @param maxBodyBytes largest body
 * @param onChain whether work has to be paid
 */
public record OrchestratorSettings(
        String version,
        int maxSessions,
        int queue,
        Duration sessionIdle,
        Duration retention,
        Duration jobFloor,
        int jobFactor,
        Duration requestTime,
        long maxBodyBytes,
        boolean onChain) {

    /** Largest body, in bytes, as in go-livepeer (common/util.go, MaxSegSize). */
    public static final long MAX_BODY_BYTES = 300_000_000;

    /**
     * What gateways of the network expect: their call ends after 8 s or four times the segment (server/segment_rpc.go,
     * SubmitSegment), and they leave a session that they have not used for 60 s.
     */
    public static final OrchestratorSettings STANDARD = new OrchestratorSettings(
            "0.9.1",
            10,
            4,
            Duration.ofSeconds(70),
            Duration.ofSeconds(30),
            Duration.ofSeconds(8),
            4,
            Duration.ofMinutes(10),
            MAX_BODY_BYTES,
            false);

    /**
     * The limits of a configuration.
     *
     * @throws IllegalArgumentException that names a key whose value makes no sense
     */
    static OrchestratorSettings of(OrchestratorConfiguration settings) {
        return new OrchestratorSettings(
                settings.version(),
                atLeast(1, "maxSessions", settings.maxSessions()),
                atLeast(0, "queue", settings.queue()),
                Duration.ofSeconds(atLeast(1, "sessionIdleSeconds", settings.sessionIdleSeconds())),
                Duration.ofSeconds(atLeast(0, "resultRetentionSeconds", settings.resultRetentionSeconds())),
                Duration.ofSeconds(atLeast(1, "jobTimeoutSeconds", settings.jobTimeoutSeconds())),
                atLeast(1, "jobTimeoutFactor", settings.jobTimeoutFactor()),
                Duration.ofSeconds(atLeast(1, "requestTimeoutSeconds", settings.requestTimeoutSeconds())),
                MAX_BODY_BYTES,
                settings.onChain());
    }

    private static int atLeast(int least, String key, int value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + ": give at least " + least);
        }
        return value;
    }
}
