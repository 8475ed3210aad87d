package io.millrace.wallet.keystore;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import jakarta.json.JsonObject;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.parsson.JsonProviderImpl;
import org.eclipse.parsson.api.JsonConfig;

/**
 * A keystore file, read and not yet unlocked.
 *
 * @param file where it lies
 * @param address the account that it says it is of; not all files say so
 * @param derivation how the password becomes a key
 * @param iv of the cipher, AES-128 in counter mode
 * @param ciphertext the private key, enciphered
 * @param mac checksum of the ciphertext and the second half of the derived key
 */
public record KeyFile(
        Path file, Optional<Address> address, KeyDerivation derivation, byte[] iv, byte[] ciphertext, byte[] mac) {

    /** Bytes of a private key. */
    static final int KEY = 32;

    static final int MOST_BYTES = 1 << 16;
    static final String CIPHER = "aes-128-ctr";

    // by its constructor: JsonProvider.provider() would look through the thread's class loader
    static final JsonProviderImpl JSON = new JsonProviderImpl();

    /**
     * Reads a file; what is in it is checked, the password is not.
     *
     * @throws UnusableKeystore when it is no keystore file, or one that would take too much to unlock
     */
    public static KeyFile read(Path file) throws UnusableKeystore {
        try {
            return parse(file, json(file));
        } catch (IllegalArgumentException e) {
            throw new UnusableKeystore(file + " cannot be used: " + e.getMessage()
                    + ". Name a keystore file of version 3, as go-ethereum and go-livepeer make them");
        }
    }

    /** The account that a file says it is of; none when it is no keystore file. */
    static Optional<Address> addressIn(Path file) {
        try {
            return KeyFields.of(json(file)).address("address");
        } catch (UnusableKeystore | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static JsonObject json(Path file) throws UnusableKeystore {
        String text = text(file);
        Map<String, String> bounds = Map.of(JsonConfig.MAX_DEPTH, "8");
        try (JsonParser parser = JSON.createParserFactory(bounds).createParser(new StringReader(text))) {
            parser.next();
            if (parser.getValue() instanceof JsonObject object && !parser.hasNext()) {
                return object;
            }
        } catch (RuntimeException e) {
            // Nothing of it is repeated: whatever it is, it may hold a secret.
        }
        throw new IllegalArgumentException("it is not one JSON object, or is cut off");
    }

    private static String text(Path file) throws UnusableKeystore {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UnusableKeystore("there is no keystore file " + file
                        + ", or this process may not enter its folder. Correct 'keystore'");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException("it is larger than " + MOST_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UnusableKeystore("keystore file " + file
                    + " cannot be read. Give the user that this process runs as the right to read it");
        }
    }

    private static KeyFile parse(Path file, JsonObject object) {
        KeyFields fields = KeyFields.of(object);
        if (fields.number("version") != 3) {
            throw new IllegalArgumentException("it is of version " + fields.number("version"));
        }
        KeyFields crypto = fields.object("crypto");
        if (!crypto.text("cipher").equals(CIPHER)) {
            throw new IllegalArgumentException("its cipher is not " + CIPHER);
        }
        KeyFields parameters = crypto.object("kdfparams");
        KeyDerivation derivation =
                switch (crypto.text("kdf")) {
                    case "scrypt" ->
                        new KeyDerivation.Scrypt(
                                parameters.number("n"),
                                parameters.number("r"),
                                parameters.number("p"),
                                parameters.number("dklen"),
                                parameters.hex("salt"));
                    case "pbkdf2" -> pbkdf2(parameters);
                    default -> throw new IllegalArgumentException("its kdf is neither scrypt nor pbkdf2");
                };
        byte[] iv = crypto.object("cipherparams").hex("iv");
        byte[] ciphertext = crypto.hex("ciphertext");
        byte[] mac = crypto.hex("mac");
        if (iv.length != 16 || mac.length != Keccak256.LENGTH || ciphertext.length < 1 || ciphertext.length > KEY) {
            throw new IllegalArgumentException("its iv, ciphertext or mac has the wrong length; it may be cut off");
        }
        return new KeyFile(file, fields.address("address"), derivation, iv, ciphertext, mac);
    }

    private static KeyDerivation pbkdf2(KeyFields parameters) {
        if (!parameters.text("prf").equals("hmac-sha256")) {
            throw new IllegalArgumentException("its prf is not hmac-sha256");
        }
        return new KeyDerivation.Pbkdf2(
                parameters.number("c"), parameters.number("dklen"), parameters.hex("salt"));
    }

    /**
     * The private key, 32 bytes, which the caller wipes. Takes up to some seconds.
     *
     * @param password UTF-8
     * @throws UnusableKeystore when the password is wrong, or there is not enough memory
     */
    public byte[] decrypt(byte[] password) throws UnusableKeystore {
        byte[] derived;
        try {
            derived = derivation.derive(password);
        } catch (UnusableKeystore e) {
            throw new UnusableKeystore(file + " cannot be unlocked: " + e.getMessage());
        }
        try {
            if (!MessageDigest.isEqual(mac, mac(derived, ciphertext))) {
                throw new UnusableKeystore("the password does not unlock " + file
                        + ". Correct what 'password' refers to; white space at both ends of a file does not count");
            }
            byte[] key = cipher(derived, iv, ciphertext);
            // Old versions of go-ethereum left zeros at the front out.
            byte[] padded = new byte[KEY];
            System.arraycopy(key, 0, padded, KEY - key.length, key.length);
            Arrays.fill(key, (byte) 0);
            return padded;
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    static byte[] mac(byte[] derived, byte[] ciphertext) {
        Keccak256 keccak = new Keccak256();
        keccak.update(derived, KeyDerivation.LENGTH / 2, KeyDerivation.LENGTH / 2);
        keccak.update(ciphertext, 0, ciphertext.length);
        return keccak.digest().toArray();
    }

    /** Enciphers or deciphers, which is the same in counter mode. */
    static byte[] cipher(byte[] derived, byte[] iv, byte[] text) {
        try {
            Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
            aes.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(derived, 0, KeyDerivation.LENGTH / 2, "AES"),
                    new IvParameterSpec(iv));
            return aes.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES", e);
        }
    }

    /** Where it is and whose. */
    @Override
    public String toString() {
        return file + address.map(account -> " of " + account).orElse("");
    }

    static Optional<Address> address(String text) {
        String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        return digits.matches("[0-9a-fA-F]{40}") ? Optional.of(new Address(Bytes.hex(digits))) : Optional.empty();
    }
}
