package io.millrace.wallet.keystore;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/** How the key of a file's cipher is made of a password. What would take too long or too much memory is refused. */
sealed interface KeyDerivation {

    /** Bytes that the cipher and the checksum need. */
    int LENGTH = 32;

    /** Bytes of key and of salt, at most. */
    int MOST_BYTES = 1024;

    /** {@link #LENGTH} bytes, which the caller wipes. */
    byte[] derive(byte[] password) throws UnusableKeystore;

    /**
     * scrypt. go-ethereum's files have n of 262144, or 4096 with its option --lightkdf.
     *
     * @param n cost, a power of two
     * @param r size of a block, in 128 bytes
     * @param p repetitions
     * @param length bytes that are derived; only the first are used
     */
    record Scrypt(int n, int r, int p, int length, byte[] salt) implements KeyDerivation {

        /** Of memory; go-ethereum's files take 256 MB. */
        private static final long MOST_MEMORY = 1L << 30;

        /** Of memory that is gone through in all; go-ethereum's files take 256 MB. */
        private static final long MOST_WORK = 1L << 33;

        /** Of 128 bytes, which are mixed; go-ethereum's files have 8. */
        private static final int MOST_BLOCKS = 1 << 16;

        public Scrypt {
            bounded(length, salt);
            if (n < 2 || Integer.bitCount(n) != 1 || r < 1 || p < 1) {
                throw new IllegalArgumentException("its scrypt parameters are none: n is a power of two, r and p are"
                        + " positive");
            }
            if (n > MOST_MEMORY / 128 / r || p > MOST_WORK / 128 / r / n || (long) r * p > MOST_BLOCKS) {
                throw new IllegalArgumentException("its scrypt parameters n=" + n + ", r=" + r + ", p=" + p
                        + " ask for more than 1 GiB of memory, or for minutes; go-ethereum writes 262144, 8, 1");
            }
        }

        @Override
        public byte[] derive(byte[] password) throws UnusableKeystore {
            byte[] blocks = stretch(password, salt, 1, 128 * r * p);
            try {
                ScryptTable.mix(blocks, n, r, p);
                return first(stretch(password, blocks, 1, length));
            } catch (OutOfMemoryError e) {
                throw new UnusableKeystore("its scrypt parameters need " + (128L * r * n >> 20)
                        + " MB of memory, which this system has not. Give it more, or use a light keystore file");
            } finally {
                Arrays.fill(blocks, (byte) 0);
            }
        }
    }

    /** PBKDF2 with HMAC of SHA-256. */
    record Pbkdf2(int iterations, int length, byte[] salt) implements KeyDerivation {

        private static final int MOST_ITERATIONS = 10_000_000;

        public Pbkdf2 {
            bounded(length, salt);
            if (iterations < 1 || iterations > MOST_ITERATIONS) {
                throw new IllegalArgumentException(
                        "its pbkdf2 parameter c is " + iterations + ", which is not within 1 and " + MOST_ITERATIONS);
            }
        }

        @Override
        public byte[] derive(byte[] password) {
            return first(stretch(password, salt, iterations, length));
        }
    }

    private static byte[] stretch(byte[] password, byte[] salt, int iterations, int length) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password, salt, iterations);
        return ((KeyParameter) generator.generateDerivedMacParameters(Byte.SIZE * length)).getKey();
    }

    private static void bounded(int length, byte[] salt) {
        if (length < LENGTH || length > MOST_BYTES || salt.length > MOST_BYTES) {
            throw new IllegalArgumentException("its key has " + length + " bytes and its salt " + salt.length
                    + ": a key has 32 to " + MOST_BYTES + ", a salt at most as many");
        }
    }

    private static byte[] first(byte[] derived) {
        byte[] first = Arrays.copyOf(derived, LENGTH);
        Arrays.fill(derived, (byte) 0);
        return first;
    }
}
