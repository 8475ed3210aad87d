package io.millrace.kernel.payment;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.util.List;

/**
 * What an orchestrator signs of its results: the hash of the hashes of all of them, in the order they were asked for
 * (go-livepeer: server/segment_rpc.go, ServeSegment, and verification/verify.go, verifySigs).
 */
public final class ResultDigest {

    private ResultDigest() {}

    /** The 32 bytes that are signed for these results. */
    public static Bytes of(List<Bytes> results) {
        Keccak256 all = new Keccak256();
        for (Bytes result : results) {
            byte[] hash = Keccak256.of(result).unsafeArray();
            all.update(hash, 0, hash.length);
        }
        return all.digest();
    }
}
