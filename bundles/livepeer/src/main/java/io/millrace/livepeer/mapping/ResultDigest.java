package io.millrace.livepeer.mapping;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** What an orchestrator signs of a result: the hash of the hashes of its renditions, in order. */
public final class ResultDigest {

    private ResultDigest() {}

    /** The digest that is signed. */
    public static Bytes of(List<Bytes> renditions) {
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        renditions.forEach(rendition -> hashes.writeBytes(Keccak256.of(rendition).unsafeArray()));
        return Keccak256.of(hashes.toByteArray());
    }
}
