package io.millrace.wallet.keystore;

import io.millrace.api.value.Address;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An object of a file, names in any case, as go-ethereum reads them. A field that is not what is asked for is an
 * IllegalArgumentException that names it.
 *
 * @param path what messages put before a name
 * @param values the fields
 */
record KeyFields(String path, Map<String, JsonValue> values) {

    static KeyFields of(JsonObject object) {
        return of("", object);
    }

    private static KeyFields of(String path, JsonObject object) {
        Map<String, JsonValue> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        values.putAll(object);
        return new KeyFields(path, values);
    }

    KeyFields object(String name) {
        return values.get(name) instanceof JsonObject object ? of(path + name + ".", object) : wrong(name);
    }

    String text(String name) {
        return values.get(name) instanceof JsonString string ? string.getString() : wrong(name);
    }

    int number(String name) {
        JsonValue value = values.get(name);
        try {
            // by its text, so that a huge exponent is never expanded
            return value == null ? wrong(name) : Integer.parseInt(value.toString());
        } catch (NumberFormatException e) {
            return wrong(name);
        }
    }

    byte[] hex(String name) {
        String text = text(name);
        try {
            return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
        } catch (IllegalArgumentException e) {
            return wrong(name);
        }
    }

    Optional<Address> address(String name) {
        return values.containsKey(name) ? KeyFile.address(text(name)) : Optional.empty();
    }

    private <T> T wrong(String name) {
        throw new IllegalArgumentException("its field " + path + name + " is missing or not what it should be");
    }
}
