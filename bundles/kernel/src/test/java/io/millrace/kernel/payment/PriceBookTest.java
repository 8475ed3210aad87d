package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.payment.PriceFeed.Rate;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.payment.PriceSource.Answer;
import io.millrace.api.payment.PriceSource;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.kernel.lease.Leased;
import io.millrace.testkit.ManualClock;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What an orchestrator asks: configured, in other currencies, and said by a source outside. */
class PriceBookTest {

    private static final Address GATEWAY = new Address(Bytes.hex("90f79bf6eb2c4f870365e785982e1f101e93b906"));
    private static final Address OTHER = new Address(Bytes.hex("00000000000000000000000000000000000000aa"));
    private static final JobSpec TRANSCODING = JobSpec.anything();
    private static final Rational ETH = Rational.of(BigInteger.TEN.pow(18));

    private final ManualClock clock = new ManualClock();
    private final Leased<PriceFeed> feeds = new Leased<>("price feed", clock);
    private final Leased<PriceSource> sources = new Leased<>("price source", clock);
    private final Currencies currencies = new Currencies(feeds, event -> {}, clock);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Map<Integer, Map<String, Price>> pipelines = Map.of();
    private volatile Rate rate;
    private volatile Optional<Answer> answer = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();

    private final PriceSource source = (gateway, job, deadline) -> {
        asked.incrementAndGet();
        failure.ifPresent(why -> {
            throw new Fault(Fault.Consequence.RETRY_HERE, why);
        });
        return answer;
    };

    private PriceBook book(String everybody, String... others) {
        PriceBook.Configured configured = new PriceBook.Configured(
                CurrencyPrice.parse("pricePerUnit", everybody), PriceTable.parse("prices", others));
        return new PriceBook(
                () -> configured, new OutsidePrices(sources, event -> {}, clock), currencies, () -> pipelines);
    }

    private void feed() {
        feeds.bind(deadline -> {
            reads.incrementAndGet();
            if (rate == null) {
                throw new Fault(Fault.Consequence.RETRY_HERE, "the feed is silent");
            }
            return rate;
        }, 0);
    }

    private static JobSpec work(String model) {
        return JobSpec.anything().forModel(Capability.TEXT_TO_IMAGE, model);
    }

    private static Rational price(PriceBook book, Address gateway, JobSpec job) {
        return book.price(gateway, job).price().perUnit();
    }

    private static String refused(PriceBook book, JobSpec job) {
        return assertThrows(Fault.class, () -> book.price(GATEWAY, job)).getMessage();
    }

    // -- which one counts

    @Test
    void theNearestPriceCounts() {
        PriceBook book = book("7", GATEWAY + "=5", "text-to-image/a/model=3/2", "text-to-image=9", GATEWAY + "/text-to-image/a/model=2", "llm=1");
        assertEquals(Rational.of(7, 1), price(book, OTHER, TRANSCODING));
        assertEquals(Rational.of(5, 1), price(book, GATEWAY, TRANSCODING));
        assertEquals(Rational.of(3, 2), price(book, OTHER, work("a/model")));
        assertEquals(Rational.of(9, 1), price(book, OTHER, work("another")));
        assertEquals(Rational.of(2, 1), price(book, GATEWAY, work("a/model")));
        // what has no price of its own costs what transcoding costs, and is not free
        assertEquals(Rational.of(5, 1), price(book, GATEWAY, JobSpec.anything().forModel(Capability.UPSCALE, "b")));
    }

    @Test
    void whatAPipelineAsksForItsModelCountsBeforeThePriceForEverybodyAndAfterAllOthers() {
        Price asks = Price.of(7, 3);
        pipelines = Map.of(Capability.TEXT_TO_IMAGE, Map.of("m", asks));
        assertEquals(asks.perUnit(), price(book("5"), GATEWAY, work("m")));
        assertEquals(asks.perUnit(), price(book("5", GATEWAY + "=2"), GATEWAY, work("m")));
        assertEquals(pipelines, book("5").prices(GATEWAY));
        assertEquals(Rational.of(5, 1), price(book("5"), GATEWAY, work("other")));
        assertEquals(Rational.of(5, 1), price(book("5"), GATEWAY, TRANSCODING));
        assertEquals(Rational.of(9, 1), price(book("5", "text-to-image=9"), GATEWAY, work("m")));
        assertEquals(Rational.of(3, 1), price(book("5", GATEWAY + "/text-to-image=3"), GATEWAY, work("m")));
        assertEquals(
                Price.of(9, 1),
                book("5", "text-to-image=9").prices(GATEWAY).get(Capability.TEXT_TO_IMAGE).get("m"));
        // a price that the feed does not tell yet is none, and not the pipeline's
        assertTrue(refused(book("5", "text-to-image/m=1USD"), work("m")).contains("USD"));
        assertEquals(Map.of(), book("5", "text-to-image/m=1USD").prices(GATEWAY));
        sources.bind(source, 0);
        answer = Optional.of(new Answer(Rational.of(11, 1), "wei"));
        assertEquals(Rational.of(11, 1), price(book("5"), GATEWAY, work("m")));
    }

    @Test
    void severalModelsCostWhatEachOfThemCosts() {
        PriceBook book = book("7", "text-to-image/a=3");
        Capabilities.Model any = new Capabilities.Model(false, 1, "", 0);
        JobSpec both = JobSpec.needing(Capabilities.of(Capability.TEXT_TO_IMAGE, Capability.LLM)
                .withModels(Map.of(Capability.TEXT_TO_IMAGE, Map.of("a", any), Capability.LLM, Map.of("b", any))));
        // go-livepeer asks 3: what has no price beside one that has is free there
        assertEquals(Rational.of(10, 1), price(book, GATEWAY, both));
    }

    @Test
    void whatIsToldOfOtherWorkIsWhatThisGatewayPays() {
        PriceBook book = book("7", "text-to-image/a=3", "llm=1", GATEWAY + "/text-to-image/a=2", OTHER + "/upscale=8");
        assertEquals(
                Map.of(
                        Capability.TEXT_TO_IMAGE, Map.of("a", Price.of(2, 1)),
                        Capability.LLM, Map.of("default", Price.of(1, 1))),
                book.prices(GATEWAY));
    }

    @Test
    void aPriceSaysWhereItComesFrom() {
        assertEquals(List.of("prices has 5 for " + GATEWAY), book("7", GATEWAY + "=5").price(GATEWAY, TRANSCODING).reasons());
        assertEquals(List.of("pricePerUnit is 7"), book("7").price(GATEWAY, TRANSCODING).reasons());
    }

    @Test
    void aSettingThatMakesNoSenseIsRefusedByName() {
        for (String wrong : List.of(
                "-1", "1e-9", "USD", "0.5 USD", "1/0", ".5", "1.", "1/2/3", "9".repeat(41), "1" + "A".repeat(17), "")) {
            String message = assertThrows(IllegalArgumentException.class, () -> CurrencyPrice.parse("pricePerUnit", wrong))
                    .getMessage();
            assertTrue(message.startsWith("pricePerUnit is "), message);
        }
        for (String wrong : List.of("7", "=7", "0x1=7", "nothing/a=7", GATEWAY + "=x", GATEWAY + "/nothing=7")) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> PriceTable.parse("prices", new String[] {wrong}))
                    .getMessage();
            assertTrue(message.startsWith("prices "), message);
        }
        String[] twice = {"llm/a=1", "llm/a=2"};
        assertThrows(IllegalArgumentException.class, () -> PriceTable.parse("prices", twice));
    }

    // -- currencies

    @Test
    void ethIsKnownWithoutAFeed() {
        assertEquals(Rational.of(7, 2), price(book("0.000000000000000007ETH/2"), GATEWAY, TRANSCODING));
        assertEquals(Rational.of(7, 2), price(book("7wei/2"), GATEWAY, TRANSCODING));
    }

    @Test
    void aFeedIsReadOnlyWhereAPriceNeedsIt() {
        feed();
        rate = new Rate("USD", Rational.of(100, 1), clock.instant());
        PriceBook book = book("7");
        price(book, GATEWAY, TRANSCODING);
        currencies.look();
        assertEquals(0, reads.get());
    }

    @Test
    void aPriceIsNotQuotedBeforeTheFeedWasReadAndNeverFree() {
        feed();
        PriceBook book = book("0.5USD/1000000");
        assertTrue(refused(book, TRANSCODING).contains("has not been read yet"));
        assertTrue(book.obstacle().isPresent());
        currencies.look();
        assertTrue(refused(book, TRANSCODING).contains("the feed is silent"));
        rate = new Rate("EUR", Rational.of(100, 1), clock.instant());
        clock.advance(Duration.ofSeconds(5));
        currencies.look();
        assertTrue(refused(book, TRANSCODING).contains("the price feed is of EUR"));
    }

    @Test
    void thePriceFollowsTheFeedAndItsLastGoodAnswerHoldsWithACaution() {
        feed();
        // settlement.md: 50 USD at 3000 USD for an ETH are 5e16 / 3 wei
        rate = new Rate("USD", ETH.dividedBy(Rational.of(3000, 1)), clock.instant());
        PriceBook book = book("50usd");
        book.obstacle();
        currencies.look();
        assertEquals(ETH.times(Rational.of(50, 3000)), price(book, GATEWAY, TRANSCODING));
        assertEquals(List.of(), book.cautions());

        rate = new Rate("USD", ETH.dividedBy(Rational.of(6000, 1)), clock.instant().plusSeconds(1));
        currencies.look();
        assertEquals(ETH.times(Rational.of(50, 3000)), price(book, GATEWAY, TRANSCODING), "it is read every 30 seconds");
        clock.advance(Duration.ofSeconds(30));
        currencies.look();
        assertEquals(ETH.times(Rational.of(50, 6000)), price(book, GATEWAY, TRANSCODING));

        rate = null;
        clock.advance(Duration.ofDays(2));
        currencies.look();
        assertEquals(ETH.times(Rational.of(50, 6000)), price(book, GATEWAY, TRANSCODING));
        assertTrue(book.cautions().getFirst().contains("the feed is silent"), book.cautions().toString());
        assertEquals(Optional.empty(), book.obstacle());
    }

    @Test
    void anAnswerOfANodeThatLagsBehindDoesNotTakeANewerOneBack() {
        feed();
        rate = new Rate("USD", Rational.of(2, 1), clock.instant());
        PriceBook book = book("1USD");
        book.obstacle();
        currencies.look();
        rate = new Rate("USD", Rational.of(1, 1), clock.instant().minusSeconds(1));
        clock.advance(Duration.ofSeconds(30));
        currencies.look();
        assertEquals(Rational.of(2, 1), price(book, GATEWAY, TRANSCODING));
    }

    @Test
    void whatIsKnownOutlivesTheFeed() {
        PriceFeed first = deadline -> new Rate("USD", Rational.of(2, 1), clock.instant());
        feeds.bind(first, 0);
        PriceBook book = book("1USD");
        book.obstacle();
        currencies.look();
        feeds.unbind(first);
        clock.advance(Duration.ofSeconds(30));
        currencies.look();
        assertEquals(Rational.of(2, 1), price(book, GATEWAY, TRANSCODING));
        assertTrue(book.cautions().getFirst().contains("no price feed"), book.cautions().toString());
    }

    @Test
    void aPriceOfOneGatewayThatIsNotKnownConcernsNobodyElse() {
        PriceBook book = book("7", GATEWAY + "=1EUR");
        assertEquals(Rational.of(7, 1), price(book, OTHER, TRANSCODING));
        refused(book, TRANSCODING);
        assertEquals(Optional.empty(), book.obstacle());
        assertEquals(1, book.cautions().size());
        assertEquals(Optional.empty(), book.configured().get(1).perUnit());
    }

    // -- a source outside

    @Test
    void whatTheSourceSaysCountsForAMinute() {
        sources.bind(source, 0);
        answer = Optional.of(new Answer(Rational.of(11, 3), "wei"));
        PriceBook book = book("7", GATEWAY + "=5");
        assertEquals(Rational.of(11, 3), price(book, GATEWAY, TRANSCODING));
        answer = Optional.of(new Answer(Rational.of(12, 1), "wei"));
        assertEquals(Rational.of(11, 3), price(book, GATEWAY, TRANSCODING));
        assertEquals(1, asked.get());
        clock.advance(Duration.ofMinutes(1));
        assertEquals(Rational.of(12, 1), price(book, GATEWAY, TRANSCODING));
        answer = Optional.empty();
        assertEquals(Rational.of(7, 1), price(book, OTHER, TRANSCODING), "another gateway is asked about by itself");
        assertEquals(3, asked.get());
    }

    @Test
    void whenTheSourceFailsItsLastAnswerCountsThenTheConfiguredPriceAndItIsLeftAloneForAMoment() {
        sources.bind(source, 0);
        answer = Optional.of(new Answer(Rational.of(11, 1), "wei"));
        PriceBook book = book("7");
        price(book, GATEWAY, TRANSCODING);
        failure = Optional.of("it answers 500");
        clock.advance(Duration.ofMinutes(1));
        PriceList.Listed last = book.price(GATEWAY, TRANSCODING);
        assertEquals(Rational.of(11, 1), last.price().perUnit());
        assertTrue(last.reasons().getFirst().contains("it answers 500"), last.reasons().toString());
        PriceList.Listed configured = book.price(OTHER, TRANSCODING);
        assertEquals(Rational.of(7, 1), configured.price().perUnit());
        assertTrue(configured.reasons().getLast().contains("it answers 500"), configured.reasons().toString());
        assertTrue(book.cautions().getFirst().contains("it answers 500"));
        int before = asked.get();
        book.price(OTHER, TRANSCODING);
        assertEquals(before, asked.get());
        failure = Optional.empty();
        clock.advance(Duration.ofSeconds(5));
        assertEquals(Rational.of(11, 1), price(book, OTHER, TRANSCODING));
        assertEquals(List.of(), book.cautions());
    }

    @Test
    void aSourceThatFailsMakesNothingFree() {
        sources.bind(source, 0);
        failure = Optional.of("it answers 500");
        PriceBook book = book("0");
        assertTrue(refused(book, TRANSCODING).contains("it answers 500"));
        // a sender who may be anybody is not asked about, and not served for free either
        assertThrows(Fault.class, () -> book.known(OTHER, TRANSCODING));
        sources.unbind(source);
        assertThrows(Fault.class, () -> book.price(GATEWAY, TRANSCODING));
    }

    @Test
    void aSourceThatSaysNothingIsAskedForIsFree() {
        sources.bind(source, 0);
        answer = Optional.of(new Answer(Rational.ZERO, "USD"));
        assertEquals(Rational.ZERO, price(book("7"), GATEWAY, TRANSCODING));
    }

    @Test
    void aSourceWithoutItsSettingsIsNone() {
        sources.bind(new PriceSource() {
            @Override
            public Optional<Answer> price(Address gateway, JobSpec job, Deadline deadline) {
                throw new AssertionError("it must not be asked");
            }

            @Override
            public boolean isConfigured() {
                return false;
            }
        }, 0);
        assertEquals(Rational.ZERO, price(book("0"), GATEWAY, TRANSCODING));
        assertEquals(Rational.ZERO, book("0").known(GATEWAY, TRANSCODING).price().perUnit());
    }

    @Test
    void nobodyIsAskedForASenderWhoMayBeAnybody() {
        sources.bind(source, 0);
        answer = Optional.of(new Answer(Rational.of(11, 1), "wei"));
        PriceBook book = book("7");
        assertEquals(Rational.of(7, 1), book.known(GATEWAY, TRANSCODING).price().perUnit());
        assertEquals(0, asked.get());
        book.price(GATEWAY, TRANSCODING);
        assertEquals(Rational.of(11, 1), book.known(GATEWAY, TRANSCODING).price().perUnit());
    }

    @Test
    void theNamesThatAreAskedAboutAreBounded() {
        sources.bind(source, 0);
        PriceBook book = book("7");
        assertTrue(refused(book, work("m".repeat(2000))).contains("too long"));
        assertEquals(0, asked.get());
    }

    @Test
    void theSameIsNotAskedTwiceAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        sources.bind((gateway, job, deadline) -> {
            asked.incrementAndGet();
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(new Answer(Rational.of(11, 1), "wei"));
        }, 0);
        PriceBook book = book("7");
        Thread first = Thread.ofVirtual().start(() -> book.price(GATEWAY, TRANSCODING));
        begun.await();
        AtomicReference<Rational> second = new AtomicReference<>();
        Thread other = Thread.ofVirtual().start(() -> second.set(price(book, GATEWAY, TRANSCODING)));
        awaitWaiting(other);
        goOn.countDown();
        first.join();
        other.join();
        assertEquals(Rational.of(11, 1), second.get());
        assertEquals(1, asked.get());
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive(), "it waits");
            Thread.onSpinWait();
        }
    }

    @Test
    void fewAreAskedForAtOnceHoweverManyAsk() throws Exception {
        int most = 16;
        CountDownLatch begun = new CountDownLatch(most);
        CountDownLatch goOn = new CountDownLatch(1);
        sources.bind((gateway, job, deadline) -> {
            asked.incrementAndGet();
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        }, 0);
        PriceBook book = book("7");
        List<Thread> gateways = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            JobSpec job = work("model-" + i);
            gateways.add(Thread.ofVirtual().start(() -> book.price(GATEWAY, job)));
        }
        begun.await();
        Thread late = Thread.ofVirtual().start(() -> book.price(GATEWAY, work("one more")));
        awaitWaiting(late);
        assertEquals(most, asked.get());
        goOn.countDown();
        for (Thread gateway : gateways) {
            gateway.join();
        }
        late.join();
        assertEquals(most + 1, asked.get());
    }

    // -- the most that is paid

    private MaxPrices most(String everything, String... others) {
        MaxPrices.Configured configured = new MaxPrices.Configured(
                CurrencyPrice.parse("maxPricePerUnit", everything), PriceTable.parse("maxPrices", others));
        return new MaxPrices(() -> configured, currencies);
    }

    @Test
    void theMostThatIsPaidIsThatOfTheModelThenOfItsPipelineThenOfEverything() {
        MaxPrices most = most("7", "text-to-image/a=3", "text-to-image=9");
        assertEquals(Optional.of(Price.of(7, 1)), most.most(TRANSCODING));
        assertEquals(Optional.of(Price.of(3, 1)), most.most(work("a")));
        assertEquals(Optional.of(Price.of(9, 1)), most.most(work("b")));
        assertEquals(Optional.of(Price.of(7, 1)), most.most(JobSpec.anything().forModel(Capability.LLM, "a")));
        assertEquals(Optional.empty(), most("0").most(TRANSCODING));
    }

    @Test
    void aMaximumWhoseCurrencyIsNotKnownIsNotAnyPrice() {
        MaxPrices most = most("1USD");
        assertThrows(Fault.class, () -> most.most(TRANSCODING));
        assertEquals(1, most.cautions().size());
        rate = new Rate("USD", Rational.of(5, 1), clock.instant());
        feed();
        currencies.look();
        assertEquals(Optional.of(Price.of(5, 1)), most.most(TRANSCODING));
        assertEquals(List.of(), most.cautions());
    }
}
