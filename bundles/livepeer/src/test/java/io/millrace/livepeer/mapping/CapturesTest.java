package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.wire.EndTranscodingSessionRequest;
import io.millrace.livepeer.wire.OrchestratorInfo;
import io.millrace.livepeer.wire.OrchestratorRequest;
import io.millrace.livepeer.wire.SegData;
import io.millrace.livepeer.wire.TranscodeResult;
import io.millrace.livepeer.wire.TranscodedSegmentData;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real nodes sent means a value here, and that value written is the same message again. */
class CapturesTest {

    static Stream<String> offers() {
        return captures("GetOrchestrator.resp.bin");
    }

    static Stream<String> requests() {
        return captures("GetOrchestrator.req.bin");
    }

    static Stream<String> results() {
        return captures("segment.resp.bin");
    }

    static Stream<String> segments() {
        return captures("segment.json");
    }

    @ParameterizedTest
    @MethodSource("offers")
    void anOfferSurvives(String name) throws Exception {
        OrchestratorInfo message = OrchestratorInfo.parseFrom(Capture.grpc(name));
        Offer offer = OfferMapping.fromWire(message);
        assertEquals(message, OfferMapping.toWire(offer));
        assertEquals("https://127.0.0.1:8936", offer.endpoint().toString());
        assertEquals("0.9.1", offer.capabilities().version());
        assertEquals("0.9.1", offer.capabilities().minVersion());
        assertEquals(32, offer.token().token().size());
        assertEquals(8, offer.token().session().value().length());
        assertEquals(Address.NONE, offer.address());
        assertTrue(Capabilities.of(0, 1, 12, 26).compatibleWith(offer.capabilities()));
        assertEquals(Optional.empty(), offer.price());
        assertEquals(Optional.empty(), offer.ticketParams());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestForAnOfferSurvives(String name) throws Exception {
        OrchestratorRequest message = OrchestratorRequest.parseFrom(Capture.grpc(name));
        assertEquals(message, CallerMapping.toWire(CallerMapping.spec(message), CallerMapping.fromWire(message)));
    }

    @ParameterizedTest
    @MethodSource("segments")
    void aSegmentSurvives(String name) throws Exception {
        JsonObject request = Capture.json(name).getAsJsonObject("request");
        SegData message = WireHeader.parse(
                SegData.parser(), WireHeader.decode(Capture.header(request, "livepeer-segment").orElseThrow()));
        SegmentRequest segment = SegmentMapping.fromWire(message);
        assertEquals(
                message,
                SegmentMapping.toWire(
                        segment.payload(), segment.spec(), segment.token(), segment.hash(), digest -> Bytes.EMPTY));
        assertEquals("", Capture.header(request, "livepeer-payment").orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("results")
    void aResultSurvives(String name) throws Exception {
        TranscodeResult message = TranscodeResult.parseFrom(Capture.bytes(name));
        Completion completion = Completion.Done.of(
                        message.getData().getSegmentsList().stream().<Output>map(Recorded::new).toList())
                .withSignature(FixedBytes.any(message.getData().getSig()))
                .withNext(Optional.of(OfferMapping.fromWire(message.getInfo())));
        assertEquals(message, ResultMapping.toWire(message.getSeq(), completion, Output::location));
    }

    @Test
    void theEndOfASessionNamesItsToken() throws Exception {
        var message = EndTranscodingSessionRequest.parseFrom(
                Capture.grpc("rtmp-profiles/024-POST_net.Orchestrator_EndTranscodingSession.req.bin"));
        assertEquals(message.getAuthToken(), TokenMapping.toWire(TokenMapping.fromWire(message.getAuthToken())));
    }

    @Test
    void profilesOfARealGatewayAreReadFromTheFieldItChose() throws Exception {
        assertEquals(
                List.of("P240p30fps16x9", "P360p30fps16x9"),
                names(segment("push-presets/003-POST_segment.json")));
        SegmentRequest segment = segment("rtmp-profiles/004-POST_segment.json");
        assertEquals(List.of("720p", "480p", "360p"), names(segment));
        assertEquals(2000, segment.payload().profiles().getFirst().gop());
        assertEquals(
                EncoderProfile.H264_CONSTRAINED_HIGH,
                segment.payload().profiles().getFirst().encoderProfile());
    }

    static Stream<String> payments() {
        return Capture.list("errors", ".json").stream()
                .filter(name -> name.contains("/ticket_") && !name.contains("_601_") && !name.contains("_600_") && !name.contains("price_0"));
    }

    @ParameterizedTest
    @MethodSource("payments")
    void aPaymentSurvives(String name) throws Exception {
        var header = Capture.header(Capture.json(name).getAsJsonObject("request"), "livepeer-payment").orElseThrow();
        var message = WireHeader.parse(io.millrace.livepeer.wire.Payment.parser(), WireHeader.decode(header));
        Payment payment = PaymentMapping.fromWire(message);
        assertEquals(payment, PaymentMapping.fromWire(PaymentMapping.toWire(payment)));
        if (!name.contains("leading_zero") && !name.contains("empty_recipient")) {
            assertEquals(message, PaymentMapping.toWire(payment));
        }
    }

    private static SegmentRequest segment(String name) throws Malformed {
        JsonObject request = Capture.json(name).getAsJsonObject("request");
        return SegmentMapping.fromWire(WireHeader.parse(
                SegData.parser(), WireHeader.decode(Capture.header(request, "livepeer-segment").orElseThrow())));
    }

    private static List<String> names(SegmentRequest segment) {
        return segment.payload().profiles().stream().map(profile -> profile.name()).toList();
    }

    private static Stream<String> captures(String suffix) {
        return Stream.of("push-presets", "rtmp-profiles").flatMap(folder -> Capture.list(folder, suffix).stream());
    }

    private record Recorded(TranscodedSegmentData message) implements Output {

        @Override
        public String name() {
            return "";
        }

        @Override
        public String location() {
            return message.getUrl();
        }

        @Override
        public long units() {
            return message.getPixels();
        }

        @Override
        public Bytes fetch(Deadline deadline) {
            throw new AssertionError("nobody fetches here");
        }
    }
}
