package io.millrace.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that may hold secrets, written so that a reader finds the old one or the new one, never a part. */
public final class PrivateFile {

    /** Reading and writing for the owner, nothing for others. */
    static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private PrivateFile() {}

    /** Writes it for its owner only. */
    public static void write(Path file, String text) throws IOException {
        write(file, text, OWNER);
    }

    /** Writes the file with these permissions; while it is written, only its owner can read it. */
    static void write(Path file, String text, Set<PosixFilePermission> permissions) throws IOException {
        Path beside = Files.createTempFile(
                file.toAbsolutePath().getParent(), ".", ".part", PosixFilePermissions.asFileAttribute(OWNER));
        try {
            Files.writeString(beside, text);
            Files.setPosixFilePermissions(beside, permissions);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
