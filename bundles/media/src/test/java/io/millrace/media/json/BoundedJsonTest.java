package io.millrace.media.json;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedJsonTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "", "  ", "{", "{\"a\"", "[1,", "\"abc", "x", "{'a':1}", "{1:1}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1 2}", "[1 2]",
        "[1,]", "{\"a\":1}x", "[1]]", "1 2", "{\"a\":tru}", "nul1", "{\"a\":01}", "-x", "1.x", "1e+x", "\"a\\q\"",
        "\"\\u12g4\"", "\"a\tb\""
    })
    void whatIsNotOneJsonValueIsRefused(String text) {
        MalformedJson refused = assertThrows(MalformedJson.class, () -> BoundedJson.parse(text));
        assertTrue(refused.getMessage().startsWith("not one JSON value: "), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        " {\"a\" : [ 1 , -0.5e-3 , true , false , null , \"\\u00e9\\n\\\"\" , {} , [] ] } ", "0", "\"\"", "[[[]]]", "-12.50E+2"
    })
    void whatIsJsonIsTaken(String text) {
        assertDoesNotThrow(() -> BoundedJson.parse(text));
    }

    @Test
    void nestingIsBounded() throws MalformedJson {
        assertEquals(JsonValue.ValueType.ARRAY, BoundedJson.parse("[".repeat(10) + "]".repeat(10)).getValueType());
        assertThrows(MalformedJson.class, () -> BoundedJson.parse("[".repeat(100_000)));
        assertThrows(MalformedJson.class, () -> BoundedJson.parse("{\"a\":".repeat(1000) + "1" + "}".repeat(1000)));
    }

    @Test
    void lengthIsBounded() {
        String text = "\"" + "a".repeat(BoundedJson.MAX_CHARACTERS) + "\"";
        assertThrows(MalformedJson.class, () -> BoundedJson.parse(text));
    }

    @Test
    void aHugeExponentIsNeverExpanded() throws MalformedJson {
        JsonFields fields = JsonFields.of("profile", BoundedJson.parse("{\"width\":1e999999999}"));
        MalformedJson refused = assertThrows(MalformedJson.class, () -> fields.integer("width"));
        assertTrue(refused.getMessage().startsWith("json: cannot unmarshal number 1"), refused.getMessage());
    }

    @Test
    void fieldNamesMatchInAnyCaseAndNullIsAbsent() throws MalformedJson {
        JsonFields fields = JsonFields.of("x", BoundedJson.parse("{\"WIDTH\":3,\"name\":null,\"Flag\":true}"));
        assertEquals(3, fields.integer("width"));
        assertEquals("", fields.text("name"));
        assertTrue(fields.flag("flag"));
    }

    @Test
    void aFieldOfAnotherTypeIsNamed() throws MalformedJson {
        JsonFields fields = JsonFields.of("JsonProfile.profiles", BoundedJson.parse("{\"width\":\"640\",\"fps\":-1}"));
        assertEquals(
                "json: cannot unmarshal string into Go struct field JsonProfile.profiles.width of type int",
                assertThrows(MalformedJson.class, () -> fields.integer("width")).getMessage());
        assertEquals(
                "json: cannot unmarshal number -1 into Go struct field JsonProfile.profiles.fps of type uint",
                assertThrows(MalformedJson.class, () -> fields.unsigned("fps")).getMessage());
    }
}
