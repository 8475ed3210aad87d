package io.millrace.kernel.gateway;

import io.millrace.kernel.gateway.session.SessionPool;
import io.millrace.kernel.payment.CurrencyPrice;
import io.millrace.kernel.payment.MaxPrices;
import io.millrace.kernel.payment.PriceTable;
import java.time.Duration;

/**
 * The limits of a gateway. Checked: a value out of range is refused with the name of its setting.
 *
 * @param maxSessions streams at once
 * @param maxAttempts attempts for each segment
 * @param queueSegments segments of a stream that wait
 * @param parallelSegments segments of a stream in work at once
 * @param reorderSegments later segments that may arrive before an earlier one is given up
 * @param reorderWait how long an earlier segment is waited for
 * @param grace how long a stream outlives its publisher
 * @param finish how long work in hand may take when a stream ends
 * @param discoveryTimeout after which a round is content with whoever answered
 * @param candidates sessions that a stream keeps ready
 * @param waitForOrchestrator how long a segment waits for an orchestrator after the last one was lost
 * @param requestPatience how long a request looks for an orchestrator that takes it
 * @param minVersion least version of an orchestrator, empty for any
 * @param onChain whether orchestrators are paid: without somebody who pays, nothing is sent
 * @param maxPrices the most that is paid on-chain
 */
public record GatewaySettings(
        int maxSessions,
        int maxAttempts,
        int queueSegments,
        int parallelSegments,
        int reorderSegments,
        Duration reorderWait,
        Duration grace,
        Duration finish,
        Duration discoveryTimeout,
        int candidates,
        Duration waitForOrchestrator,
        Duration requestPatience,
        String minVersion,
        boolean onChain,
        MaxPrices.Configured maxPrices) {

    /** What a gateway without any setting has. */
    public static final GatewaySettings STANDARD = new GatewaySettings(
            10, 3, 8, 4, 8, Duration.ofMillis(1500), Duration.ofSeconds(10), Duration.ofSeconds(10),
            Duration.ofMillis(500), 8, Duration.ofSeconds(4), Duration.ofSeconds(2), "", false, MaxPrices.Configured.ANY);

    /** Checks the ranges. */
    public GatewaySettings {
        within("maxSessions", maxSessions, 1, 10_000);
        within("maxAttempts", maxAttempts, 1, 20);
        within("queueSegments", queueSegments, 1, 1000);
        within("parallelSegments", parallelSegments, 1, 64);
        within("reorderSegments", reorderSegments, 0, 64);
        within("reorderWaitMillis", reorderWait.toMillis(), 0, 60_000);
        within("graceSeconds", grace.toSeconds(), 0, 3600);
        within("finishSeconds", finish.toSeconds(), 0, 300);
        within("discoveryTimeoutMillis", discoveryTimeout.toMillis(), 10, 6000);
        within("candidates", candidates, 1, 100);
        within("waitForOrchestratorMillis", waitForOrchestrator.toMillis(), 0, 60_000);
        within("requestRetryMillis", requestPatience.toMillis(), 100, 600_000);
    }

    /** As configured; a value out of range is refused with the name of its setting. */
    static GatewaySettings of(GatewayConfiguration from) {
        return new GatewaySettings(
                from.maxSessions(),
                from.maxAttempts(),
                from.queueSegments(),
                from.parallelSegments(),
                from.reorderSegments(),
                Duration.ofMillis(from.reorderWaitMillis()),
                Duration.ofSeconds(from.graceSeconds()),
                Duration.ofSeconds(from.finishSeconds()),
                Duration.ofMillis(from.discoveryTimeoutMillis()),
                from.candidates(),
                Duration.ofMillis(from.waitForOrchestratorMillis()),
                Duration.ofMillis(from.requestRetryMillis()),
                from.minVersion().strip(),
                from.onChain(),
                maxPrices(from));
    }

    private static MaxPrices.Configured maxPrices(GatewayConfiguration from) {
        within("pixelsPerUnit", from.pixelsPerUnit(), 1, Long.MAX_VALUE);
        MaxPrices.Configured configured = new MaxPrices.Configured(
                CurrencyPrice.parse("maxPricePerUnit", from.maxPricePerUnit()).per(from.pixelsPerUnit()),
                PriceTable.parse("maxPrices", from.maxPrices()));
        return from.onChain() ? configured : MaxPrices.Configured.ANY;
    }

    SessionPool.Limits poolLimits() {
        return new SessionPool.Limits(candidates, waitForOrchestrator);
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", not between " + least + " and " + most);
        }
    }
}
