package io.millrace.kernel.network;

import io.millrace.api.network.AddressGuard;
import io.millrace.api.node.Endpoint;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The guard as a service; it knows the listeners of the node. */
@Component(service = AddressGuard.class, configurationPid = "io.millrace.kernel.network")
@Designate(ocd = NetworkConfiguration.class)
public final class AddressGuardComponent implements AddressGuard {

    private final Set<Endpoint> endpoints = new CopyOnWriteArraySet<>();
    private final PeerAddressGuard guard =
            new PeerAddressGuard(InetAddress::getAllByName, () -> this.allowed, this::ownPorts);
    private volatile List<Network> allowed;

    /** A guard with these settings. */
    @Activate
    public AddressGuardComponent(NetworkConfiguration settings) {
        change(settings);
    }

    @Modified
    void change(NetworkConfiguration settings) {
        allowed = Arrays.stream(settings.allowedNetworks())
                .flatMap(entry -> Arrays.stream(entry.split(",")))
                .filter(entry -> !entry.isBlank())
                .map(Network::of)
                .toList();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEndpoint(Endpoint endpoint) {
        endpoints.add(endpoint);
    }

    void unbindEndpoint(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    private Set<Integer> ownPorts() {
        return endpoints.stream().map(endpoint -> endpoint.uri().getPort()).collect(Collectors.toSet());
    }

    @Override
    public Verdict check(URI address, Optional<URI> configured) {
        return guard.check(address, configured);
    }
}
