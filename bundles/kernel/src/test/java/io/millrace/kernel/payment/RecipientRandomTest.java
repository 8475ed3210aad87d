package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The whole way from a secret to the draw, with vectors whose ticket hashes the contract confirms. */
class RecipientRandomTest {

    private static final Address SENDER = new Address(Bytes.hex("90f79bf6eb2c4f870365e785982e1f101e93b906"));
    private static final Address RECIPIENT = new Address(Bytes.hex("70997970c51812dc3a010c7d01b50e0d17dc79c8"));
    private static final RecipientRandom RANDOM = new RecipientRandom(Bytes.hex("03" + "00".repeat(31)));

    @Test
    void theFirstVector() {
        TicketParams params = params(
                "1122334455667788990011223344556677889900112233445566778899001122",
                "100000000",
                "5789604461865809771178549250434395392663499233282028201972879200395660",
                41,
                1,
                "ab".repeat(32),
                "3fe19ef867b7dc10e2daa0677b12fb8330dd5f3e192711d255e530020b98b984");
        assertVector(
                params,
                Price.of(1, 1),
                1,
                "24c106d5624353d6eb2d4c9de20b03cbb7d42aa3f4b207f47be6b8498f38e379",
                "5bb8748f56bb14d1dd9556a54a0cd41f8ccac409ea84e4625b7771db27688860",
                "049ee21d69d239baac7673379ac951e6a817e1a31b3efb70c81e1a573066ad45"
                        + "3122d6786582b1e7ff84ae4ef0cc7f20e81bfeaa9679c04750532f4e1de05a4e1b",
                "76867dd5281991f4c50ef89bb3ef9453306b0dbc674d768a16773ede4be58ff8",
                false,
                5);
    }

    @Test
    void theSecondVector() {
        TicketParams params = params(
                "01",
                "1200000000000000",
                "771947261582107969490473233391252719021799897770937093596383896000000000",
                20_000_040,
                4253,
                "7624778dedc75f8b322b9fa1632a610d40b85e106c7d9bf0e743a9ce291b9c6f",
                "0062fe3a170a90923f69e34179ae89fbb3dd613043e7f7cf976c98e15cfe67ba");
        assertVector(
                params,
                Price.of(1001, 1000),
                600,
                "4cd2b1dacd2fc2cc728842715374294d5e3a458e23ef7ef4c2d5c914113d326d",
                "96d4bb50cb5c97d87c17accc9cb0f87df073a0738ee282cde4d276dbe7f8e5e5",
                "9b1842b93b5696e420a9d4d6bc6a7c139b6eb89b8f9dabc50a86b66da9a01243"
                        + "6fb710100701979da241fc1ca0b29a3c65c730dda930fdc559753f877d9929881b",
                "354c7531fb25db13c57694925155643bd5831924de3e855d14800665ff64471b",
                false,
                8_000_000_000L);
    }

    @Test
    void theThirdVectorWins() {
        TicketParams params = params(
                "00ff",
                "8000000000",
                Ticket.MAX_WIN_PROBABILITY.toString(),
                256,
                3,
                "41b1a0649752af1b28b3dc29a1556eee781e4a4c3a1f7f53f90fa834de098c4d",
                "55eb70eaa8eb8a244d8d2af8ae452cb84521136b9860b8ea9b8e1a7ef60072c5");
        assertVector(
                params,
                Price.of(3, 2),
                4_294_967_295L,
                "7bcf0040c05a64829227afa351b0b5d9675e369f2f783024b878ba79b3ab6d42",
                "e20310b72e698c8c06e5a31c82c9f9f190fdf0074ef5addb092fecc3188f33a5",
                "055f21e73709aca86ab44d5f461ff59d5d05339cf43624674c369e0c579a51d2"
                        + "6f45e05361680a7820f9e8ab5c2a9418f18463a75a01f16908ffd913a50c09661b",
                "a457d7305c6d1ab3d614c99ba4690ed13abad465d81529906e71c5bbe39ce790",
                true,
                8_000_000_000L);
    }

    @Test
    void aVectorOfAnotherSender() {
        TicketParams params = params(
                "11".repeat(32),
                "10000000000000000",
                "92633671389852956338856788006950326282615987732512451231566072000000000",
                20_000_000,
                3500,
                "41b1a0649752af1b28b3dc29a1556eee781e4a4c3a1f7f53f90fa834de098c4d",
                "0108ade278612346a7413c3bda7d091300622efc67ebc52e7ce14d2550e60a22");
        Address sender = new Address(Bytes.hex("96216849c49358b10257cb55b28ea603c874b05e"));
        Bytes rand = RANDOM.of(sender, params, Price.of(1200, 1), "");
        assertEquals("5f7ed7150ab2712270202eedf996c5c306c1cc40cc67845fb416e608baa06e06", rand.hex());
        assertEquals(params.recipientRandHash(), RecipientRandom.hash(rand));
    }

    @Test
    void aPriceCountsInLowestTerms() {
        TicketParams params = params("01", "2", "3", 4, 5, "ab".repeat(32), "00".repeat(32));
        assertEquals(RANDOM.of(SENDER, params, Price.of(3, 2), ""), RANDOM.of(SENDER, params, Price.of(6, 4), ""));
        assertNotEquals(RANDOM.of(SENDER, params, Price.of(3, 2), ""), RANDOM.of(SENDER, params, Price.of(2, 3), ""));
    }

    @Test
    void anotherSecretGivesAnotherNumber() {
        TicketParams params = params("01", "2", "3", 4, 5, "ab".repeat(32), "00".repeat(32));
        assertNotEquals(
                RecipientRandom.fresh().of(SENDER, params, Price.of(1, 1), ""),
                RecipientRandom.fresh().of(SENDER, params, Price.of(1, 1), ""));
    }

    private static void assertVector(
            TicketParams params,
            Price price,
            long nonce,
            String rand,
            String hash,
            String signature,
            String draw,
            boolean wins,
            long expectedValue) {
        Bytes number = RANDOM.of(SENDER, params, price, "");
        assertEquals(rand, number.hex());
        assertEquals(params.recipientRandHash(), RecipientRandom.hash(number));
        Ticket ticket = new Ticket(SENDER, params, nonce);
        assertEquals(hash, ticket.hash().hex());
        assertEquals(new BigInteger(draw, 16), Ticket.draw(Bytes.hex(signature), number));
        assertEquals(wins, ticket.wins(Bytes.hex(signature), number));
        assertEquals(BigInteger.valueOf(expectedValue), ticket.expectedValue().floor());
        assertEquals(
                params.winProbability(),
                policy(expectedValue).winProbability(params.faceValue()),
                "the winning probability follows from face value and expected value");

    }

    private static TicketPolicy policy(long expectedValue) {
        return new TicketPolicy(
                Wei.of(expectedValue), 1, 1, Optional.empty(), false);
    }

    private static TicketParams params(
            String seed,
            String faceValue,
            String winProbability,
            long expirationBlock,
            long round,
            String blockHash,
            String randHash) {
        return new TicketParams(
                RECIPIENT,
                new BigInteger(faceValue),
                new BigInteger(winProbability),
                Bytes.hex(randHash),
                new BigInteger(seed, 16),
                BigInteger.valueOf(expirationBlock),
                round,
                Bytes.hex(blockHash));
    }
}
