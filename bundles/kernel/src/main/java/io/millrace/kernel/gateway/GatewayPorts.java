package io.millrace.kernel.gateway;

import io.millrace.api.network.Directory;
import io.millrace.api.network.Links;
import io.millrace.api.network.SelectionPolicy;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Payer;
import io.millrace.api.payment.Wallet;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Verifier;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Address;
import io.millrace.kernel.gateway.time.Timers;
import io.millrace.kernel.lease.Leased;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a gateway works with; all of it may come and go while it runs.
 *
 * @param links the way to other nodes
 * @param local the orchestrator of this node, for loopback addresses
 * @param directories who is out there
 * @param policies the best one chooses
 * @param verifiers all of them judge
 * @param publishers all of them get every stream
 * @param payers the best one pays
 * @param wallets the best one is who pays, and checks who signed
 * @param budget the heap that segments and results may take
 */
public record GatewayPorts(
        Leased<Links> links,
        Leased<Orchestrator> local,
        Leased<Directory> directories,
        Leased<SelectionPolicy> policies,
        Leased<Verifier> verifiers,
        Leased<Publisher> publishers,
        Leased<Payer> payers,
        Leased<Wallet> wallets,
        Budget budget,
        NodeEvents events,
        Timers timers,
        InstantSource clock) {

    /** The account that this gateway speaks for; {@link Address#NONE} without a wallet. */
    Address account() {
        return wallets.takeNow(wallet -> true)
                .map(lease -> {
                    try (lease) {
                        return lease.get().address();
                    }
                })
                .orElse(Address.NONE);
    }

    /** Those whose calls hang and who are not called any more, one line each. */
    List<String> hanging() {
        return Stream.of(
                        hanging("directory", directories),
                        hanging("selection policy", policies),
                        hanging("verifier", verifiers),
                        hanging("publisher", publishers))
                .flatMap(lines -> lines)
                .toList();
    }

    private static Stream<String> hanging(String what, Leased<?> some) {
        return some.setAside().stream()
                .map(provider -> "the " + what + " of " + provider.name() + " does not return from its calls and is not"
                        + " called any more; update or stop that bundle");
    }

    /** Nobody there yet. */
    public static GatewayPorts empty(Budget budget, NodeEvents events, Timers timers, InstantSource clock) {
        return new GatewayPorts(
                new Leased<>("protocol bundle", clock),
                new Leased<>("local orchestrator", clock),
                new Leased<>("directory", clock),
                new Leased<>("selection policy", clock),
                new Leased<>("verifier", clock),
                new Leased<>("publisher", clock),
                new Leased<>("payer", clock),
                new Leased<>("wallet", clock),
                budget,
                events,
                timers,
                clock);
    }
}
