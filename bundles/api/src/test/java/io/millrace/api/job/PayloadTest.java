package io.millrace.api.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.Payload.Request;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PayloadTest {

    @Test
    void aRequestIsJsonAndAnsweredAtOnceUnlessItSaysOtherwise() {
        Request request = Request.of(27, "m").build();
        assertEquals(27, request.capability());
        assertEquals("m", request.model());
        assertEquals("application/json", request.contentType());
        assertFalse(request.streaming());
        assertEquals("", request.path());
        assertEquals(Map.of(), request.headers());
        assertEquals(OptionalLong.empty(), request.units());
    }

    @Test
    void aRequestHasAllThatWasSaid() {
        Request request = Request.of(37, "")
                .contentType("text/plain")
                .streaming(true)
                .path("v1/chat")
                .units(12)
                .build();
        assertEquals("text/plain", request.contentType());
        assertTrue(request.streaming());
        assertEquals("v1/chat", request.path());
        assertEquals(OptionalLong.of(12), request.units());
    }

    @Test
    void headersHaveNamesInLowerCaseAndTheLastValueCounts() {
        Request request = Request.of(37, "")
                .header("X-Title", "one")
                .header("x-tITLE", "Two")
                .header("Accept", "*/*")
                .build();
        assertEquals(Map.of("x-title", "Two", "accept", "*/*"), request.headers());
        assertEquals(List.of("accept", "x-title"), List.copyOf(request.headers().keySet()));
    }

    @Test
    void aRequestDoesNotChangeWithItsBuilder() {
        Request.Builder builder = Request.of(37, "").header("a", "1");
        Request request = builder.build();
        builder.header("b", "2").path("later");
        assertEquals(Map.of("a", "1"), request.headers());
        assertEquals("", request.path());
        assertThrows(UnsupportedOperationException.class, () -> request.headers().put("c", "3"));
    }
}
