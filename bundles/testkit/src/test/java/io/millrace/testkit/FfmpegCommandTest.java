package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class FfmpegCommandTest {

    @TempDir
    private Path folder;

    @Test
    void whereItMustBeItsLackIsAFailure() {
        assertThrows(AssertionFailedError.class, () -> FfmpegCommand.required(true, folder.toString()));
    }

    @Test
    void elsewhereTheTestIsLeftOut() {
        assertThrows(TestAbortedException.class, () -> FfmpegCommand.required(false, folder.toString()));
    }

    @Test
    void whereItIsTheTestGoesOn() throws Exception {
        for (String command : new String[] {"ffmpeg", "ffprobe"}) {
            Files.createFile(folder.resolve(command)).toFile().setExecutable(true);
        }
        assertDoesNotThrow(() -> FfmpegCommand.required(true, "/nowhere:" + folder));
    }
}
