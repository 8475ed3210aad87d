package io.millrace.settings;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Properties;

/**
 * Which values of the own files were set in the console, so that it can be told. Beside them lies a file with
 * digests of the values, which may be secrets; a value that was edited since has another one.
 */
public final class ConsoleMarks {

    private static final String NAME = ".console";

    private final Path file;
    private final Properties digests = new Properties();

    private ConsoleMarks(Path file) {
        this.file = file;
    }

    /** Those of a folder; one that cannot be read has none. */
    public static ConsoleMarks of(Path folder) {
        ConsoleMarks marks = new ConsoleMarks(folder.resolve(NAME));
        if (Files.exists(marks.file)) {
            try (Reader reader = Files.newBufferedReader(marks.file)) {
                marks.digests.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                // It only says where values came from: they are as they are without it.
                marks.digests.clear();
            }
        }
        return marks;
    }

    /** Whether this value was set in the console. */
    boolean has(Pid pid, String key, String value) {
        return digest(value).equals(digests.getProperty(pid + "/" + key));
    }

    /** This value was set in the console. */
    public void add(Pid pid, String key, String value) {
        digests.setProperty(pid + "/" + key, digest(value));
    }

    /** What is set now was set elsewhere. */
    public void remove(Pid pid, String key) {
        digests.remove(pid + "/" + key);
    }

    /** Writes it for this user only. */
    public void write() throws IOException {
        StringWriter text = new StringWriter();
        digests.store(text, null);
        PrivateFile.write(file, text.toString());
    }

    private static String digest(String value) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
