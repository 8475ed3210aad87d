package io.millrace.livepeer.call;

import io.millrace.api.network.Links;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.Wallet;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.testkit.InMemoryBudget;
import java.util.Optional;
import java.net.URI;
import java.time.Duration;

/** Links for tests elsewhere in the bundle. */
public final class TestLinks implements Links, AutoCloseable {

    private final LivepeerLinks links;

    /** Signs with {@code wallet}. */
    public TestLinks(Wallet wallet) {
        links = new LivepeerLinks(wallet, new OpenGuard(), InMemoryBudget.ample(), 8, Duration.ofMinutes(1));
    }

    @Override
    public Redeemer redeemer(URI address) {
        return links.redeemer(address);
    }

    @Override
    public Orchestrator link(URI address, Optional<URI> configured) {
        return links.link(address, configured);
    }

    @Override
    public void close() {
        links.close();
    }
}
