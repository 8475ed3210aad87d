package io.millrace.wallet.keystore;

import io.millrace.api.value.Address;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/** Writes a keystore file as go-ethereum does, of standard strength. */
public final class NewKeyFile {

    private static final int STANDARD_N = 1 << 18;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of();

    private NewKeyFile() {}

    /**
     * Writes a file that only this user can read, and that is there whole or not at all.
     *
     * @param folder the keystore, which is made if it is not there
     * @param address the account of the key
     * @param secret the private key, which the caller wipes
     * @param password UTF-8, which the caller wipes
     * @param now part of the name
     * @return the file
     * @throws IOException when it cannot be written
     * @throws UnusableKeystore when there is not enough memory to encipher it
     */
    public static Path write(Path folder, Address address, byte[] secret, byte[] password, Instant now)
            throws IOException, UnusableKeystore {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = folder.resolve("UTC--" + TIME.format(now) + "--" + address.bytes().hex());
        Path unfinished = folder.resolve("." + file.getFileName() + "~");
        byte[] text = json(address, secret, password).toString().getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(text));
            channel.force(true);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return file;
    }

    private static JsonObject json(Address address, byte[] secret, byte[] password) throws UnusableKeystore {
        SecureRandom random = new SecureRandom();
        byte[] salt = new byte[32];
        byte[] iv = new byte[16];
        random.nextBytes(salt);
        random.nextBytes(iv);
        byte[] derived = new KeyDerivation.Scrypt(STANDARD_N, 8, 1, KeyDerivation.LENGTH, salt).derive(password);
        try {
            byte[] ciphertext = KeyFile.cipher(derived, iv, secret);
            return KeyFile.JSON.createObjectBuilder()
                    .add("address", address.bytes().hex())
                    .add("crypto", KeyFile.JSON.createObjectBuilder()
                            .add("cipher", KeyFile.CIPHER)
                            .add("ciphertext", HEX.formatHex(ciphertext))
                            .add("cipherparams", KeyFile.JSON.createObjectBuilder().add("iv", HEX.formatHex(iv)))
                            .add("kdf", "scrypt")
                            .add("kdfparams", KeyFile.JSON.createObjectBuilder()
                                    .add("dklen", KeyDerivation.LENGTH)
                                    .add("n", STANDARD_N)
                                    .add("p", 1)
                                    .add("r", 8)
                                    .add("salt", HEX.formatHex(salt)))
                            .add("mac", HEX.formatHex(KeyFile.mac(derived, ciphertext))))
                    .add("id", UUID.randomUUID().toString())
                    .add("version", 3)
                    .build();
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }
}
