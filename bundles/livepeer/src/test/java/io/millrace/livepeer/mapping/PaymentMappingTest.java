package io.millrace.livepeer.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaymentMappingTest {

    private static final String HEADER =
            "CokBChSl434LoUZV6S3v8p8yrbx9CbiizxIHI4byb8EAABoeDWv5TV5XpCvD0ykHYEaRtMjKCM0uG5w9uMlQw7AAIiABCK3ieGEjRqdBPD"
                    + "vafQkTAGIu/GfrxS584U0lUOYKIiogEREREREREREREREREREREREREREREREREREREREREREyBAExLQASFJYhaEnEk1ixAlfLVbKOpg"
                    + "PIdLBeGiUIrBsSIEGxoGSXUq8bKLPcKaFVbu54HkpMOh9/U/kPqDTeCYxNIkUIARJBqKJOdzNgb9oU4Y6ztZBhNEfpRN6KR3qQIq6oc6"
                    + "DO+WkyRKQtD2SpnRPNrm0OF216sRTHlj72L8yGwpUaBa9UYhsqBQiwCRAB";
    private static final Payment PAYMENT = new Payment(
            new Address(Bytes.hex("96216849c49358B10257cb55b28eA603c874b05E")),
            Optional.of(new TicketParams(
                    new Address(Bytes.hex("a5E37e0BA14655e92DEff29F32adbc7D09b8a2cF")),
                    BigInteger.TEN.pow(16),
                    new BigInteger("92633671389852956338856788006950326282615987732512451231566072000000000"),
                    Bytes.hex("0108ade278612346a7413c3bda7d091300622efc67ebc52e7ce14d2550e60a22"),
                    new BigInteger("11".repeat(32), 16),
                    BigInteger.valueOf(20_000_000),
                    3500,
                    Bytes.hex("41b1a0649752af1b28b3dc29a1556eee781e4a4c3a1f7f53f90fa834de098c4d"))),
            List.of(new Payment.Ticket(
                    1,
                    Bytes.hex("a8a24e7733606fda14e18eb3b590613447e944de8a477a9022aea873a0cef969"
                            + "3244a42d0f64a99d13cdae6d0e176d7ab114c7963ef62fcc86c2951a05af54621b"))),
            Optional.of(Price.of(1200, 1)));

    @Test
    void aKnownHeaderIsReadCompletely() throws Exception {
        assertEquals(PAYMENT, read(HEADER));
    }

    @Test
    void aKnownHeaderIsWrittenByteForByte() {
        assertEquals(HEADER, WireHeader.encode(PaymentMapping.toWire(PAYMENT)));
    }

    @Test
    void nothingIsReadFromNothing() throws Exception {
        assertEquals(Payment.NONE, read(""));
    }

    @Test
    void ticketsWithoutTheMomentOfTheirTermsAreRefused() {
        var message = PaymentMapping.toWire(PAYMENT).toBuilder().clearExpirationParams().build();
        assertEquals(
                "missing ticket expiration params",
                assertThrows(Malformed.class, () -> PaymentMapping.fromWire(message)).getMessage());
    }

    @Test
    void ticketsWithoutTermsAreRefused() {
        var message = PaymentMapping.toWire(PAYMENT).toBuilder().clearTicketParams().build();
        assertEquals(
                "missing ticket params",
                assertThrows(Malformed.class, () -> PaymentMapping.fromWire(message)).getMessage());
    }

    @Test
    void aPriceForNoPixelsIsRefused() {
        var message = PaymentMapping.toWire(PAYMENT).toBuilder();
        message.getExpectedPriceBuilder().setPixelsPerUnit(0);
        assertEquals(
                "invalid expected price sent with payment err=\"pixels per unit is 0\"",
                assertThrows(Malformed.class, () -> PaymentMapping.fromWire(message.build())).getMessage());
    }

    @Test
    void termsInAPaymentCarryTheirMomentBesideThem() {
        assertFalse(PaymentMapping.toWire(PAYMENT).getTicketParams().hasExpirationParams());
    }

    @Test
    void anIntegerOfMoreThan256BitsIsRefusedAndLeadingZerosAreNot() throws Exception {
        var message = PaymentMapping.toWire(PAYMENT).toBuilder();
        message.getTicketParamsBuilder().setFaceValue(ByteString.copyFrom(new byte[40]));
        assertEquals(BigInteger.ZERO, PaymentMapping.fromWire(message.build()).params().orElseThrow().faceValue());
        byte[] oversized = new byte[33];
        oversized[0] = 1;
        message.getTicketParamsBuilder().setFaceValue(ByteString.copyFrom(oversized));
        assertThrows(Malformed.class, () -> PaymentMapping.fromWire(message.build()));
    }

    @Test
    void aNonceAboveTheSignedRangeSurvives() throws Exception {
        Payment payment = new Payment(
                PAYMENT.sender(),
                PAYMENT.params(),
                List.of(new Payment.Ticket(4_294_967_295L, Bytes.EMPTY)),
                Optional.empty());
        assertEquals(payment, PaymentMapping.fromWire(PaymentMapping.toWire(payment)));
    }

    @Test
    void aPriceThatDoesNotFitKeepsItsValue() {
        Price big = new Price(BigInteger.TEN.pow(30), BigInteger.TEN.pow(30).shiftLeft(1));
        var message = PriceMapping.toWire(big);
        assertEquals(1, message.getPricePerUnit());
        assertEquals(2, message.getPixelsPerUnit());
        var huge = PriceMapping.toWire(new Price(BigInteger.TEN.pow(30), BigInteger.valueOf(7)));
        assertEquals(1, huge.getPixelsPerUnit());
        assertEquals(63, Long.SIZE - Long.numberOfLeadingZeros(huge.getPricePerUnit()));
    }

    private static Payment read(String header) throws Malformed {
        return PaymentMapping.fromWire(
                WireHeader.parse(io.millrace.livepeer.wire.Payment.parser(), WireHeader.decode(header)));
    }
}
