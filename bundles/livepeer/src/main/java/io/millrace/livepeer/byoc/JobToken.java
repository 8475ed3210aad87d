package io.millrace.livepeer.byoc;

import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capabilities.Model;
import io.millrace.api.value.Capability;
import io.millrace.api.value.SessionId;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WebAddress;
import io.millrace.livepeer.mapping.WireJson;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What an orchestrator offers for a capability. The network calls it a token, although it grants no access. */
final class JobToken {

    private JobToken() {}

    /** Writes the token for the wire. Values of zero are left out, as with Go; without a chain every price is zero. */
    static String toWire(Sender sender, URI service, int capacity) {
        JsonObjectBuilder token = WireJson.PROVIDER
                .createObjectBuilder()
                .add("sender_address", sender.toWire())
                .add("price", WireJson.PROVIDER.createObjectBuilder().add("pixelsPerUnit", 1))
                .add("service_addr", service.toString());
        if (capacity > 0) {
            token.add("available_capacity", capacity);
        }
        return token.add("LastNonce", 0).build() + "\n";
    }

    /**
     * From the wire, as an offer under a session that only this node knows: jobs of this kind have none.
     *
     * @return empty when there is no room now
     */
    static Optional<Offer> fromWire(String body, String capability, Instant expiration) throws Malformed {
        JsonObject token = WireJson.object(body);
        long capacity = WireJson.number(token, "available_capacity");
        if (capacity <= 0) {
            return Optional.empty();
        }
        String service = WireJson.text(token, "service_addr");
        JsonValue price = token.getOrDefault("price", JsonValue.EMPTY_JSON_OBJECT);
        if (price.getValueType() == JsonValue.ValueType.OBJECT
                && WireJson.number(price.asJsonObject(), "pricePerUnit") > 0) {
            throw new Malformed("it wants to be paid, which needs a chain");
        }
        Model model = new Model(true, (int) Math.min(capacity, Integer.MAX_VALUE), "", 0);
        AuthToken session = new AuthToken(Bytes.EMPTY, new SessionId(UUID.randomUUID().toString()), expiration);
        return Optional.of(Offer.at(
                        WebAddress.parse(service).orElseThrow(() -> new Malformed("no address to submit to")), session)
                .capabilities(
                        Capabilities.of(Capability.BYOC).withModels(Map.of(Capability.BYOC, Map.of(capability, model))))
                .build());
    }
}
