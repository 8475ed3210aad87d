package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.wire.OrchestratorInfo;
import io.millrace.livepeer.wire.Payment;
import io.millrace.livepeer.wire.SegData;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any bytes at all are either a value or malformed, never anything else. The seeds are fixed. */
class HostileMessagesTest {

    private static final int RUNS = 20_000;

    /** Reads bytes in some way. */
    private interface Reading {

        void read(byte[] bytes) throws Malformed;
    }

    @Test
    void segmentsAreReadOrRefused() throws Exception {
        byte[] good = WireHeader.decode(Capture.header(
                        Capture.json("rtmp-profiles/004-POST_segment.json").getAsJsonObject("request"),
                        "livepeer-segment")
                .orElseThrow());
        withstands(good, bytes -> SegmentMapping.fromWire(WireHeader.parse(SegData.parser(), bytes)));
    }

    @Test
    void paymentsAreReadOrRefused() throws Exception {
        byte[] good = WireHeader.decode(Capture.header(
                        Capture.json("errors/ticket_good_then_bad_sig.json").getAsJsonObject("request"),
                        "livepeer-payment")
                .orElseThrow());
        withstands(good, bytes -> PaymentMapping.fromWire(WireHeader.parse(Payment.parser(), bytes)));
    }

    @Test
    void offersAreReadOrRefused() throws Exception {
        withstands(
                Capture.grpc("push-presets/002-POST_net.Orchestrator_GetOrchestrator.resp.bin"),
                bytes -> OfferMapping.fromWire(WireHeader.parse(OrchestratorInfo.parser(), bytes)));
    }

    private static void withstands(byte[] good, Reading reading) {
        Random random = new Random(20);
        for (int run = 0; run < RUNS; run++) {
            byte[] bytes = damaged(good, random);
            try {
                reading.read(bytes);
            } catch (Malformed e) {
                continue;
            } catch (RuntimeException e) {
                fail("run " + run + " ended with " + e, e);
            }
        }
    }

    private static byte[] damaged(byte[] good, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
            case 1 -> {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                yield bytes;
            }
            default -> {
                byte[] bytes = good.clone();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                yield bytes;
            }
        };
    }
}
