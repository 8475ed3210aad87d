package io.millrace.runner;

import io.millrace.api.value.Capability;
import io.millrace.api.value.Price;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The file of the models, as go-livepeer has it (core/ai.go, AIModelConfig). */
final class ModelsFile {

    /** Those that need more than a call over HTTP. */
    private static final Set<Integer> NOT_YET = Set.of(Capability.IMAGE_TO_VIDEO, Capability.LIVE_VIDEO_TO_VIDEO);

    private static final int MAX_CAPACITY = 10_000;
    private static final int MAX_DIGITS = 60;

    /**
     * One model at one runner.
     *
     * @param url of the runner; what it does lies below it
     * @param token that it wants, empty for none
     * @param warm whether the model is loaded already
     * @param capacity jobs at once
     * @param price asked for a unit; empty asks what the node asks for everything
     */
    record Model(
            int capability, String name, URI url, String token, boolean warm, int capacity, Optional<Price> price) {

        /** In addresses and messages. */
        String pipeline() {
            return Capability.pipeline(capability).orElseThrow();
        }

        /** The token stays out of logs. */
        @Override
        public String toString() {
            return pipeline() + " " + name + " at " + url;
        }
    }

    private ModelsFile() {}

    /**
     * Reads a file's text.
     *
     * @param pixelsPerUnit what a price is for where an entry does not say, as go-livepeer's -pixelsPerUnit
     * @throws IllegalArgumentException that says what is wrong, and with which entry
     */
    static List<Model> read(String text, long pixelsPerUnit) {
        if (!(Json.value(text) instanceof JsonArray entries)) {
            throw new IllegalArgumentException("it is no JSON array of models");
        }
        List<Model> models = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Model model;
            try {
                model = model(entries.get(i), pixelsPerUnit);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("entry " + (i + 1) + ": " + e.getMessage(), e);
            }
            if (!seen.add(model.toString())) {
                throw new IllegalArgumentException("entry " + (i + 1) + ": " + model + " is named twice");
            }
            models.add(model);
        }
        return models;
    }

    private static Model model(JsonValue value, long pixelsPerUnit) {
        if (!(value instanceof JsonObject entry)) {
            throw new IllegalArgumentException("it is no JSON object");
        }
        String pipeline = Json.text(entry, "pipeline");
        int capability = Capability.ofPipeline(pipeline)
                .orElseThrow(() -> new IllegalArgumentException("'" + pipeline + "' is no pipeline of the network"));
        if (NOT_YET.contains(capability)) {
            throw new IllegalArgumentException(pipeline + " is not there yet: leave it out");
        }
        String name = Json.text(entry, "model_id");
        if (name.isBlank()) {
            throw new IllegalArgumentException("it has no model_id");
        }
        String gateway = Json.text(entry, "gateway");
        if (!gateway.isEmpty() && !gateway.equals("default")) {
            throw new IllegalArgumentException("prices for single gateways are not there yet: leave 'gateway' out");
        }
        return new Model(
                capability,
                name,
                url(Json.text(entry, "url")),
                token(Json.text(entry, "token")),
                entry.get("warm") == JsonValue.TRUE,
                number(entry, "capacity").map(ModelsFile::capacity).orElse(1),
                price(entry, pixelsPerUnit));
    }

    /** It is sent in a header. What is wrong with it is said without it, for that is read by others. */
    private static String token(String text) {
        if (!text.chars().allMatch(one -> one > ' ' && one <= '~')) {
            throw new IllegalArgumentException(
                    "its token has a space, a line's end or another character that no header takes: give it without");
        }
        return text;
    }

    private static URI url(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it has no url: containers are not started by this node yet, so start the"
                    + " runner yourself and give its address");
        }
        try {
            URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // refused below, with what to give instead
        }
        throw new IllegalArgumentException("'" + text + "' is no http or https address");
    }

    private static int capacity(BigDecimal number) {
        // without a capacity go-livepeer takes one job at a time
        if (number.signum() == 0) {
            return 1;
        }
        if (number.compareTo(BigDecimal.ONE) < 0 || number.compareTo(BigDecimal.valueOf(MAX_CAPACITY)) > 0) {
            throw new IllegalArgumentException("capacity is from 1 to " + MAX_CAPACITY);
        }
        return number.intValue();
    }

    private static Optional<Price> price(JsonObject entry, long pixelsPerUnit) {
        Optional<BigDecimal> price = number(entry, "price_per_unit");
        if (price.isEmpty()) {
            return Optional.empty();
        }
        String currency = Json.text(entry, "currency");
        if (!currency.isEmpty() && !currency.equalsIgnoreCase("wei")) {
            throw new IllegalArgumentException(
                    "prices in " + currency + " are not there yet: give price_per_unit in wei, without a currency");
        }
        BigDecimal units = number(entry, "pixels_per_unit").orElse(BigDecimal.valueOf(pixelsPerUnit));
        BigInteger whole;
        try {
            whole = units.toBigIntegerExact();
        } catch (ArithmeticException e) {
            whole = BigInteger.ZERO;
        }
        if (price.get().signum() < 0 || whole.signum() <= 0) {
            throw new IllegalArgumentException(
                    "price_per_unit is at least 0, and pixels_per_unit a whole number of at least 1");
        }
        int scale = Math.max(0, price.get().scale());
        BigInteger wei = price.get().movePointRight(scale).toBigIntegerExact();
        return Optional.of(new Price(wei, whole.multiply(BigInteger.TEN.pow(scale))));
    }

    private static Optional<BigDecimal> number(JsonObject entry, String key) {
        JsonValue value = entry.getOrDefault(key, JsonValue.NULL);
        return switch (value) {
            case JsonNumber number -> {
                BigDecimal decimal = number.bigDecimalValue();
                if (Math.abs((long) decimal.scale()) + decimal.precision() > MAX_DIGITS) {
                    throw new IllegalArgumentException("'" + key + "' has too many digits");
                }
                yield Optional.of(decimal);
            }
            case JsonValue none when none == JsonValue.NULL -> Optional.empty();
            default -> throw new IllegalArgumentException("'" + key + "' is no number: " + value);
        };
    }
}
