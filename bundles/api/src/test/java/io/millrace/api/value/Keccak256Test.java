package io.millrace.api.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.junit.jupiter.api.Test;

class Keccak256Test {

    @Test
    void theEmptyStringHasItsKnownDigest() {
        assertEquals(
                "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", Keccak256.of().hex());
    }

    @Test
    void everyLengthAroundTheBlocksAgreesWithAnotherImplementation() {
        Random random = new Random(1);
        for (int length = 0; length < 600; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertEquals(other(bytes), Keccak256.of(bytes), "length " + length);
        }
    }

    @Test
    void bytesMayComeInAnyPieces() {
        Random random = new Random(2);
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);
        for (int run = 0; run < 20; run++) {
            Keccak256 keccak = new Keccak256();
            int at = 0;
            while (at < bytes.length) {
                int part = Math.min(bytes.length - at, 1 + random.nextInt(500));
                keccak.update(bytes, at, part);
                at += part;
            }
            assertEquals(other(bytes), keccak.digest());
        }
    }

    private static Bytes other(byte[] bytes) {
        KeccakDigest digest = new KeccakDigest(256);
        digest.update(bytes, 0, bytes.length);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return Bytes.of(out);
    }
}
