package io.millrace.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The commands {@code ffmpeg} and {@code ffprobe}, which some tests take as clients of another make. */
public final class FfmpegCommand {

    private static final List<String> COMMANDS = List.of("ffmpeg", "ffprobe");

    private FfmpegCommand() {}

    /**
     * Lets a test go on where the commands are. Where they are not, it fails when the environment says {@code CI=true},
     * since there they must be; elsewhere it is left out, and the error output says so.
     */
    public static void required() {
        required("true".equals(System.getenv("CI")), String.valueOf(System.getenv("PATH")));
    }

    static void required(boolean always, String path) {
        List<String> missing = COMMANDS.stream().filter(command -> !isIn(path, command)).toList();
        if (missing.isEmpty()) {
            return;
        }
        String text = "not on the path of this machine: " + String.join(", ", missing) + "; install ffmpeg";
        if (always) {
            Assertions.fail(text);
        }
        System.err.println("A test is LEFT OUT: " + text);
        Assumptions.abort(text);
    }

    private static boolean isIn(String path, String command) {
        return Stream.of(path.split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
