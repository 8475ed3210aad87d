package io.millrace.ops.metrics;

import static io.millrace.ops.Samples.FAR;
import static io.millrace.ops.Samples.NEAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.SessionId;
import io.millrace.api.value.Wei;
import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.ops.Samples;
import io.millrace.ops.status.Memory;
import io.millrace.testkit.SampleEvents.AttemptFailed;
import io.millrace.testkit.SampleEvents.JobRefused;
import io.millrace.testkit.SampleEvents.JobServed;
import io.millrace.testkit.SampleEvents.PaymentReceived;
import io.millrace.testkit.SampleEvents.PaymentStaged;
import io.millrace.testkit.SampleEvents.PriceQuoted;
import io.millrace.testkit.SampleEvents.StreamEnded;
import io.millrace.testkit.SampleEvents.StreamStarted;
import io.millrace.testkit.SampleEvents.TicketRedeemed;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScrapeTest {

    private static final String PROFILES = "P360p30fps16x9,P720p30fps16x9";

    private final FakeNode node = new FakeNode();
    private final NodeMeters meters = new NodeMeters();

    @Test
    void nodesOfOneHostHaveANumberOfTheirOwnThatTheyKeep() {
        String one = MetricsServlet.nodeId("host", "/var/lib/one");
        assertTrue(one.matches("host-[0-9a-f]{8}"), one);
        assertEquals(one, MetricsServlet.nodeId("host", "/var/lib/one"));
        assertNotEquals(one, MetricsServlet.nodeId("host", "/var/lib/two"));
        assertEquals("host", MetricsServlet.nodeId("host", ""));
    }

    @Test
    void theVersionsAreOfANode() {
        String versions = new Scrape(node, meters, () -> 12, Map::of, "host").text().lines()
                .filter(line -> line.startsWith("livepeer_versions{"))
                .findFirst()
                .orElseThrow();
        assertTrue(versions.contains("node_id=\"host\",node_type="), versions);
    }

    @Test
    void budgetsAreThereInBytesByResource() {
        node.budgets = List.of(new Memory("heap", 7, 100), new Memory("native", 0, 200));
        PrometheusText text = scrape();
        assertEquals(7, text.value("millrace_budget_bytes", "resource", "heap"));
        assertEquals(200, text.value("millrace_budget_limit_bytes", "resource", "native"));
    }

    @Test
    void theNamesAndLabelsAreThoseOfTheNetwork() {
        meters.happened(Samples.started("abc"));
        meters.happened(Samples.selected("abc", 0, NEAR, "nearest"));
        meters.happened(Samples.transcoded("abc", 0, NEAR));
        meters.happened(Samples.settled("abc", 1, "transcoded", "", Optional.of(FAR), 3));
        meters.happened(Samples.missing("abc", 2, "no-session", "nobody"));
        PrometheusText text = scrape();
        assertEquals(1, text.value("livepeer_stream_created_total"));
        assertEquals(1, text.value("livepeer_stream_started_total"));
        assertEquals(3, text.value("livepeer_segment_source_appeared_total", "profile", "source", "seg_type", "regular"));
        assertEquals(3, text.value("livepeer_segment_source_emerged_total"));
        assertEquals(1, text.value("livepeer_segment_source_uploaded_total", "orchestrator_uri", FAR.toString()));
        assertEquals(2, text.value("livepeer_segment_transcoded_downloaded_total"), "one a segment, not one a rendition");
        assertEquals(
                2,
                text.value(
                        "livepeer_segment_transcoded_total",
                        "profiles", PROFILES, "trusted", "trusted", "verified", "unverified"));
        assertEquals(
                1,
                text.value(
                        "livepeer_segment_transcoded_all_appeared_total",
                        "profiles", PROFILES,
                        "orchestrator_uri", NEAR.toString(),
                        "orchestrator_address", "0x0000000000000000000000000000000000000000",
                        "orchestrator_version", "0.9.1"));
        assertEquals(1, text.value("livepeer_segment_transcode_failed_total", "error_code", "NoOrchestrators"));
        assertEquals(1, text.value("livepeer_transcode_retried", "try", "2"));
        assertEquals(1, text.value("livepeer_transcode_retried", "try", "3"));
        assertEquals(1, text.value("livepeer_orchestrator_swaps"));
        assertEquals(2.0 / 3, text.value("livepeer_success_rate"), 1e-9);
        assertEquals("counter", text.types.get("livepeer_orchestrator_swaps"));
        assertEquals("gauge", text.types.get("livepeer_current_sessions_total"));
    }

    @Test
    void histogramsCountUpwards() {
        meters.happened(Samples.transcoded("abc", 0, NEAR));
        PrometheusText text = scrape();
        String[] labels = {"profiles", PROFILES, "trusted", "trusted", "verified", "unverified"};
        assertEquals(0, text.value("livepeer_transcode_time_seconds_bucket", with(labels, "0.75")));
        assertEquals(1, text.value("livepeer_transcode_time_seconds_bucket", with(labels, "1")));
        assertEquals(1, text.value("livepeer_transcode_time_seconds_bucket", with(labels, "+Inf")));
        assertEquals(1, text.value("livepeer_transcode_time_seconds_count", labels));
        assertEquals(0.82, text.value("livepeer_transcode_time_seconds_sum", labels), 1e-9);
    }

    @Test
    void moneyIsCountedInGwei() {
        Address peer = new Address(Bytes.hex("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"));
        meters.happened(new PaymentStaged(peer, 2, Rational.of(3_000_000_000L, 2), Optional.empty()));
        meters.happened(new PaymentStaged(peer, 0, Rational.ZERO, Optional.of("no sender reserve")));
        meters.happened(new PaymentReceived(peer, 3, Rational.of(5_000_000_000L, 1), 1, Optional.empty()));
        meters.happened(new PaymentReceived(peer, 1, Rational.ZERO, 0, Optional.of("PAYMENT_NONCE")));
        meters.happened(new TicketRedeemed(peer, Wei.of(7_000_000_000L), Optional.empty()));
        meters.happened(new TicketRedeemed(peer, Wei.ZERO, Optional.of("sender is unlocked")));
        PrometheusText text = scrape();
        String sender = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
        assertEquals(1.5, text.value("livepeer_ticket_value_sent"));
        assertEquals(2, text.value("livepeer_tickets_sent"));
        assertEquals(1, text.value("livepeer_payment_create_errors"));
        assertEquals(5, text.value("livepeer_ticket_value_recv", "sender", sender));
        assertEquals(4, text.value("livepeer_tickets_recv", "sender", sender));
        assertEquals(1, text.value("livepeer_winning_tickets_recv", "sender", sender));
        assertEquals(
                1,
                text.value("livepeer_payment_recv_errors", "error_code", "PAYMENT_NONCE", "sender", sender));
        assertEquals(7, text.value("livepeer_value_redeemed", "sender", sender));
        assertEquals(1, text.value("livepeer_ticket_redemption_errors"));
    }

    @Test
    void pricesAreInWeiForAUnit() {
        Address peer = new Address(Bytes.hex("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"));
        meters.happened(new PriceQuoted(peer, Price.of(7, 2)));
        meters.happened(new PriceQuoted(peer, Price.of(937_500_003, 100)));
        node.maxPrices = List.of(
                new ConfiguredPrice(Address.NONE, OptionalInt.empty(), "", "20/3", Optional.of(Rational.of(20, 4))),
                new ConfiguredPrice(Address.NONE, OptionalInt.of(27), "a/model", "7", Optional.of(Rational.of(7, 1))),
                new ConfiguredPrice(Address.NONE, OptionalInt.of(27), "", "1USD", Optional.empty()));
        PrometheusText text = scrape();
        assertEquals(9_375_000.03, text.value(
                "livepeer_transcoding_price", "sender", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"));
        assertEquals(5, text.value("livepeer_transcoding_price", "sender", "max"));
        assertEquals(7, text.value(
                "livepeer_price_per_capability", "pipeline", "text-to-image", "model_name", "a/model"));
    }

    @Test
    void anOrchestratorCountsItsJobs() {
        node.role = "orchestrator";
        node.sessions = List.of(new SessionStatus("s1", Instant.EPOCH, 2, 3));
        node.maxSessions = 10;
        meters.happened(Samples.served("s1", 0, Optional.empty()));
        meters.happened(Samples.served("s1", 1, Optional.of("Invalid data")));
        meters.happened(new JobRefused("CAPPED", "OrchestratorCapped"));
        String text = new Scrape(node, meters, () -> 12, () -> Map.of("ACTIVE", 17), "host").text();
        assertTrue(text.contains("livepeer_current_sessions_total{node_id=\"host\",node_type=\"orch\"} 1\n"), text);
        assertTrue(text.contains("livepeer_max_sessions_total{node_id=\"host\",node_type=\"orch\"} 10\n"), text);
        assertTrue(text.contains("livepeer_mil_pixels_processed{node_id=\"host\",node_type=\"orch\"} 55.296\n"), text);
        assertTrue(text.contains("error_code=\"Transcode\"} 1\n"), text);
        assertTrue(
                text.contains("livepeer_segment_transcoded_total{node_id=\"host\",node_type=\"orch\",profiles=\"" + PROFILES
                        + "\",trusted=\"trusted\",verified=\"verified\"} 1\n"),
                text);
        assertTrue(text.contains("livepeer_segment_transcoded_downloaded_total{node_id=\"host\",node_type=\"orch\"} 2\n"), text);
        assertTrue(text.contains("millrace_jobs_refused_total{node_id=\"host\",node_type=\"orch\",reason=\"CAPPED\"} 1\n"), text);
        assertTrue(text.contains("millrace_jobs_queued{node_id=\"host\",node_type=\"orch\"} 3\n"), text);
        new PrometheusText(text);
    }

    @Test
    void aJobThatIsNoSegmentCountsAsAJobOnly() {
        meters.happened(new JobServed(
                new SessionId("s"), "loudness", 0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), 5, Optional.empty()));
        PrometheusText text = scrape();
        assertEquals(1, text.value("millrace_jobs_served_total", "pipeline", "loudness", "outcome", "done"));
        assertEquals(0, text.value("livepeer_segment_source_emerged_unprocessed_total"));
        assertEquals(List.of(), text.samples.keySet().stream()
                .filter(name -> name.startsWith("livepeer_segment_transcoded_total"))
                .toList());
    }

    @Test
    void failuresHaveTheCodesOfTheNetwork() {
        ManifestId abc = new ManifestId("abc");
        meters.happened(new AttemptFailed(abc, 0, NEAR, "OrchestratorBusy"));
        meters.happened(new AttemptFailed(abc, 0, NEAR, "OrchestratorCapped"));
        meters.happened(new AttemptFailed(abc, 0, NEAR, "the download broke off"));
        meters.happened(Samples.settled("abc", 0, "untranscodable", "gave up", Optional.empty(), 3));
        meters.happened(Samples.missing("abc", 1, "dropped", "too many"));
        PrometheusText text = scrape();
        for (String code : List.of("OrchestratorBusy", "OrchestratorCapped", "Download", "MaxAttempts")) {
            assertEquals(1, text.value("livepeer_segment_transcode_failed_total", "error_code", code));
        }
        assertEquals(1, text.value("millrace_segments_settled_total", "outcome", "dropped"));
    }

    @Test
    void aStreamThatEndedNoLongerCountsForTheSuccessRate() {
        meters.happened(Samples.missing("bad", 0, "dropped", "too many"));
        meters.happened(Samples.transcoded("good", 0, NEAR));
        assertEquals(0.5, scrape().value("livepeer_success_rate"));
        meters.happened(new StreamEnded(new ManifestId("bad"), 1, 1));
        assertEquals(1, scrape().value("livepeer_success_rate"));
    }

    @Test
    void theClientsViewIsCountedForHttpPushOnly() {
        meters.happened(new StreamStarted(new ManifestId("push"), "http", Samples.LADDER, false));
        meters.happened(Samples.started("rtmp"));
        meters.happened(Samples.transcoded("push", 0, NEAR));
        meters.happened(Samples.transcoded("rtmp", 0, NEAR));
        PrometheusText text = scrape();
        assertEquals(1, text.value("livepeer_http_client_segment_transcoded_realtime_2x"));
        assertEquals(1, text.value("livepeer_http_client_segment_transcoded_realtime_ratio_count"));
    }

    @Test
    void gaugesShowHowThingsAreNow() {
        node.streams = List.of(new StreamStatus(
                new ManifestId("abc"), "rtmp", Instant.EPOCH, Samples.LADDER, 9, 0, 2, Optional.of(NEAR)));
        PrometheusText text = scrape();
        assertEquals(1, text.value("livepeer_current_sessions_total"));
        assertEquals(12, text.value("livepeer_max_sessions_total"), "a gateway's streams have a limit too");
        assertEquals(2, text.value("millrace_segments_in_flight"));
        assertEquals(1, text.value("millrace_ready"));
        assertEquals(17, text.value("millrace_bundles", "state", "ACTIVE"));
        assertTrue(text.value("jvm_memory_used_bytes", "area", "heap") > 0);
        node.kernel = false;
        node.obstacles = List.of("gone");
        PrometheusText later = scrape();
        assertEquals(0, later.value("millrace_ready"));
        assertFalse(later.types.containsKey("livepeer_current_sessions_total"));
    }

    @Test
    void aStrangersNamesAreEscapedAndBounded() {
        for (int i = 0; i < Family.SERIES * 3; i++) {
            meters.happened(new JobRefused("x\"\\\n{}" + i, ""));
        }
        meters.happened(new JobRefused("y".repeat(10_000), ""));
        PrometheusText text = scrape();
        long series = text.samples.keySet().stream().filter(key -> key.startsWith("millrace_jobs_refused_total")).count();
        assertEquals(Family.SERIES + 1, series);
        assertEquals(Family.SERIES * 2 + 1, text.value("millrace_jobs_refused_total", "reason", Family.REST));
        assertEquals(1, text.value("millrace_jobs_refused_total", "reason", "x\"\\\n{}0"));
    }

    @Test
    void thePageHasTheFormatsOwnType() throws Exception {
        NodeMeters component = new NodeMeters();
        component.happened(Samples.started("abc"));
        try (AdminServer server = new AdminServer(0, Map.of("/metrics", new MetricsServlet(node, component, () -> 12, Map::of)))) {
            var answer = server.get("/metrics");
            assertEquals(200, answer.statusCode());
            assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/plain"));
            assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().contains("version=0.0.4"));
            assertTrue(new PrometheusText(answer.body()).types.containsKey("livepeer_versions"));
        }
    }

    private PrometheusText scrape() {
        return new PrometheusText(new Scrape(node, meters, () -> 12, () -> Map.of("ACTIVE", 17), "host").text());
    }

    private static String[] with(String[] labels, String bound) {
        return Stream.concat(
                        Arrays.stream(labels), Stream.of("le", bound))
                .toArray(String[]::new);
    }
}
