package io.millrace.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password in a form that nobody can turn back: salted, and hashed so slowly that guessing is not worth it.
 * One line, {@code pbkdf2-sha256 ITERATIONS SALT HASH}, readable by the node's user only.
 *
 * @param file where it is
 */
public record PasswordFile(Path file) {

    /** The file's name in a data folder. */
    public static final String NAME = "console-password";

    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final String SCHEME = "pbkdf2-sha256";
    /** What OWASP asks for with this hash in 2023. */
    private static final int ITERATIONS = 600_000;
    private static final int MAX_ITERATIONS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    /** Without characters that look alike when written down. */
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int LENGTH = 24;
    private static final int GROUP = 6;

    /** A new secret of 120 random bits, in groups that are easy to read. */
    public static String random() {
        SecureRandom random = new SecureRandom();
        StringBuilder secret = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            secret.append(i > 0 && i % GROUP == 0 ? "-" : "").append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return secret.toString();
    }

    /** Makes and stores a new password. */
    public String renew() throws IOException {
        SecureRandom random = new SecureRandom();
        String password = random();
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        String line = String.join(
                " ",
                SCHEME,
                Integer.toString(ITERATIONS),
                HexFormat.of().formatHex(salt),
                HexFormat.of().formatHex(hash(password, salt, ITERATIONS)));
        PrivateFile.write(file, line + "\n");
        return password;
    }

    /** Whether there is one. */
    public boolean exists() {
        return Files.isRegularFile(file);
    }

    /** Whether this is the password. Takes a good part of a second of processor time. */
    public boolean matches(String password) throws IOException {
        String[] parts = Files.readString(file).strip().split(" ");
        try {
            int iterations = Integer.parseInt(parts[1]);
            if (parts.length != 4 || !parts[0].equals(SCHEME) || iterations < 1 || iterations > MAX_ITERATIONS) {
                throw new IOException(file + " holds no password");
            }
            return MessageDigest.isEqual(
                    HexFormat.of().parseHex(parts[3]),
                    hash(password, HexFormat.of().parseHex(parts[2]), iterations));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(file + " holds no password", e);
        }
    }

    private static byte[] hash(String password, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance(ALGORITHM)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
