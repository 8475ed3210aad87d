package io.millrace.arbitrum;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Wallet;
import io.millrace.api.secret.SecretReference;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Settlement, the node's account and the price feed as a component. It begins to follow the chain in the background; a changed setting
 * makes a new one.
 */
@Component(
        service = {Settlement.class, ChainAccount.class, PriceFeed.class},
        configurationPid = ArbitrumSettlementComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ArbitrumConfiguration.class)
public final class ArbitrumSettlementComponent extends ArbitrumSettlement implements ChainAccount, PriceFeed {

    static final String PID = "io.millrace.arbitrum";

    /** The greatest number that every language reads exactly. */
    private static final long MAX_CHAIN_ID = (1L << 53) - 1;

    private final AtomicReference<Wallet> wallet;
    private final Duties duties;
    private final PriceFeed feed;

    /** Follows the chain of the settings. */
    @Activate
    public ArbitrumSettlementComponent(ArbitrumConfiguration configuration) {
        AtomicReference<Wallet> current = new AtomicReference<>();
        super(settings(configuration), () -> Optional.ofNullable(current.get()), InstantSource.system());
        wallet = current;
        feed = feed(address("priceFeed", configuration.priceFeed()));
        duties = new Duties(this, account(), duties(configuration), InstantSource.system());
    }

    /** Without one, what is known of the chain is still told. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindWallet(Wallet instance) {
        wallet.set(instance);
    }

    void unbindWallet(Wallet instance) {
        wallet.compareAndSet(instance, null);
    }

    @Override
    public Rate rate(Deadline deadline) {
        return feed.rate(deadline);
    }

    @Override
    public Address address() {
        return account().address();
    }

    @Override
    public Address orchestrator() {
        return account().orchestrator();
    }

    @Override
    public State read(Deadline deadline) {
        return account().read(deadline);
    }

    @Override
    public Protocol protocol(Deadline deadline) {
        return account().protocol(deadline);
    }

    @Override
    public List<OrchestratorState> pool(Deadline deadline) {
        return account().pool(deadline);
    }

    @Override
    public Plan plan(Action action, Deadline deadline) {
        return account().plan(action, deadline);
    }

    @Override
    public Outcome carryOut(Plan plan, Deadline deadline) {
        return account().carryOut(plan, deadline);
    }

    @Override
    public List<Unsigned> unsigned(Plan plan, Deadline deadline) {
        return account().unsigned(plan, deadline);
    }

    @Override
    public Outcome send(List<Bytes> signed, Deadline deadline) {
        return account().send(signed, deadline);
    }

    @Deactivate
    @Override
    public void close() {
        duties.close();
        super.close();
    }

    static Settings settings(ArbitrumConfiguration configuration) {
        return new Settings(
                new Rpc.Settings(
                        urls(configuration.urls()),
                        within("chainId", configuration.chainId(), 0, MAX_CHAIN_ID),
                        Duration.ofSeconds(within("answerSeconds", configuration.answerSeconds(), 1, 120)),
                        configuration.crossCheck()),
                address("controller", configuration.controller()),
                Duration.ofSeconds(within("pollSeconds", configuration.pollSeconds(), 1, 60)),
                Duration.ofMinutes(within("maxAgeMinutes", configuration.maxAgeMinutes(), 1, 1440)),
                Duration.ofSeconds(within("replaceSeconds", configuration.replaceSeconds(), 5, 3600)),
                Math.toIntExact(within("maxReplacements", configuration.maxReplacements(), 0, 20)),
                maxGasPrice(configuration.maxGasPrice().strip()));
    }

    static Duties.Settings duties(ArbitrumConfiguration configuration) {
        long delay = within(
                "initializeRoundMaxDelaySeconds", configuration.initializeRoundMaxDelaySeconds(), 0, 3600);
        return new Duties.Settings(configuration.initializeRound(), Duration.ofSeconds(delay), configuration.reward());
    }

    private static List<URI> urls(String[] values) {
        List<URI> urls = new ArrayList<>();
        for (String value : String.join(",", values).split(",")) {
            if (!value.isBlank()) {
                urls.add(url(value.strip()));
            }
        }
        if (urls.isEmpty()) {
            throw new IllegalArgumentException(PID + ": urls is empty; name a node of the chain, such as http://host:8545");
        }
        return urls;
    }

    /** The address may hold a key, so that no message repeats it. */
    private static URI url(String value) {
        try {
            URI url = new URI(SecretReference.read(value));
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(PID + ": urls cannot be read: " + e.getMessage(), e);
        } catch (URISyntaxException e) {
            // said below, without the text
        }
        throw new IllegalArgumentException(PID + ": an entry of urls is no http or https address");
    }

    private static Optional<Wei> maxGasPrice(String value) {
        if (!value.matches("[0-9]{1,30}")) {
            throw new IllegalArgumentException(PID + ": maxGasPrice is a whole number of wei, not " + value);
        }
        return Optional.of(new Wei(new BigInteger(value))).filter(most -> most.compareTo(Wei.ZERO) > 0);
    }

    private static Address address(String key, String value) {
        if (!value.strip().matches("0x[0-9a-fA-F]{40}")) {
            throw new IllegalArgumentException(PID + ": " + key + " is no address: " + value);
        }
        return new Address(Bytes.hex(value.strip().substring(2)));
    }

    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    PID + ": " + key + " is from " + least + " to " + most + ", not " + value);
        }
        return value;
    }
}
