package io.millrace.api.network;

import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.payment.Redeemer;
import io.millrace.api.value.Fault;
import java.net.URI;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Turns an address into an orchestrator, or into a redeemer. */
@ConsumerType
public interface Links {

    /**
     * An object that stands for the node at {@code address}; connects only when it is called.
     *
     * @param address where to connect, as the operator or the peer itself named it
     * @param configured the address that the operator configured for this peer, which the
     *     {@link AddressGuard} lets pass whatever network it is in; empty when the operator named none
     */
    Orchestrator link(URI address, Optional<URI> configured);

    /**
     * An object that stands for the redeemer at {@code address}, which the operator configured; connects only when it is
     * called.
     *
     * @throws io.millrace.api.value.Fault when these links lead to no redeemers
     */
    default Redeemer redeemer(URI address) {
        throw new Fault(Fault.Consequence.GIVE_UP, "no redeemer is called over these links");
    }
}
