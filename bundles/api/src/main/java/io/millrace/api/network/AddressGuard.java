package io.millrace.api.network;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Decides where this node connects when the address comes from somebody else: from a peer's offer, a result's
 * location, a job's parameters, a chain entry, the answer of a webhook. Without it a stranger could make the node
 * call its own admin interface, or a machine of the operator's network.
 *
 * <p>The caller connects to the socket address of the answer and to nothing else: the name was resolved once, and
 * asking for it again could give another answer. It follows no redirect without asking again.
 *
 * <p>Thread-safe. Blocks for as long as resolving a name takes.
 */
@ProviderType
public interface AddressGuard {

    /** What was decided. */
    sealed interface Verdict {

        /** The node may connect, to this resolved address. */
        record Allowed(InetSocketAddress socket) implements Verdict {}

        /** It may not. The reason is for the operator; a stranger is told only that the address is refused. */
        record Refused(String reason) implements Verdict {}
    }

    /**
     * Decides on an http or https address. Loopback, private, link-local, multicast and unspecified addresses and
     * the node's own listeners are refused. Allowed in spite of that are the host and port that the operator
     * configured for the same peer, and networks that the operator named in the node's settings.
     *
     * @param address where somebody wants the node to connect
     * @param configured the address that the operator configured for this peer; empty when the peer was not
     *     configured by the operator
     */
    Verdict check(URI address, Optional<URI> configured);
}
