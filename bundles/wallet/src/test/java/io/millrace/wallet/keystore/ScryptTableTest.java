package io.millrace.wallet.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Bytes;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;

class ScryptTableTest {

    /** RFC 7914, section 10. */
    @Test
    void aBlockIsMixedAsTheStandardSays() {
        byte[] block = Bytes.hex("f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad"
                        + "89f68f4811d1e87bcc3bd7400a9ffd29094f0184639574f39ae5a1315217bcd7"
                        + "894991447213bb226c25b54da86370fbcd984380374666bb8ffcb5bf40c254b0"
                        + "67d27c51ce4ad5fed829c90b505a571b7f4d1cad6a523cda770e67bceaaf7e89")
                .toArray();
        ScryptTable.mix(block, 16, 1, 1);
        assertEquals(
                Bytes.hex("79ccc193629debca047f0b70604bf6b62ce3dd4a9626e355fafc6198e6ea2b46"
                        + "d58413673b99b029d665c357601fb426a0b2f4bba200ee9f0a43d19b571a9c71"
                        + "ef1142e65d5a266fddca832ce59faa7cac0b9cf1be2bffca300d01ee387619c4"
                        + "ae12fd4438f203a0e4e1c47ec314861f4e9087cb33396a6873e8f9d2539a4b8e"),
                Bytes.wrap(block));
    }

    @Test
    void itDerivesWhatBouncyCastleDerives() throws UnusableKeystore {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            byte[] password = new byte[random.nextInt(80)];
            byte[] salt = new byte[random.nextInt(40)];
            random.nextBytes(password);
            random.nextBytes(salt);
            int n = 2 << random.nextInt(8);
            int r = 1 + random.nextInt(9);
            int p = 1 + random.nextInt(4);
            int length = 32 + random.nextInt(40);
            assertArrayEquals(
                    Arrays.copyOf(SCrypt.generate(password, salt, n, r, p, length), 32),
                    new KeyDerivation.Scrypt(n, r, p, length, salt).derive(password),
                    n + " " + r + " " + p);
        }
    }
}
