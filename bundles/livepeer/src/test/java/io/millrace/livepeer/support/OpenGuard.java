package io.millrace.livepeer.support;

import io.millrace.api.network.AddressGuard;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets every address pass, except the ports that a test closes: to those only a peer gets for which the operator
 * configured that very port.
 */
public final class OpenGuard implements AddressGuard {

    private final Set<Integer> closed = ConcurrentHashMap.newKeySet();

    /** From now on this port is refused. */
    public OpenGuard close(int port) {
        closed.add(port);
        return this;
    }

    @Override
    public Verdict check(URI address, Optional<URI> configured) {
        boolean named = configured.filter(uri -> uri.getPort() == address.getPort()).isPresent();
        return closed.contains(address.getPort()) && !named
                ? new Verdict.Refused("the test closed this port")
                : new Verdict.Allowed(new InetSocketAddress(address.getHost(), Math.max(address.getPort(), 1)));
    }
}
