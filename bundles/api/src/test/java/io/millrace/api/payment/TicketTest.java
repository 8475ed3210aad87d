package io.millrace.api.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** The vectors are those of go-livepeer's pm/ticket_test.go and eth/helpers_test.go. */
class TicketTest {

    private static final Bytes ZERO = Bytes.wrap(new byte[32]);
    private static final Bytes BLOCK = Bytes.hex("7624778dedc75f8b322b9fa1632a610d40b85e106c7d9bf0e743a9ce291b9c6f");
    private static final Bytes HASH = Bytes.hex("41b1a0649752af1b28b3dc29a1556eee781e4a4c3a1f7f53f90fa834de098c4d");
    private static final Address RECIPIENT = new Address(Bytes.hex("73AEd7b5dEb30222fa896f399d46cC99c7BEe57F"));

    @Test
    void theNonceIsHashed() {
        assertHash("e1393fc7f6de093780674022f96cb8e3872235167d037c04d554e58c0e63d280", of(4294967295L, params(0, 0)));
        assertHash("ce0918ba94518293e9712effbe5fca4f1f431089833a5b8c257cb1e024595f68", of(1, params(0, 0)));
    }

    @Test
    void faceValueAndWinningProbabilityAreHashed() {
        assertHash("87ef13f2d37e4d5352a01d3c77b8179d80e0887f1953bfabfd0bfd7b0f689ddd", of(0, params(1, 500)));
        assertHash("aa4b35071043587992ac8b9dd1b2cf1d8311130e6458cf0b2342484e21af5f5b", of(0, params(500, 1)));
    }

    @Test
    void recipientAndItsHashAreHashed() {
        assertHash(
                "81e353ae39046e2b77b9f996abbaeed527fda559b61ef90f299c4499dd508ccc",
                of(0, params(RECIPIENT, 0, 0, ZERO, 0, ZERO)));
        assertHash(
                "be5eaf9a49a39540b9bb02f1a21904f61324a29819e2c032824bfaa10c100b17",
                of(0, params(Address.NONE, 0, 0, HASH, 0, ZERO)));
    }

    @Test
    void theRoundIsHashedUnlessThereIsNone() {
        assertHash(
                "e502907c16036ab3d11b78c5a2e93c20f3d6415c67f91de4ed01348182b3b2e2",
                of(0, params(Address.NONE, 0, 0, ZERO, 10, HASH)));
        assertEquals("0".repeat(63) + "5" + BLOCK.hex(), auxData(5, BLOCK));
        assertEquals("0".repeat(63) + "5" + ZERO.hex(), auxData(5, ZERO));
        assertEquals("0".repeat(64) + BLOCK.hex(), auxData(0, BLOCK));
        assertEquals("", auxData(0, ZERO));
        assertEquals("", auxData(0, Bytes.EMPTY));
    }

    @Test
    void aTicketThatWasRedeemedOnTheMainNetworkIsTheSameHere() {
        TicketParams params = new TicketParams(
                new Address(Bytes.hex("a5E37e0BA14655e92DEff29F32adbc7D09b8a2cF")),
                new BigInteger("10000000000000000"),
                new BigInteger("11579208923731619542357098500868790785326998466564056403945759000000000000"),
                Bytes.hex("5309662eee5608da45aaefe60433adec052acab8683dd12d78aad8a0192b3bec"),
                BigInteger.ONE,
                BigInteger.ONE,
                1619,
                Bytes.hex("f3b1d2925fd1325a8a6ba8923fbe6de31dd93d9e85540eaf5a306f21177c3b8c"));
        Ticket ticket = new Ticket(new Address(Bytes.hex("3eE860A4abA830AF84EbBCE2b381fc11DB8493e2")), params, 14);
        Bytes signature = Bytes.hex("90cb8a9280386cc77e9f3473bb87530cf9a1dbe5625013a9ed16675ad7607c80"
                + "0bf4e32ee4cc6b9c785e1c786c9965831a8216c408b251f98d6c18bf1bf4d1621c");
        Bytes rand = Bytes.hex("46641fdc00b0da1c09807862f3a56fb300b94592be66ca46e1248a895eeaa2be");
        assertHash("d5104bbecf755deaa03acf83486f2414d749f5e9d98b9feb9a0ad3791413f7e4", ticket);
        assertEquals(params.recipientRandHash(), Keccak256.of(rand));
        assertEquals(
                new BigInteger("00048748a6c474056ae4994bbf827c769bfff306709b6a484140e4dfc8a93d65", 16),
                Ticket.draw(signature, rand));
        assertTrue(ticket.wins(signature, rand));
    }

    @Test
    void whatIsSignedIsTheSignedMessageDigest() {
        assertEquals(
                "e1ea39519569f796120097981d8cd0f07e7e52cd5d34bf27f6cc67930fec3a1a",
                Ticket.signedDigest(Bytes.hex("5bb8748f56bb14d1dd9556a54a0cd41f8ccac409ea84e4625b7771db27688860"))
                        .hex());
        assertEquals(
                "3022c5fcf6af82be2cfefc23b8a697e3dd400f3d968ce3313253dec15f60701d",
                Ticket.signedDigest(Bytes.hex("96d4bb50cb5c97d87c17accc9cb0f87df073a0738ee282cde4d276dbe7f8e5e5"))
                        .hex());
    }

    @Test
    void itsExpectedValueIsExact() {
        BigInteger half = Ticket.MAX_WIN_PROBABILITY.divide(BigInteger.TWO);
        Rational value = Ticket.expectedValue(params(BigInteger.valueOf(1000), half));
        assertTrue(value.compareTo(Rational.of(500, 1)) < 0);
        assertEquals(BigInteger.valueOf(500), value.ceiling());
        assertEquals(
                Rational.of(1000, 1), Ticket.expectedValue(params(BigInteger.valueOf(1000), Ticket.MAX_WIN_PROBABILITY)));
        assertEquals(Rational.ZERO, Ticket.expectedValue(params(BigInteger.valueOf(1000), BigInteger.ZERO)));
    }

    @Test
    void itWinsWhenItsDrawIsLessThanItsProbability() {
        Bytes signature = Bytes.wrap(new byte[65]);
        Bytes rand = Keccak256.of(Bytes.utf8("rand"));
        BigInteger draw = Ticket.draw(signature, rand);
        assertFalse(of(1, params(BigInteger.TEN, draw)).wins(signature, rand));
        assertTrue(of(1, params(BigInteger.TEN, draw.add(BigInteger.ONE))).wins(signature, rand));
    }

    @Test
    void numbersThatAreNotThoseOfATicketAreRefused() {
        BigInteger tooLarge = BigInteger.ONE.shiftLeft(256);
        assertThrows(IllegalArgumentException.class, of(0, params(tooLarge, BigInteger.ONE))::hash);
        assertThrows(IllegalArgumentException.class, of(0, params(BigInteger.ONE, tooLarge))::hash);
        assertThrows(IllegalArgumentException.class, of(0, params(BigInteger.ONE.negate(), BigInteger.ONE))::hash);
        assertThrows(IllegalArgumentException.class, of(-1, params(1, 1))::hash);
        assertThrows(
                IllegalArgumentException.class,
                of(0, params(RECIPIENT, 1, 1, Bytes.wrap(new byte[31]), 0, ZERO))::hash);
        assertThrows(IllegalArgumentException.class, of(0, params(RECIPIENT, 1, 1, ZERO, -1, ZERO))::hash);
        of(4294967295L, params(tooLarge.subtract(BigInteger.ONE), tooLarge.subtract(BigInteger.ONE))).hash();
    }

    private static void assertHash(String expected, Ticket ticket) {
        assertEquals(expected, ticket.hash().hex());
    }

    private static String auxData(long round, Bytes blockHash) {
        return of(0, params(Address.NONE, 0, 0, ZERO, round, blockHash)).auxData().hex();
    }

    private static Ticket of(long nonce, TicketParams params) {
        return new Ticket(Address.NONE, params, nonce);
    }

    private static TicketParams params(long faceValue, long winProbability) {
        return params(BigInteger.valueOf(faceValue), BigInteger.valueOf(winProbability));
    }

    private static TicketParams params(BigInteger faceValue, BigInteger winProbability) {
        return new TicketParams(
                Address.NONE, faceValue, winProbability, ZERO, BigInteger.ZERO, BigInteger.ZERO, 0, ZERO);
    }

    private static TicketParams params(
            Address recipient, long faceValue, long winProbability, Bytes randHash, long round, Bytes blockHash) {
        return new TicketParams(
                recipient,
                BigInteger.valueOf(faceValue),
                BigInteger.valueOf(winProbability),
                randHash,
                BigInteger.ZERO,
                BigInteger.ZERO,
                round,
                blockHash);
    }
}
