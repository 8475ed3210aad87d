package io.millrace.launcher.livepeer;

import io.millrace.launcher.Refused;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.parsson.JsonProviderImpl;

/** go-livepeer's lists of prices, which are JSON or a file of it, as the lines that this node's settings have. */
final class PriceLists {

    private static final int MOST_DIGITS = 40;

    private PriceLists() {}

    /** Prices by gateway. */
    static String ofGateways(String flag, String text) {
        List<String> lines = new ArrayList<>();
        JsonObject all = read(flag, text);
        for (String name : List.of("broadcasters", "gateways")) {
            for (JsonObject one : entries(flag, all, name)) {
                String address = text(one, "ethaddress");
                if (!address.matches("0x[0-9a-fA-F]{40}")) {
                    throw new Refused("-" + flag + " has a price for '" + address + "', which is no address.");
                }
                String price = amount(flag, one, "priceperunit").orElseThrow(
                        () -> new Refused("-" + flag + " has no priceperunit for " + address + "."));
                String pixels = amount(flag, one, "pixelsperunit").orElseThrow(
                        () -> new Refused("-" + flag + " has no pixelsperunit for " + address + "."));
                lines.add(address + "=" + price + text(one, "currency") + "/" + pixels);
            }
        }
        return String.join(",", lines);
    }

    /** Maximum prices by capability and model; what has none is left to the one for everything. */
    static String ofCapabilities(String flag, String text, String pixelsPerUnit) {
        List<String> lines = new ArrayList<>();
        for (JsonObject one : entries(flag, read(flag, text), "capabilities_prices")) {
            String model = text(one, "model_id");
            Optional<String> price = amount(flag, one, "price_per_unit").filter(amount -> isPositive(amount));
            String pixels = amount(flag, one, "pixels_per_unit").filter(amount -> isPositive(amount)).orElse(pixelsPerUnit);
            price.ifPresent(amount -> lines.add(text(one, "pipeline")
                    + (model.isEmpty() || model.equals("default") ? "" : "/" + model)
                    + "=" + amount + text(one, "currency") + "/" + pixels));
        }
        return String.join(",", lines);
    }

    private static boolean isPositive(String amount) {
        return new BigDecimal(amount).signum() > 0;
    }

    private static JsonObject read(String flag, String text) {
        if (text.isEmpty()) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        String json = text;
        try {
            if (!text.stripLeading().startsWith("{")) {
                json = Files.readString(Path.of(text));
            }
            try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(json))) {
                return reader.readObject();
            }
        } catch (IOException | InvalidPathException e) {
            throw new Refused("-" + flag + " takes JSON or a file of it; " + text + " cannot be read (" + e.getMessage() + ").");
        } catch (JsonException e) {
            throw new Refused("-" + flag + " is no JSON: " + e.getMessage());
        }
    }

    private static List<JsonObject> entries(String flag, JsonObject all, String name) {
        JsonValue value = value(all, name);
        if (value == JsonValue.NULL) {
            return List.of();
        }
        if (value instanceof JsonArray array && array.stream().allMatch(JsonObject.class::isInstance)) {
            return array.getValuesAs(JsonObject.class);
        }
        throw new Refused("-" + flag + ": " + name + " is no list of objects.");
    }

    /** Names are matched whatever their case, as Go does. */
    private static JsonValue value(JsonObject object, String name) {
        return object.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(JsonValue.NULL);
    }

    private static String text(JsonObject object, String name) {
        return value(object, name) instanceof JsonString text ? text.getString() : "";
    }

    private static Optional<String> amount(String flag, JsonObject object, String name) {
        JsonValue value = value(object, name);
        if (value == JsonValue.NULL) {
            return Optional.empty();
        }
        if (value instanceof JsonNumber number) {
            BigDecimal amount = number.bigDecimalValue();
            if (amount.signum() >= 0 && Math.abs(amount.scale()) <= MOST_DIGITS && amount.precision() <= MOST_DIGITS) {
                return Optional.of(amount.stripTrailingZeros().toPlainString());
            }
        }
        throw new Refused("-" + flag + ": " + name + " is " + value + "; give a number that is not negative.");
    }
}
