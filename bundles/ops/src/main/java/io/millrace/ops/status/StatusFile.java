package io.millrace.ops.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code status.json}: how commands outside of the node find it. It is replaced whole, so that nobody
 * reads half of it.
 */
final class StatusFile {

    private static final String NAME = "status.json";
    private static final Logger log = LoggerFactory.getLogger(StatusFile.class);

    /** Null when no file is wanted. */
    private final Path file;

    /** In this directory, which is made when needed; an empty name means nowhere. */
    StatusFile(String directory) {
        file = directory.isEmpty() ? null : Path.of(directory).resolve(NAME);
    }

    void write(String json) throws IOException {
        if (file == null) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(NAME + ".new");
        Files.writeString(fresh, json + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete() {
        if (file == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("cannot delete {}: {}; it names a node that has stopped", file, e.toString());
        }
    }

    @Override
    public String toString() {
        return String.valueOf(file);
    }
}
