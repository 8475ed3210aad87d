package io.millrace.livepeer.mapping;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.livepeer.wire.OrchestratorInfo;
import io.millrace.livepeer.wire.PriceInfo;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps offers, which the wire calls the info of an orchestrator. */
public final class OfferMapping {

    /** Longest name of a session, in characters; those of go-livepeer have eight. */
    private static final int MAX_SESSION = 256;

    /** Prices in one offer; an orchestrator has one for each model. */
    private static final int MAX_PRICES = 4096;

    private OfferMapping() {}

    /** To the wire. */
    public static OrchestratorInfo toWire(Offer offer) {
        OrchestratorInfo.Builder message = OrchestratorInfo.newBuilder()
                .setTranscoder(offer.endpoint().toString())
                .setAddress(FixedBytes.write(offer.address().bytes()))
                .setCapabilities(CapabilitiesMapping.toWire(offer.capabilities()))
                .setAuthToken(TokenMapping.toWire(offer.token()))
                .addAllNodes(offer.nodes().stream().map(URI::toString).toList());
        // The network hears of a price from those who have an account that can be paid.
        offer.price()
                .filter(price -> !offer.address().equals(Address.NONE))
                .ifPresent(price -> message.setPriceInfo(PriceMapping.toWire(price)));
        if (!offer.address().equals(Address.NONE)) {
            offer.prices().forEach((capability, byModel) -> byModel.forEach(
                    (model, price) -> message.addCapabilitiesPrices(PriceMapping.toWire(price).toBuilder()
                            .setCapability(capability)
                            .setConstraint(model))));
        }
        offer.ticketParams().ifPresent(params -> message.setTicketParams(PaymentMapping.offered(params)));
        return message.build();
    }

    /**
     * From the wire.
     *
     * @throws Malformed when it is no offer: without a token, or without an address to submit to
     */
    public static Offer fromWire(OrchestratorInfo message) throws Malformed {
        if (!message.hasAuthToken()) {
            throw new Malformed("missing auth token");
        }
        Optional<Price> price =
                message.hasPriceInfo() ? Optional.of(PriceMapping.fromWire(message.getPriceInfo())) : Optional.empty();
        Optional<TicketParams> params = message.hasTicketParams()
                ? Optional.of(PaymentMapping.offered(message.getTicketParams()))
                : Optional.empty();
        String session = message.getAuthToken().getSessionId();
        if (session.length() > MAX_SESSION || session.chars().anyMatch(Character::isISOControl)) {
            throw new Malformed("a session with a name of no use: " + shown(session));
        }
        Address address = FixedBytes.address(message.getAddress());
        List<URI> nodes =
                message.getNodesList().stream().flatMap(node -> WebAddress.parse(node).stream()).toList();
        URI endpoint = WebAddress.parse(message.getTranscoder())
                .orElseThrow(() -> new Malformed("no address to submit to: " + shown(message.getTranscoder())));
        return Offer.at(endpoint, TokenMapping.fromWire(message.getAuthToken()))
                .capabilities(
                        message.hasCapabilities()
                                ? CapabilitiesMapping.fromWire(message.getCapabilities())
                                : Capabilities.NONE)
                .price(price)
                .prices(prices(message))
                .ticketParams(params)
                .address(address)
                .nodes(nodes)
                .build();
    }

    private static Map<Integer, Map<String, Price>> prices(OrchestratorInfo message) throws Malformed {
        if (message.getCapabilitiesPricesCount() > MAX_PRICES) {
            throw new Malformed("more than " + MAX_PRICES + " prices");
        }
        Map<Integer, Map<String, Price>> prices = new HashMap<>();
        for (PriceInfo price : message.getCapabilitiesPricesList()) {
            prices.computeIfAbsent(price.getCapability(), capability -> new HashMap<>())
                    .put(price.getConstraint(), PriceMapping.fromWire(price));
        }
        return prices;
    }

    private static String shown(String text) {
        String start = text.substring(0, Math.min(text.length(), 100));
        return "\"" + start.replaceAll("\\p{Cc}", "?") + "\"";
    }
}
