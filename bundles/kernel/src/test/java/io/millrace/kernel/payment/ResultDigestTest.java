package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultDigestTest {

    @Test
    void aResultIsSignedOverTheHashOfItsHashes() {
        Bytes digest = ResultDigest.of(List.of(Bytes.utf8("rendition-one"), Bytes.utf8("rendition-two")));
        assertEquals("93712e35ddb18ec5abb0b96db85b7e5215883003258936121c54b46d3599d914", digest.hex());
    }
}
