package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.PriceFeed.Rate;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Rational;
import io.millrace.testkit.PriceFeedCode;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.math.BigInteger;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A price feed that is a contract of a chain, and contracts that lie. */
class ChainlinkPriceFeedTest {

    private static final BigInteger ETH = BigInteger.TEN.pow(18);
    private static final long HOUR = 3600;
    private static final Address CONTRACT = new Address(Bytes.hex("00000000000000000000000000000000000feed1"));

    private static TestChain chain;
    private static ArbitrumSettlement settlement;
    private long now;

    @BeforeAll
    static void start() {
        chain = TestChain.start();
        settlement = chain.settlement(TestChain.REDEEMER);
        Waiting.until(() -> ArbitrumSettlementTest.seen(settlement));
    }

    @AfterAll
    static void stop() {
        settlement.close();
        chain.close();
    }

    @BeforeEach
    void look() {
        JsonObject block = (JsonObject) chain.local.rpc("eth_getBlockByNumber", "latest", false);
        now = Long.decode(((JsonString) block.get("timestamp")).getString());
    }

    private static Rate read(PriceFeedCode code) {
        chain.local.rpc("anvil_setCode", CONTRACT.toString(), code.hex());
        // so that there is a newer block than the one that was read last
        chain.local.mine(1);
        long block = chain.local.block();
        Waiting.until(() -> settlement.state(Tickets.soon()).l1Block() >= block);
        return settlement.feed(CONTRACT).rate(Tickets.soon());
    }

    private static void assertRefused(PriceFeedCode code, String why) {
        String message = assertThrows(Fault.class, () -> read(code)).getMessage();
        assertTrue(message.contains(why), message);
    }

    private PriceFeedCode dollars(long answer) {
        return PriceFeedCode.of("ETH / USD", 8, answer, now);
    }

    @Test
    void aCurrencyForWhichAnEthIsPricedIsWorthTheInverse() {
        // settlement.md: 50 USD at 3000 USD for an ETH are 5e16 / 3 wei
        Rate rate = read(dollars(3000_00000000L));
        assertEquals("USD", rate.currency());
        assertEquals(new Rational(ETH, BigInteger.valueOf(3000)), rate.wei());
        assertEquals(new Rational(BigInteger.valueOf(50).multiply(ETH), BigInteger.valueOf(3000)), rate.wei().times(Rational.of(50, 1)));
        assertEquals(Instant.ofEpochSecond(now), rate.at());
    }

    @Test
    void aCurrencyThatIsPricedInEthIsWorthTheAnswer() {
        Rate rate = read(PriceFeedCode.of("usd/eth", 6, 2500, now));
        assertEquals("USD", rate.currency());
        assertEquals(new Rational(ETH.multiply(BigInteger.valueOf(2500)), BigInteger.valueOf(1_000_000)), rate.wei());
    }

    @Test
    void aChangedAnswerIsReadTheNextTime() {
        read(dollars(3000_00000000L));
        assertEquals(new Rational(ETH, BigInteger.valueOf(6000)), read(dollars(6000_00000000L)).wei());
    }

    @Test
    void anAnswerThatMakesNoSenseIsNone() {
        assertRefused(dollars(0), "zero, negative or beyond reason");
        assertRefused(dollars(-1), "zero, negative or beyond reason");
        assertRefused(
                new PriceFeedCode("ETH / USD", BigInteger.valueOf(8), BigInteger.TWO.pow(130), BigInteger.valueOf(now)),
                "zero, negative or beyond reason");
        assertRefused(PriceFeedCode.of("ETH / USD", 37, 1, now), "more than 36");
        assertRefused(
                new PriceFeedCode("ETH / USD", BigInteger.TWO.pow(200), BigInteger.ONE, BigInteger.valueOf(now)),
                "more than 36");
    }

    @Test
    void anAnswerOfAnotherTimeIsNone() {
        assertRefused(PriceFeedCode.of("ETH / USD", 8, 1, now - 26 * HOUR), "26 hours old");
        assertRefused(PriceFeedCode.of("ETH / USD", 8, 1, now + HOUR), "after the newest block");
        assertRefused(PriceFeedCode.of("ETH / USD", 8, 1, 0), "no answer yet");
        assertRefused(
                new PriceFeedCode("ETH / USD", BigInteger.valueOf(8), BigInteger.ONE, BigInteger.TWO.pow(255)), "after the newest block");
        read(PriceFeedCode.of("ETH / USD", 8, 1, now - 24 * HOUR));
    }

    @Test
    void aPairWithoutEthIsOfNoUse() {
        assertRefused(PriceFeedCode.of("BTC / USD", 8, 1, now), "not of ETH and another currency");
        assertRefused(PriceFeedCode.of("ETH / ETH", 8, 1, now), "not of ETH and another currency");
        assertRefused(PriceFeedCode.of("a price", 8, 1, now), "which two currencies");
        assertRefused(PriceFeedCode.of("x".repeat(5000), 8, 1, now), "which two currencies");
    }

    @Test
    void whereThereIsNoSuchContractTheAddressIsNamed() {
        String message = assertThrows(Fault.class, () -> settlement
                        .feed(TestChain.STRANGER.address())
                        .rate(Tickets.soon()))
                .getMessage();
        assertTrue(message.contains(TestChain.STRANGER.address().toString()) && message.contains("priceFeed"), message);
    }
}
