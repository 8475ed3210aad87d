package io.millrace.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which encoders work here: each gets a real picture, in this process, as a node would give it one. */
final class Encoders {

    private static final String WHAT = "encoder";
    private static final String PID = "io.millrace.ffmpeg";
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("nvenc", "h264_nvenc");
        NAMES.put("x264", "libx264");
        NAMES.put("openh264", "libopenh264");
    }

    private Encoders() {}

    static List<Finding> look(Patient patient) {
        if (!patient.has(PID)) {
            return List.of();
        }
        String wanted = patient.setting(PID, "encoder", "auto");
        boolean auto = wanted.equals("auto");
        Path folder = unpackTo(patient.natives());
        System.setProperty("org.bytedeco.javacpp.cachedir", folder.toString());
        List<String> excuses = new ArrayList<>();
        try {
            for (Map.Entry<String, String> encoder : NAMES.entrySet()) {
                if (auto || encoder.getKey().equals(wanted)) {
                    String error = TrialPicture.encode(encoder.getValue());
                    if (error.isEmpty()) {
                        return List.of(Finding.ok(WHAT, encoder.getKey() + " encodes" + because(excuses)));
                    }
                    excuses.add(encoder.getKey() + ": " + error);
                }
            }
        } catch (LinkageError e) {
            return List.of(Finding.fail(
                    WHAT,
                    "the native code cannot be loaded: " + e.getMessage(),
                    "is this Linux on x86-64 with glibc, and is " + folder + " on a disk that allows programs?"));
        }
        return List.of(Finding.fail(
                WHAT,
                String.join("; ", excuses),
                auto ? "unpack Millrace again" : "set encoder of " + PID + " to auto, which takes what works"));
    }

    private static String because(List<String> excuses) {
        return excuses.isEmpty() ? "" : " (" + String.join("; ", excuses) + ")";
    }

    /** Where a node would put it, when that is allowed already; a doctor leaves nothing behind. */
    private static Path unpackTo(Path natives) {
        if (Files.isWritable(natives)) {
            return natives;
        }
        try {
            return Files.createTempDirectory("millrace-doctor-");
        } catch (IOException e) {
            return natives;
        }
    }
}
