package io.millrace.kernel;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/**
 * A secret of this node, 32 bytes in a file, so that what was made with it before a restart still holds after it: one
 * for session tokens, one for the terms of tickets.
 */
public final class NodeSecret {

    /** Its bytes. */
    public static final int LENGTH = 32;

    private NodeSecret() {}

    /** A secret for the life of this process. */
    public static Bytes fresh() {
        byte[] secret = new byte[LENGTH];
        new SecureRandom().nextBytes(secret);
        return Bytes.wrap(secret);
    }

    /**
     * The secret of this name in a folder, made at the first call.
     *
     * @param lost what removing the file would cost, for a person who has to: "gateways then have to ask again"
     * @throws Fault when it cannot be read or kept
     */
    public static Bytes in(Path directory, String name, String lost) {
        Path file = directory.resolve(name);
        try {
            if (Files.exists(file)) {
                return read(file, lost);
            }
            Files.createDirectories(directory);
            Bytes secret = fresh();
            write(secret, directory, file);
            return secret;
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE,
                    "cannot keep the secret in " + file + ": " + e.getMessage(),
                    e);
        }
    }

    private static Bytes read(Path file, String lost) throws IOException {
        byte[] secret = Files.readAllBytes(file);
        if (secret.length != LENGTH) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE,
                    file + " holds " + secret.length + " bytes, not " + LENGTH
                            + ": remove it and a new one is made; " + lost);
        }
        return Bytes.wrap(secret);
    }

    /** Under another name first: a crash leaves a whole secret or none. The file is its owner's alone (mode 0600). */
    private static void write(Bytes secret, Path directory, Path file) throws IOException {
        Path draft = Files.createTempFile(directory, file.getFileName().toString(), ".new");
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(secret.toArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
