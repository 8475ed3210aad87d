package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,0,1", "bytes=10-19,10,10", "bytes=90-,90,10", "bytes=90-1000,90,10", "bytes=-5,95,5",
        "bytes=-1000,0,100", "bytes = 1 - 2,1,2", "bytes=99-999999999999999999,99,1"
    })
    void aSinglePartIsCutOut(String header, int from, int length) {
        assertEquals(Optional.of(new ByteRange(from, length)), ByteRange.of(header, 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=999999999999999999-", "bytes=-0"})
    void aPartOutsideIsUnsatisfiable(String header) {
        assertTrue(ByteRange.of(header, 100).orElseThrow().isUnsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=0-1,5-6", "items=0-1", "bytes=+1-2",
        "bytes=99999999999999999999-"
    })
    void anythingElseIsIgnored(String header) {
        assertEquals(Optional.empty(), ByteRange.of(header, 100));
    }
}
