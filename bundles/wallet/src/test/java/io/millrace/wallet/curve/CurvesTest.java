package io.millrace.wallet.curve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.wallet.curve.Curve.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libsecp256k1 and Bouncy Castle give the same bytes and the same verdicts. */
class CurvesTest {

    private static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    private static final Curve NATIVE = TestCurves.NATIVE;
    private static final Curve JAVA = TestCurves.JAVA;

    private final Random random = new Random(20261124);

    @Test
    void bothSignTheSameAndFindTheSamePublicKey() {
        for (int i = 0; i < 3000; i++) {
            byte[] secret = bytes(32);
            byte[] digest = bytes(32);
            try (SigningKey first = NATIVE.key(secret);
                    SigningKey second = JAVA.key(secret)) {
                byte[] signature = first.sign(digest);
                assertArrayEquals(first.publicKey(), second.publicKey());
                assertArrayEquals(signature, second.sign(digest));
                assertArrayEquals(first.publicKey(), NATIVE.recover(digest, signature));
                assertArrayEquals(first.publicKey(), JAVA.recover(digest, signature));
                assertTrue(BigIntegers.fromUnsignedByteArray(signature, 32, 32).compareTo(ORDER.shiftRight(1)) <= 0);
            }
        }
    }

    @Test
    void bothSignTheSameAtTheEndsOfTheRanges() {
        for (BigInteger secret : List.of(BigInteger.ONE, BigInteger.TWO, ORDER.subtract(BigInteger.ONE))) {
            for (BigInteger digest : ends()) {
                try (SigningKey first = NATIVE.key(word(secret));
                        SigningKey second = JAVA.key(word(secret))) {
                    byte[] signature = first.sign(word(digest));
                    assertArrayEquals(signature, second.sign(word(digest)), secret + " " + digest);
                    assertArrayEquals(first.publicKey(), NATIVE.recover(word(digest), signature));
                    assertArrayEquals(first.publicKey(), JAVA.recover(word(digest), signature));
                }
            }
        }
    }

    private static List<BigInteger> ends() {
        BigInteger most = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        return List.of(
                BigInteger.ZERO, BigInteger.ONE, ORDER.subtract(BigInteger.ONE), ORDER, ORDER.add(BigInteger.ONE), most);
    }

    @Test
    void bothRecoverTheSameOfSignaturesThatWereTamperedWith() {
        int recovered = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] digest = bytes(32);
            byte[] signature = tampered(i, digest);
            byte[] found = NATIVE.recover(digest, signature);
            assertArrayEquals(found, JAVA.recover(digest, signature), HexFormat.of().formatHex(signature));
            recovered += found.length == 0 ? 0 : 1;
        }
        // Of all x about half are of a point.
        assertTrue(recovered > 500 && recovered < 2500, "recovered " + recovered);
    }

    private byte[] tampered(int kind, byte[] digest) {
        byte[] signature;
        try (SigningKey key = NATIVE.key(bytes(32))) {
            signature = key.sign(digest);
        }
        switch (kind % 8) {
            case 0 -> signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> signature[64] = (byte) (55 - signature[64]);
            case 2 -> random.nextBytes(signature);
            case 3 -> put(signature, 32, ORDER.subtract(BigIntegers.fromUnsignedByteArray(signature, 32, 32)));
            case 4 -> digest[random.nextInt(32)] ^= 1;
            case 5 -> Arrays.fill(signature, 0, 32, (byte) 0);
            case 6 -> Arrays.fill(signature, 32, 64, (byte) 0);
            default -> put(signature, random.nextBoolean() ? 0 : 32, ORDER.add(new BigInteger(64, random)));
        }
        if (kind % 8 == 2) {
            signature[64] = (byte) (27 + random.nextInt(2));
        }
        return signature;
    }

    @Test
    void bothRecoverTheSameOfNumbersAtTheEndsOfTheRanges() {
        for (BigInteger r : ends()) {
            for (BigInteger s : ends()) {
                for (BigInteger digest : ends()) {
                    for (byte v = 27; v <= 28; v++) {
                        byte[] signature = new byte[65];
                        put(signature, 0, r);
                        put(signature, 32, s);
                        signature[64] = v;
                        assertArrayEquals(
                                NATIVE.recover(word(digest), signature),
                                JAVA.recover(word(digest), signature),
                                r + " " + s + " " + digest + " " + v);
                    }
                }
            }
        }
    }

    @Test
    void aKeyAtInfinityIsNotRecovered() {
        // With R = G, that is r = its x, and s = digest the public key would be 0.
        BigInteger x = new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16);
        byte[] signature = new byte[65];
        put(signature, 0, x);
        put(signature, 32, BigInteger.TEN);
        signature[64] = 27;
        for (Curve curve : List.of(NATIVE, JAVA)) {
            assertEquals(0, curve.recover(word(BigInteger.TEN), signature).length, curve.name());
        }
    }

    @Test
    void whatIsNoKeyIsRefusedByBoth() {
        for (Curve curve : List.of(NATIVE, JAVA)) {
            for (byte[] bad : List.of(word(BigInteger.ZERO), word(ORDER), word(ORDER.add(BigInteger.ONE)), bytes(31), bytes(33), new byte[0])) {
                assertThrows(IllegalArgumentException.class, () -> curve.key(bad), curve.name());
            }
        }
    }

    /** libsecp256k1 would end the process if such arguments reached it. */
    @Test
    void whatIsNoDigestOrSignatureReachesNeither() {
        for (Curve curve : List.of(NATIVE, JAVA)) {
            try (SigningKey key = curve.key(bytes(32))) {
                for (int length : new int[] {0, 31, 33}) {
                    assertThrows(IllegalArgumentException.class, () -> key.sign(new byte[length]));
                    assertThrows(IllegalArgumentException.class, () -> curve.recover(new byte[length], new byte[65]));
                }
                for (int v : new int[] {0, 1, 26, 29, 30, 31, 255}) {
                    byte[] signature = key.sign(bytes(32));
                    signature[64] = (byte) v;
                    assertThrows(IllegalArgumentException.class, () -> curve.recover(bytes(32), signature));
                }
                for (int length : new int[] {0, 64, 66}) {
                    assertThrows(IllegalArgumentException.class, () -> curve.recover(bytes(32), new byte[length]));
                }
            }
        }
    }

    @Test
    void theLibraryIsTheOneThatWasChosen() throws Exception {
        for (String[] known : new String[][] {
            {"linux-x86_64", "25f0f0bfd3e4b202563f772963ea803f0f949e5593476d3cd4b755f800bf7704"},
            {"linux-aarch64", "4e9c780ba134d130799c5f2d15ba90bf9fb477b34fc78d0f5b55fee90a734e37"}
        }) {
            try (InputStream in =
                    getClass().getResourceAsStream("/fr/acinq/secp256k1/jni/native/" + known[0] + "/libsecp256k1-jni.so")) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                assertEquals(known[1], HexFormat.of().formatHex(hash), known[0]);
            }
        }
    }

    @Test
    void loadingLeavesNoFileBehind() throws IOException {
        long before = unpacked();
        Curves.loadNative();
        assertEquals(before, unpacked());
    }

    private static long unpacked() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("millrace-wallet-")).count();
        }
    }

    @Test
    void whatIsNoLibraryIsAnErrorThatSaysSo(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("libsecp256k1.so"), "no library");
        String said = assertThrows(IOException.class, () -> NativeCurve.load(file)).getMessage();
        assertTrue(said.contains("libsecp256k1.so"), said);
    }

    @Test
    void bouncyCastleIsUsedWhereTheLibraryIsNotThere() {
        String before = System.getProperty("os.arch");
        System.setProperty("os.arch", "s390x");
        try {
            assertEquals(JAVA.name(), Curves.load().name());
        } finally {
            System.setProperty("os.arch", before);
        }
        assertEquals(NATIVE.name(), Curves.load().name());
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] word(BigInteger number) {
        return BigIntegers.asUnsignedByteArray(32, number);
    }

    private static void put(byte[] signature, int at, BigInteger number) {
        System.arraycopy(word(number.mod(BigInteger.ONE.shiftLeft(256))), 0, signature, at, 32);
    }
}
