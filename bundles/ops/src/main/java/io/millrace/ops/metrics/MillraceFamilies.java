package io.millrace.ops.metrics;

import java.util.List;

/** What only this node counts. */
final class MillraceFamilies {

    final Counter segmentsSettled = new Counter(
            "millrace_segments_settled_total",
            "Segments of the gateway by what became of them: transcoded, untranscodable, no-session or dropped",
            "outcome");
    final Counter attemptsFailed = new Counter(
            "millrace_attempts_failed_total", "Attempts at an orchestrator that failed", "orchestrator_uri");
    final Counter misbehaved = new Counter(
            "millrace_bundle_failures_total", "Calls of a bundle that failed or did not return", "bundle", "port");
    final Counter suspended = new Counter(
            "millrace_orchestrators_suspended_total", "Times an orchestrator was left alone", "orchestrator_uri");
    final Counter sourceBytes = new Counter("millrace_source_bytes_total", "Bytes of source segments");
    final Counter renditionBytes = new Counter("millrace_rendition_bytes_total", "Bytes of renditions");
    final Counter sessionsStarted =
            new Counter("millrace_sessions_started_total", "Sessions that the orchestrator began");
    final Counter sessionsEnded = new Counter("millrace_sessions_ended_total", "Sessions that the orchestrator ended");
    final Counter jobsServed = new Counter(
            "millrace_jobs_served_total",
            "Jobs of the orchestrator by pipeline and by what became of them: done or failed",
            "pipeline",
            "outcome");
    final Counter jobsRefused =
            new Counter("millrace_jobs_refused_total", "Jobs that the orchestrator refused", "reason");
    final Histogram jobWait = new Histogram(
            "millrace_job_wait_seconds",
            "How long a job waited for its session's turn",
            new double[] {.01, .05, .1, .25, .5, 1, 2, 5, 10});

    List<Family<?>> all() {
        return List.of(
                segmentsSettled,
                attemptsFailed,
                suspended,
                misbehaved,
                sourceBytes,
                renditionBytes,
                sessionsStarted,
                sessionsEnded,
                jobsServed,
                jobsRefused,
                jobWait);
    }
}
