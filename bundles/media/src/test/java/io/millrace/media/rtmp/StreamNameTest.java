package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamNameTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            # application, stream,          manifest, key
            movie,         '',              movie,    ''
            '',            movie,           movie,    ''
            live,          movie,           movie,    ''
            stream,        movie,           movie,    ''
            stream/live,   movie,           movie,    ''
            live/movie,    secret,          movie,    secret
            movie,         secret,          movie,    secret
            movie,         a/b/c,           movie,    a/b/c
            live,          movie.flv,       movie,    ''
            live/,         /movie/,         movie,    ''
            live,          movie?token=x/y, movie,    ''
            live?x=1,      movie,           movie,    ''
            alive,         movie,           alive,    movie
            live/movie,    my.key,          movie,    my.key
            movie,         a/b.c/d.flv,     movie,    a/b.c/d.flv
            movie,         .key,            movie,    .key
            live,          my%20movie+1,    my movie+1, ''
            """)
    void theAddressMakesNameAndKey(String application, String stream, String manifest, String key) {
        StreamName name = StreamName.of(application, stream);
        assertEquals(manifest, name.manifest().value());
        assertEquals(key, name.key());
    }

    @Test
    void withoutANameThereIsARandomOne() {
        StreamName one = StreamName.of("", "");
        assertTrue(one.manifest().value().matches("[0-9a-f]{8}"));
        assertNotEquals(one, StreamName.of("", ""));
    }

    @Test
    void whatCouldLeaveItsPlaceIsRefused() {
        for (String bad : new String[] {"..", "%2e%2e", "a%00b", "a%5cb", "%zz"}) {
            assertThrows(IllegalArgumentException.class, () -> StreamName.of("live", bad + "/key"), bad);
        }
    }
}
