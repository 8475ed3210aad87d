package io.millrace.livepeer.call;

import io.millrace.api.network.AddressGuard;
import io.millrace.api.network.Links;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.LivepeerSettings;
import io.millrace.livepeer.byoc.ProcessCalls;
import io.millrace.livepeer.mapping.WebAddress;
import io.millrace.livepeer.web.CheckedAddresses;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.WebClient;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** Makes remote orchestrators and redeemers of addresses; they are called over the network's protocol. */
@Component(service = Links.class, configurationPid = "io.millrace.livepeer")
@Designate(ocd = LivepeerSettings.class)
public final class LivepeerLinks implements Links {

    private final Wallet wallet;
    private final InstantSource clock = Clock.systemUTC();
    private final Budget heap;
    private final CheckedAddresses addresses;
    private final WebClient web;
    private final Channels channels;

    /** Opens no connection yet. Calls are signed by {@code wallet} and go to addresses that {@code guard} allows. */
    @Activate
    public LivepeerLinks(
            LivepeerSettings settings,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Wallet wallet,
            @Reference AddressGuard guard,
            @Reference(target = "(resource=heap)") Budget heap) {
        this(
                wallet,
                guard,
                heap,
                within("maxPeers", settings.maxPeers(), 4096),
                Duration.ofSeconds(within("peerIdleSeconds", settings.peerIdleSeconds(), 86_400)));
    }

    LivepeerLinks(Wallet wallet, AddressGuard guard, Budget heap, int maxPeers, Duration idle) {
        this.wallet = wallet;
        this.heap = heap;
        this.addresses = new CheckedAddresses(guard, clock);
        this.web = new WebClient(addresses, heap, clock);
        this.channels = new Channels(addresses, maxPeers, idle);
    }

    @Override
    public Orchestrator link(URI address, Optional<URI> configured) {
        if (WebAddress.parse(address.toString()).isEmpty()) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE, address + " is no http or https address of an orchestrator");
        }
        Destination peer = new Destination(address, configured);
        return new RemoteOrchestrator(
                peer,
                addresses,
                new OfferCalls(peer, channels, clock),
                new SegmentCalls(peer, web, wallet, clock),
                new ProcessCalls(peer, web, heap, wallet, clock),
                new AiCalls(peer, web, heap, wallet, clock),
                wallet);
    }

    @Override
    public Redeemer redeemer(URI address) {
        return new RemoteRedeemer(new Destination(address, Optional.of(address)), channels, clock);
    }

    private static int within(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "io.millrace.livepeer: " + key + " is from 1 to " + most + ", not " + value);
        }
        return value;
    }

    /** Ends every call and connection. */
    @Deactivate
    void close() {
        channels.close();
        web.close();
    }
}
