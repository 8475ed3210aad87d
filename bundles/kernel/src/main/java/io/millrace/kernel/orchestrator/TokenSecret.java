package io.millrace.kernel.orchestrator;

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

/** The secret behind the tokens, kept in a file, so that sessions survive a restart of the node. */
final class TokenSecret {

    static final int LENGTH = 32;
    static final String FILE = "auth-secret";

    private TokenSecret() {}

    /** A secret for the life of this process. */
    static Bytes fresh() {
        byte[] secret = new byte[LENGTH];
        new SecureRandom().nextBytes(secret);
        return Bytes.wrap(secret);
    }

    /**
     * The secret of this directory, made at the first call.
     *
     * @throws Fault when it cannot be read or kept
     */
    static Bytes in(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (Files.exists(file)) {
                return read(file);
            }
            Files.createDirectories(directory);
            Bytes secret = fresh();
            write(secret, directory, file);
            return secret;
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE,
                    "cannot keep the secret of the auth tokens in " + file + ": " + e.getMessage(),
                    e);
        }
    }

    private static Bytes read(Path file) throws IOException {
        byte[] secret = Files.readAllBytes(file);
        if (secret.length != LENGTH) {
            throw new Fault(
                    Fault.Consequence.STOP_NODE,
                    file + " holds " + secret.length + " bytes, not " + LENGTH
                            + ": remove it and a new one is made; gateways then have to ask again");
        }
        return Bytes.wrap(secret);
    }

    /** Under another name first: a crash leaves a whole secret or none. The file is its owner's alone (mode 0600). */
    private static void write(Bytes secret, Path directory, Path file) throws IOException {
        Path draft = Files.createTempFile(directory, FILE, ".new");
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
