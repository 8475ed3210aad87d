package io.millrace.api.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** {@code file:/absolute/path} and {@code env:NAME}: where a secret is, written where the secret would be. */
public final class SecretReference {

    /** Bytes of a file, at most. */
    public static final int MOST_BYTES = 1 << 16;

    private static final String FILE = "file:";
    private static final String ENVIRONMENT = "env:";

    private SecretReference() {}

    /** Whether a value is a reference, instead of a secret. */
    public static boolean is(String value) {
        return value.startsWith(FILE) || value.startsWith(ENVIRONMENT);
    }

    /**
     * The secret that a value refers to; a value that is no reference itself. Of a file all that is in it, but
     * for white space at both ends. Read anew at each call.
     *
     * @throws IOException when it is not there; the message names the reference and shows nothing else
     */
    public static String read(String value) throws IOException {
        return read(value, System::getenv);
    }

    static String read(String value, UnaryOperator<String> environment) throws IOException {
        if (value.startsWith(ENVIRONMENT)) {
            String secret = environment.apply(value.substring(ENVIRONMENT.length()));
            if (secret == null) {
                throw new IOException(value + " is not in the environment of this process");
            }
            return secret;
        }
        return value.startsWith(FILE) ? file(value) : value;
    }

    private static String file(String value) throws IOException {
        try {
            Path file = Path.of(value.substring(FILE.length()));
            if (!file.isAbsolute()) {
                throw new IOException(value + " names no absolute path");
            }
            if (!Files.isRegularFile(file) || !Files.isReadable(file) || Files.size(file) > MOST_BYTES) {
                throw new IOException(
                        value + " is no file that this process can read, of at most " + MOST_BYTES + " bytes");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        } catch (InvalidPathException e) {
            throw new IOException(value + " names no path", e);
        }
    }
}
