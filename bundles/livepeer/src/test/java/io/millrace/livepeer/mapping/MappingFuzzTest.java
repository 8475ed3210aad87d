package io.millrace.livepeer.mapping;

import io.millrace.livepeer.fuzz.Fuzz;
import io.millrace.livepeer.fuzz.ProtobufGrowth;
import io.millrace.livepeer.fuzz.TextGrowth;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.wire.OrchestratorInfo;
import io.millrace.livepeer.wire.OrchestratorRequest;
import io.millrace.livepeer.wire.Payment;
import io.millrace.livepeer.wire.SegData;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any message at all is either a value or malformed, never anything else. */
class MappingFuzzTest {

    private static final String SEGMENT = header("rtmp-profiles/004-POST_segment.json", "livepeer-segment");
    private static final String PAYMENT = header("errors/ticket_good_then_bad_sig.json", "livepeer-payment");

    @Test
    void segmentsAreReadOrRefused() throws Exception {
        Fuzz.run(
                new ProtobufGrowth(),
                Set.of(Malformed.class),
                bytes -> SegmentMapping.fromWire(WireHeader.parse(SegData.parser(), bytes)),
                WireHeader.decode(SEGMENT));
    }

    @Test
    void paymentsAreReadOrRefused() throws Exception {
        Fuzz.run(
                new ProtobufGrowth(),
                Set.of(Malformed.class),
                bytes -> PaymentMapping.fromWire(WireHeader.parse(Payment.parser(), bytes)),
                WireHeader.decode(PAYMENT));
    }

    @Test
    void offersAreReadOrRefused() {
        Fuzz.run(
                new ProtobufGrowth(),
                Set.of(Malformed.class),
                bytes -> OfferMapping.fromWire(WireHeader.parse(OrchestratorInfo.parser(), bytes)),
                Capture.grpc("push-presets/002-POST_net.Orchestrator_GetOrchestrator.resp.bin"));
    }

    @Test
    void callersAreReadOrRefused() {
        Fuzz.run(
                new ProtobufGrowth(),
                Set.of(Malformed.class),
                bytes -> {
                    OrchestratorRequest request = WireHeader.parse(OrchestratorRequest.parser(), bytes);
                    CallerMapping.fromWire(request);
                    CapabilitiesMapping.fromWire(request.getCapabilities());
                },
                Capture.grpc("push-presets/002-POST_net.Orchestrator_GetOrchestrator.req.bin"));
    }

    @Test
    void headersAreReadOrRefused() {
        Fuzz.run(
                new TextGrowth(),
                Set.of(Malformed.class),
                bytes -> WireHeader.decode(new String(bytes, StandardCharsets.UTF_8)),
                SEGMENT.getBytes(StandardCharsets.US_ASCII),
                PAYMENT.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void addressesAreReadOrRefused() {
        Fuzz.run(
                new TextGrowth(),
                Set.of(),
                bytes -> WebAddress.parse(new String(bytes, StandardCharsets.UTF_8))
                        .ifPresent(address -> WebAddress.below(address, "/segment")),
                "https://127.0.0.1:8935/stream/1/P240p30fps16x9/0.ts".getBytes(StandardCharsets.US_ASCII));
    }

    private static String header(String capture, String name) {
        return Capture.header(Capture.json(capture).getAsJsonObject("request"), name).orElseThrow();
    }
}
