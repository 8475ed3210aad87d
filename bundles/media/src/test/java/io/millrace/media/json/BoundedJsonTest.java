package io.millrace.media.json;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedJsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{", "{\"a\"", "[1,", "\"abc"})
    void textThatBreaksOffSaysSoInTheWordsOfTheWire(String text) {
        MalformedJson refused = assertThrows(MalformedJson.class, () -> BoundedJson.parse(text));
        assertEquals("unexpected end of JSON input", refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "x | invalid character 'x' looking for beginning of value",
        "{'a':1} | invalid character '\\'' looking for beginning of object key string",
        "{1:1} | invalid character '1' looking for beginning of object key string",
        "{\"a\":1,} | invalid character '}' looking for beginning of object key string",
        "{\"a\" 1} | invalid character '1' after object key",
        "{\"a\":1 2} | invalid character '2' after object key:value pair",
        "[1 2] | invalid character '2' after array element",
        "[1,] | invalid character ']' looking for beginning of value",
        "{\"a\":1}x | invalid character 'x' after top-level value",
        "[1]] | invalid character ']' after top-level value",
        "{\"a\":tru} | invalid character '}' in literal true (expecting 'e')",
        "nul1 | invalid character '1' in literal null (expecting 'l')",
        "{\"a\":01} | invalid character '1' after object key:value pair",
        "-x | invalid character 'x' in numeric literal",
        "1.x | invalid character 'x' after decimal point in numeric literal",
        "1e+x | invalid character 'x' in exponent of numeric literal",
        "`\"a\\q\"` | invalid character 'q' in string escape code",
        "`\"\\u12g4\"` | invalid character 'g' in \\u hexadecimal character escape",
        "`\"a\tb\"` | invalid character '\\t' in string literal",
    })
    void otherTextIsRefusedInTheWordsOfTheWireToo(String text, String message) {
        assertEquals(message, assertThrows(MalformedJson.class, () -> BoundedJson.parse(text)).getMessage());
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
