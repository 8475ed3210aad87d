package io.millrace.api.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
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

    /**
     * As {@link #read}, the UTF-8 bytes of it, for a secret that its reader wipes: of a file nothing else is left in
     * the heap, whereas a text stays there until it is collected.
     *
     * @throws IOException when it is not there; the message names the reference and shows nothing else
     */
    public static byte[] bytes(String value) throws IOException {
        return value.startsWith(FILE) ? file(value) : read(value).getBytes(StandardCharsets.UTF_8);
    }

    static String read(String value, UnaryOperator<String> environment) throws IOException {
        if (value.startsWith(ENVIRONMENT)) {
            String secret = environment.apply(value.substring(ENVIRONMENT.length()));
            if (secret == null) {
                throw new IOException(value + " is not in the environment of this process");
            }
            return secret;
        }
        return value.startsWith(FILE) ? new String(file(value), StandardCharsets.UTF_8) : value;
    }

    private static byte[] file(String value) throws IOException {
        try {
            Path file = Path.of(value.substring(FILE.length()));
            if (!file.isAbsolute()) {
                throw new IOException(value + " names no absolute path");
            }
            if (!Files.isRegularFile(file) || !Files.isReadable(file) || Files.size(file) > MOST_BYTES) {
                throw new IOException(
                        value + " is no file that this process can read, of at most " + MOST_BYTES + " bytes");
            }
            return stripped(Files.readAllBytes(file));
        } catch (InvalidPathException e) {
            throw new IOException(value + " names no path", e);
        }
    }

    private static byte[] stripped(byte[] read) {
        int from = 0;
        int to = read.length;
        while (from < to && isSpace(read[to - 1])) {
            to--;
        }
        while (from < to && isSpace(read[from])) {
            from++;
        }
        byte[] secret = Arrays.copyOfRange(read, from, to);
        Arrays.fill(read, (byte) 0);
        return secret;
    }

    private static boolean isSpace(byte character) {
        return character >= 0 && Character.isWhitespace(character);
    }
}
