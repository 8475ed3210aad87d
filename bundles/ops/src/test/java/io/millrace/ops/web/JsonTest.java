package io.millrace.ops.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void aTreeIsWrittenInItsOrder() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", "node");
        tree.put("ready", true);
        tree.put("list", Arrays.asList(1, 2.5, null));
        tree.put("nobody", Optional.empty());
        tree.put("somebody", Optional.of(URI.create("http://a")));
        tree.put("nothing", Map.of());
        tree.put("none", List.of());
        assertEquals(
                "{\"name\":\"node\",\"ready\":true,\"list\":[1,2.5,null],\"nobody\":null,\"somebody\":\"http://a\","
                        + "\"nothing\":{},\"none\":[]}",
                Json.of(tree));
    }

    @Test
    void whatWouldEndAStringOrAPageIsEscaped() {
        assertEquals("\"\\\"\\\\\\n\\u0000\\u001b\\u003c/script\\u003e\\u0026\\u2028\"", Json.of("\"\\\n\0\u001b</script>&\u2028"));
    }

    @Test
    void lettersOfAllLanguagesStayAsTheyAre() {
        assertEquals("\"Mühlbach 水車\"", Json.of("Mühlbach 水車"));
    }

    @Test
    void aNumberThatJsonCannotSayIsNull() {
        assertEquals("[null,null]", Json.of(List.of(Double.NaN, Double.POSITIVE_INFINITY)));
    }
}
