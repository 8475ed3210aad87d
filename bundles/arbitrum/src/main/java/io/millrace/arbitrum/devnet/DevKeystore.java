package io.millrace.arbitrum.devnet;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes the key of an account that everybody knows as a keystore of version 3 with the empty password, so that nodes
 * of a local chain unlock it as they would their own. It is of no use for a real key: it hides nothing.
 */
final class DevKeystore {

    private static final int ROUNDS = 1000;
    private static final int WORD = 32;
    private static final int HALF = 16;
    private static final HexFormat HEX = HexFormat.of();

    private DevKeystore() {}

    /** The text of the file. */
    static String of(DevAccount account) {
        byte[] salt = random(WORD);
        byte[] iv = random(HALF);
        try {
            byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(new char[0], salt, ROUNDS, WORD * Byte.SIZE))
                    .getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(Arrays.copyOf(derived, HALF), "AES"),
                    new IvParameterSpec(iv));
            byte[] encrypted = cipher.doFinal(word(account.key()));
            Bytes mac = Keccak256.of(Arrays.copyOfRange(derived, HALF, WORD), encrypted);
            return """
                    {"version":3,"id":"%s","address":"%s","crypto":{"cipher":"aes-128-ctr","ciphertext":"%s",\
                    "cipherparams":{"iv":"%s"},"kdf":"pbkdf2","kdfparams":{"c":%d,"dklen":32,"prf":"hmac-sha256",\
                    "salt":"%s"},"mac":"%s"}}
                    """
                    .formatted(
                            UUID.randomUUID(),
                            account.address().bytes().hex(),
                            HEX.formatHex(encrypted),
                            HEX.formatHex(iv),
                            ROUNDS,
                            HEX.formatHex(salt),
                            mac.hex());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2 and AES", e);
        }
    }

    private static byte[] word(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] word = new byte[WORD];
        int length = Math.min(bytes.length, WORD);
        System.arraycopy(bytes, bytes.length - length, word, WORD - length, length);
        return word;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
