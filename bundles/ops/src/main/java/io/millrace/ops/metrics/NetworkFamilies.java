package io.millrace.ops.metrics;

import java.util.List;

/** What other nodes of the network count too: their names, labels and bounds. */
final class NetworkFamilies {

    private static final String[] ORCHESTRATOR = {
        "profiles", "orchestrator_uri", "orchestrator_address", "orchestrator_version"
    };
    private static final String SENDER = "sender";
    private static final String[] TRUST = {"profiles", "trusted", "verified"};

    final Counter streamCreated = new Counter("livepeer_stream_created_total", "StreamCreated");
    final Counter streamStarted = new Counter("livepeer_stream_started_total", "StreamStarted");
    final Counter streamEnded = new Counter("livepeer_stream_ended_total", "StreamEnded");
    final Counter sourceAppeared =
            new Counter("livepeer_segment_source_appeared_total", "SegmentSourceAppeared", "profile", "seg_type");
    final Counter sourceEmerged = new Counter("livepeer_segment_source_emerged_total", "SegmentEmerged");
    final Counter sourceEmergedUnprocessed = new Counter(
            "livepeer_segment_source_emerged_unprocessed_total", "SegmentEmerged, each segment once");
    final Counter uploaded = new Counter(
            "livepeer_segment_source_uploaded_total",
            "SegmentUploaded, to the orchestrator that made the renditions",
            "orchestrator_uri");
    final Counter downloaded = new Counter("livepeer_segment_transcoded_downloaded_total", "SegmentDownloaded");
    final Counter transcoded = new Counter("livepeer_segment_transcoded_total", "SegmentTranscoded", TRUST);
    final Counter transcodedUnprocessed = new Counter(
            "livepeer_segment_transcoded_unprocessed_total", "SegmentTranscodedUnprocessed", ORCHESTRATOR);
    final Counter allAppeared = new Counter(
            "livepeer_segment_transcoded_all_appeared_total", "SegmentTranscodedAllAppeared", ORCHESTRATOR);
    final Counter transcodeFailed =
            new Counter("livepeer_segment_transcode_failed_total", "SegmentTranscodeFailed", "error_code");
    final Counter transcodeRetried =
            new Counter("livepeer_transcode_retried", "Number of times segment transcode was retried", "try");
    final Counter orchestratorSwaps =
            new Counter("livepeer_orchestrator_swaps", "Number of orchestrator swaps mid-stream");
    final Counter milPixels = new Counter("livepeer_mil_pixels_processed", "MilPixelsProcessed");

    final Counter ticketValueSent = new Counter("livepeer_ticket_value_sent", "TicketValueSent, gwei");
    final Counter ticketsSent = new Counter("livepeer_tickets_sent", "TicketsSent");
    final Counter paymentCreateErrors = new Counter("livepeer_payment_create_errors", "PaymentCreateError");
    final Counter ticketValueReceived =
            new Counter("livepeer_ticket_value_recv", "TicketValueRecv, gwei", SENDER);
    final Counter ticketsReceived = new Counter("livepeer_tickets_recv", "TicketsRecv", SENDER);
    final Counter winningTickets = new Counter("livepeer_winning_tickets_recv", "WinningTicketsRecv", SENDER);
    final Counter paymentReceiveErrors =
            new Counter("livepeer_payment_recv_errors", "PaymentRecvErr", "error_code", SENDER);
    final Counter valueRedeemed = new Counter("livepeer_value_redeemed", "ValueRedeemed, gwei", SENDER);
    final Counter redemptionErrors = new Counter("livepeer_ticket_redemption_errors", "TicketRedemptionError");

    final Counter realtime3x = realtime("3x", "more than 3 times faster than real time");
    final Counter realtime2x = realtime("2x", "more than 2 times faster than real time");
    final Counter realtime1x = realtime("1x", "faster than real time");
    final Counter realtimeHalf = realtime("half", "at most 2 times slower than real time");
    final Counter realtimeSlow = realtime("slow", "more than 2 times slower than real time");
    final Histogram realtimeRatio = new Histogram(
            "livepeer_http_client_segment_transcoded_realtime_ratio",
            "Duration of a segment by the time until its client had the renditions",
            new double[] {0.5, 1, 2, 3, 5, 10, 50, 100});

    final Histogram sourceDuration = new Histogram(
            "livepeer_source_segment_duration_seconds",
            "Source segment's duration",
            new double[] {.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 10, 15, 20});
    final Histogram transcodeTime = new Histogram(
            "livepeer_transcode_time_seconds",
            "Transcoding time",
            new double[] {.25, .5, .75, 1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 10},
            TRUST);
    final Histogram overallLatency = new Histogram(
            "livepeer_transcode_overall_latency_seconds",
            "Transcoding latency, from source segment emerged from segmenter till all transcoded segments appeared",
            new double[] {.5, .75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 10},
            ORCHESTRATOR);
    final Histogram transcodeScore = new Histogram(
            "livepeer_transcode_score",
            "Ratio of source segment duration vs. transcode time",
            new double[] {.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 10, 15, 20, 40},
            TRUST);

    List<Family<?>> all() {
        return List.of(
                ticketValueSent,
                ticketsSent,
                paymentCreateErrors,
                ticketValueReceived,
                ticketsReceived,
                winningTickets,
                paymentReceiveErrors,
                valueRedeemed,
                redemptionErrors,
                streamCreated,
                streamStarted,
                streamEnded,
                sourceAppeared,
                sourceEmerged,
                sourceEmergedUnprocessed,
                sourceDuration,
                uploaded,
                downloaded,
                transcoded,
                transcodedUnprocessed,
                allAppeared,
                transcodeFailed,
                transcodeRetried,
                transcodeTime,
                transcodeScore,
                overallLatency,
                orchestratorSwaps,
                milPixels,
                realtimeRatio,
                realtime3x,
                realtime2x,
                realtime1x,
                realtimeHalf,
                realtimeSlow);
    }

    private static Counter realtime(String step, String what) {
        return new Counter("livepeer_http_client_segment_transcoded_realtime_" + step, "Number of segments transcoded " + what);
    }
}
