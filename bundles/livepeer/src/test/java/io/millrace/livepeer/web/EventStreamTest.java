package io.millrace.livepeer.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.value.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    @Test
    void eventsAreTakenApartAtTheirEmptyLinesAndEmptyLinesBetweenThemAreNoise() throws IOException {
        InputStream in = in("\n\nevent: a\ndata: 1\n\n\n\r\ndata: 2\r\n\r\ndata: [DONE]");
        assertEquals(Bytes.utf8("event: a\ndata: 1\n\n"), EventStream.event(in));
        assertEquals(Bytes.utf8("data: 2\n\n"), EventStream.event(in));
        assertEquals(Bytes.utf8("data: [DONE]"), EventStream.event(in));
        assertEquals(Bytes.EMPTY, EventStream.event(in));
    }

    @Test
    void anEventWithoutEndIsCutOff() {
        assertThrows(IOException.class, () -> EventStream.event(in("data: " + "x".repeat(2 << 20))));
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
