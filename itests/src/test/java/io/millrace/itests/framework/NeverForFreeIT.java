package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeControl;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Wei;
import io.millrace.testkit.InMemorySettlement;
import io.millrace.testkit.InMemoryWallet;
import io.millrace.testkit.PaymentRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * An on-chain node whose wallet, chain or payer is missing or exchanged: it stops earning and paying, says why, and goes
 * on with whoever comes. The wallet of nobody, which every node has, is never taken for one.
 */
@ExtendWith(InFramework.class)
public class NeverForFreeIT {

    /** A call waits for so long for what is missing. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Configuration
    public Option[] node() throws IOException {
        return Node.optionsWithout(
                List.of("io.millrace.wallet", "io.millrace.arbitrum"),
                "combined-onchain",
                "io.millrace.http~http.address=127.0.0.1:0",
                "io.millrace.http~service.address=127.0.0.1:0",
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.rtmp.address=127.0.0.1:0",
                "io.millrace.kernel.orchestrator.pricePerUnit=1",
                "io.millrace.kernel.orchestrator.ticketValue=1000",
                "io.millrace.kernel.orchestrator.maxFaceValue=4000",
                "io.millrace.kernel.orchestrator.redeemGas=100",
                "io.millrace.kernel.orchestrator.adjustPrice=false");
    }

    private final InMemoryWallet.Registry registry = new InMemoryWallet.Registry();
    private final InMemoryWallet first = registry.wallet("first");
    private final InMemoryWallet second = registry.wallet("second");
    private final InMemorySettlement chain = new InMemorySettlement(first);
    private final Caller gateway =
            new Caller(registry.wallet("gateway").address(), Bytes.EMPTY, Optional.empty());

    @Test
    public void withoutWalletOrPayerNothingIsEarnedOrPaidAndWithOthersItGoesOn() throws Exception {
        for (Address account : List.of(first.address(), second.address(), gateway.address())) {
            chain.activate(account);
            chain.fund(account, new Wei(BigInteger.TEN.pow(9)), new Wei(BigInteger.TEN.pow(9)));
        }
        assertRefused();
        ServiceRegistration<Settlement> settlement = context().registerService(Settlement.class, chain, null);
        assertRefused();

        ServiceRegistration<Wallet> wallet = context().registerService(Wallet.class, first, null);
        Offer offer = offer(first.address());
        assertInstanceOf(Payer.Spend.class, stage(offer));

        wallet.unregister();
        assertRefused();
        assertEquals(Payer.Declined.Reason.UNAVAILABLE, declined(offer));
        assertSaid(NodeControl::obstacles, "io.millrace.wallet");
        assertSaid(NodeControl::cautions, "nobody is paid");

        wallet = context().registerService(Wallet.class, second, null);
        Offer other = offer(second.address());
        Payer.Spend spend = assertInstanceOf(Payer.Spend.class, stage(other));
        assertEquals(second.address(), spend.payment().sender());

        settlement.unregister();
        assertRefused();
        assertEquals(Payer.Declined.Reason.UNAVAILABLE, declined(other));
        settlement = context().registerService(Settlement.class, chain, null);
        offer(second.address());

        LiveNode.with(ConfigurationAdmin.class, null, admin -> {
            try {
                admin.getConfiguration("io.millrace.kernel.payer", "?").delete();
                return null;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertSaid(NodeControl::cautions, "nothing is installed that pays");
        wallet.unregister();
        settlement.unregister();
    }

    private Quote quote() {
        return LiveNode.with(
                Orchestrator.class, null, orchestrator -> orchestrator.quote(JobSpec.anything(), gateway, soon()));
    }

    private void assertRefused() {
        Refusal refusal = assertInstanceOf(Refusal.class, quote());
        assertEquals(Refusal.Reason.UNAVAILABLE, refusal.reason(), refusal.message());
    }

    private Offer offer(Address recipient) {
        Offer offer = assertInstanceOf(Offer.class, quote());
        assertTrue(offer.price().isPresent(), "a price");
        assertEquals(recipient, offer.ticketParams().orElseThrow().recipient());
        assertEquals(recipient, offer.address());
        return offer;
    }

    private static Payer.Staging stage(Offer offer) {
        return LiveNode.with(Payer.class, null, payer -> payer.stage(PaymentRequest.of(offer, 1), soon()));
    }

    private static Payer.Declined.Reason declined(Offer offer) {
        return assertInstanceOf(Payer.Declined.class, stage(offer)).reason();
    }

    private static void assertSaid(Function<NodeControl, List<String>> lines, String words) {
        Wait.until(words, () -> LiveNode.control(lines).stream().anyMatch(line -> line.contains(words)));
    }

    private static Deadline soon() {
        return Deadline.in(PATIENCE, InstantSource.system());
    }
}
