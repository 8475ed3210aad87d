package io.millrace.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Folders that must be writable, and the space in them. */
final class Disk {

    private static final long MIB = 1 << 20;

    /** Log files, which are the most of it, take up to 120 MB. */
    private static final long NEEDED_MIB = 150;

    private static final long COMFORTABLE_MIB = 1000;

    /** What the native libraries take, unpacked. */
    private static final long NATIVES_MIB = 100;

    private Disk() {}

    static List<Finding> look(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        Path data = patient.data().directory();
        findings.add(folder("data folder", data, NEEDED_MIB, "name another with --data"));
        if (patient.has("io.millrace.ffmpeg")) {
            long needed = isEmpty(patient.natives()) ? NATIVES_MIB : 0;
            findings.add(folder(
                    "native code", patient.natives(), needed, "set cacheDirectory of io.millrace.ffmpeg to another"));
        }
        return findings;
    }

    private static Finding folder(String what, Path folder, long needed, String advice) {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            return Finding.fail(what, existing + " cannot be written", "make it writable for this user, or " + advice);
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace() / MIB;
            String says = folder + ", " + free + " MB free";
            return free < needed
                    ? Finding.fail(what, says, needed + " MB are needed: free some space, or " + advice)
                    : free < COMFORTABLE_MIB ? Finding.warn(what, says, "free some space") : Finding.ok(what, says);
        } catch (IOException e) {
            return Finding.warn(what, folder + ": its free space cannot be seen (" + e.getMessage() + ")", "look at it");
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }
}
