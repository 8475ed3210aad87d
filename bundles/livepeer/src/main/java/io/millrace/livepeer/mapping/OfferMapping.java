package io.millrace.livepeer.mapping;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.livepeer.wire.OrchestratorInfo;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Offers, which the wire calls the info of an orchestrator. */
public final class OfferMapping {

    /** Longest name of a session, in characters; those of go-livepeer have eight. */
    private static final int MAX_SESSION = 256;

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
        return new Offer(
                WebAddress.parse(message.getTranscoder())
                        .orElseThrow(() -> new Malformed("no address to submit to: " + shown(message.getTranscoder()))),
                TokenMapping.fromWire(message.getAuthToken()),
                message.hasCapabilities() ? CapabilitiesMapping.fromWire(message.getCapabilities()) : Capabilities.NONE,
                price,
                params,
                address,
                nodes);
    }

    private static String shown(String text) {
        String start = text.substring(0, Math.min(text.length(), 100));
        return "\"" + start.replaceAll("\\p{Cc}", "?") + "\"";
    }
}
