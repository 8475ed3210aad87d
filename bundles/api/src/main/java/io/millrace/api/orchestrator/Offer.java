package io.millrace.api.orchestrator;

import io.millrace.api.value.Address;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What an orchestrator would do a job for. Every reply carries the next one. Immutable. */
public final class Offer implements Quote {

    private final URI endpoint;
    private final AuthToken token;
    private final Capabilities capabilities;
    private final Optional<Price> price;
    private final Map<Integer, Map<String, Price>> prices;
    private final Optional<TicketParams> ticketParams;
    private final Address address;
    private final List<URI> nodes;

    private Offer(Builder builder) {
        endpoint = builder.endpoint;
        token = builder.token;
        capabilities = builder.capabilities;
        price = builder.price;
        Map<Integer, Map<String, Price>> sorted = new TreeMap<>();
        builder.prices.forEach(
                (capability, byModel) -> sorted.put(capability, Collections.unmodifiableMap(new TreeMap<>(byModel))));
        prices = Collections.unmodifiableMap(sorted);
        ticketParams = builder.ticketParams;
        address = builder.address;
        nodes = List.copyOf(builder.nodes);
    }

    /**
     * An offer that says nothing more yet: no capabilities, no price.
     *
     * @param endpoint where to submit; may differ from the address that was asked
     * @param token the session to submit under
     */
    public static Builder at(URI endpoint, AuthToken token) {
        return new Builder(endpoint, token);
    }

    /** Where to submit. */
    public URI endpoint() {
        return endpoint;
    }

    /** The session to submit under. */
    public AuthToken token() {
        return token;
    }

    /** All that the orchestrator can do. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** What is asked for the job that the offer was made for; empty when nothing is, or nothing was said. */
    public Optional<Price> price() {
        return price;
    }

    /** What is asked for other work, by the capability's number and the model's name. */
    public Map<Integer, Map<String, Price>> prices() {
        return prices;
    }

    /** How to pay; empty off-chain. */
    public Optional<TicketParams> ticketParams() {
        return ticketParams;
    }

    /** The account that signs results, {@link Address#NONE} off-chain. */
    public Address address() {
        return address;
    }

    /** Further instances of the same orchestrator. */
    public List<URI> nodes() {
        return nodes;
    }

    /** A builder that begins with this offer, under another token. */
    public Builder but(AuthToken newToken) {
        Builder builder = new Builder(endpoint, newToken)
                .capabilities(capabilities)
                .address(address)
                .nodes(nodes);
        builder.price = price;
        builder.prices = prices;
        builder.ticketParams = ticketParams;
        return builder;
    }

    private List<Object> parts() {
        return List.of(endpoint, token, capabilities, price, prices, ticketParams, address, nodes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Offer that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "offer of " + endpoint + " for " + price.map(Price::toString).orElse("nothing");
    }

    /** Makes an offer. Not thread-safe. */
    public static final class Builder {

        private final URI endpoint;
        private final AuthToken token;
        private Capabilities capabilities = Capabilities.NONE;
        private Optional<Price> price = Optional.empty();
        private Map<Integer, Map<String, Price>> prices = Map.of();
        private Optional<TicketParams> ticketParams = Optional.empty();
        private Address address = Address.NONE;
        private List<URI> nodes = List.of();

        private Builder(URI endpoint, AuthToken token) {
            this.endpoint = endpoint;
            this.token = token;
        }

        /** All that the orchestrator can do. */
        public Builder capabilities(Capabilities newCapabilities) {
            capabilities = newCapabilities;
            return this;
        }

        /** What is asked for the job. */
        public Builder price(Optional<Price> newPrice) {
            price = newPrice;
            return this;
        }

        /** What is asked for other work, by capability and model. */
        public Builder prices(Map<Integer, Map<String, Price>> newPrices) {
            prices = newPrices;
            return this;
        }

        /** How to pay. */
        public Builder ticketParams(Optional<TicketParams> newParams) {
            ticketParams = newParams;
            return this;
        }

        /** The account that signs results. */
        public Builder address(Address newAddress) {
            address = newAddress;
            return this;
        }

        /** Further instances of the same orchestrator. */
        public Builder nodes(List<URI> newNodes) {
            nodes = newNodes;
            return this;
        }

        /** The offer. */
        public Offer build() {
            return new Offer(this);
        }
    }
}
