package io.millrace.ops.metrics;

import io.millrace.api.node.NodeEvent.SegmentSettled;
import java.util.Locale;
import java.util.Optional;

/** The network's values of the label {@code error_code}. */
final class ErrorCode {

    private ErrorCode() {}

    static String ofAttempt(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("orchestratorbusy")) {
            return "OrchestratorBusy";
        }
        if (lower.contains("orchestratorcapped")) {
            return "OrchestratorCapped";
        }
        return lower.contains("download") ? "Download" : "Transcode";
    }

    /** Of a segment that got no renditions; empty when it was not tried. */
    static Optional<String> ofOutcome(SegmentSettled settled) {
        return switch (settled.outcome()) {
            case "no-session" -> Optional.of("NoOrchestrators");
            case "untranscodable" -> Optional.of(settled.attempts() > 1 ? "MaxAttempts" : "NonRetryable");
            default -> Optional.empty();
        };
    }
}
