package io.millrace.kernel.gateway.carry;

import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Fault;

/** What a failed attempt means for the next one. The one table of error classes. */
public enum Verdict {
    /** The job is at fault: everybody would fail it. */
    HOPELESS,
    /** The orchestrator is full, not broken: another one now, this one later. */
    FULL,
    /** The token is not valid, as after a restart: renew it and hand the same job in again. */
    RENEW,
    /** The same orchestrator may do it. */
    HERE,
    /** Another may do it; this one is not at fault. */
    ELSEWHERE,
    /** The orchestrator failed: leave it alone for a while and try another. */
    SUSPEND,
    /** We gave up ourselves. */
    CANCELLED;

    /** Of a job that was refused. */
    public static Verdict of(Refusal.Reason reason) {
        if (reason.isBusy()) {
            return FULL;
        }
        return switch (reason) {
            case TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED -> RENEW;
            default -> SUSPEND;
        };
    }

    /** Of work that was accepted and failed. */
    public static Verdict of(Failure.Kind kind) {
        return switch (kind) {
            case INPUT -> HOPELESS;
            case BUSY -> FULL;
            case PEER, TIMEOUT -> SUSPEND;
            case CANCELLED -> CANCELLED;
        };
    }

    /** Of a call that broke off. */
    public static Verdict of(Fault fault) {
        return switch (fault.consequence()) {
            case RETRY_HERE -> HERE;
            case RETRY_ELSEWHERE -> ELSEWHERE;
            case SUSPEND_PEER -> SUSPEND;
            case STOP_NODE -> HOPELESS;
        };
    }
}
