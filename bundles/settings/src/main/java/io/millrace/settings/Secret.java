package io.millrace.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A secret that is kept elsewhere: {@code file:/absolute/path} or {@code env:NAME} stand for it, so that
 * whoever sees a setting does not see it.
 */
public final class Secret {

    private static final String FILE = "file:";
    private static final String ENVIRONMENT = "env:";
    private static final int MOST_BYTES = 1 << 16;

    private Secret() {}

    /** Whether a value says where the secret is, instead of being it. */
    public static boolean isReference(String value) {
        return value.startsWith(FILE) || value.startsWith(ENVIRONMENT);
    }

    /** What may be shown of a value: where it is, or that there is one. */
    public static String shown(String value) {
        return value.isEmpty() || isReference(value) ? value : "set";
    }

    /**
     * The secret that a value is or refers to. Line ends are no part of it; of a list each line is a value.
     *
     * @throws IOException when it is not there; the message is a sentence that names the reference
     */
    public static String resolved(Setting setting, String value) throws IOException {
        return resolved(setting, value, System::getenv);
    }

    static String resolved(Setting setting, String value, UnaryOperator<String> environment) throws IOException {
        if (value.startsWith(ENVIRONMENT)) {
            String name = value.substring(ENVIRONMENT.length());
            return Optional.ofNullable(environment.apply(name))
                    .orElseThrow(() -> new IOException("the environment has no " + name + ", which " + value + " refers to"));
        }
        return value.startsWith(FILE) ? read(setting, value) : value;
    }

    private static String read(Setting setting, String value) throws IOException {
        try {
            Path file = Path.of(value.substring(FILE.length()));
            if (!file.isAbsolute()) {
                throw new IOException(value + " must name an absolute path");
            }
            if (!Files.isReadable(file) || Files.size(file) > MOST_BYTES) {
                throw new IOException(value + " is no file that this node can read, of at most " + MOST_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.joining(setting.list() ? "," : "\n"))
                    .strip();
        } catch (InvalidPathException e) {
            throw new IOException(value + " names no path", e);
        }
    }
}
