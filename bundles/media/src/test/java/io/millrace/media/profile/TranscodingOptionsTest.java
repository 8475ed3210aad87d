package io.millrace.media.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.VideoProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscodingOptionsTest {

    @TempDir
    private Path directory;

    private static List<String> names(String options) throws InvalidProfile {
        return TranscodingOptions.parse(options).stream().map(VideoProfile::name).toList();
    }

    @Test
    void presetsAreNamedInOrderWithBlanksAround() throws Exception {
        assertEquals(List.of("P720p30fps16x9", "P240p30fps16x9"), names(" P720p30fps16x9 , P240p30fps16x9"));
    }

    @Test
    void twoProfilesOfOneNameAreRefused() {
        InvalidProfile refused =
                assertThrows(InvalidProfile.class, () -> names("P240p30fps16x9,P144p30fps16x9,P240p30fps16x9"));
        assertEquals(
                "two profiles are named \"P240p30fps16x9\". Please give each a name of its own", refused.getMessage());
    }

    @Test
    void unknownNamesAreSkippedAndCanBeToldOf() throws Exception {
        assertEquals(List.of("P144p30fps16x9"), names("P144p30fps16x9,P999p"));
        assertEquals(List.of("P999p"), TranscodingOptions.skipped("P144p30fps16x9,P999p"));
    }

    @Test
    void withNothingKnownTheNearestNamesAreSuggested() {
        InvalidProfile refused =
                assertThrows(InvalidProfile.class, () -> TranscodingOptions.parse("P720p30fps16x8,p360p25fps16x9"));
        assertEquals(
                "No transcoding profiles found: 'P720p30fps16x8' is neither a readable file nor a preset"
                        + " (did you mean P720p30fps16x9?); 'p360p25fps16x9' is neither a readable file nor a preset"
                        + " (did you mean P360p25fps16x9?)",
                refused.getMessage());
    }

    @Test
    void noNameAtAllIsRefused() {
        assertThrows(InvalidProfile.class, () -> TranscodingOptions.parse(" , "));
    }

    @Test
    void aFileOfProfilesIsTriedFirst() throws Exception {
        Path file = Files.writeString(directory.resolve("ladder.json"), "[{\"name\":\"low\",\"width\":320}]");
        assertEquals(List.of("low"), names(file.toString()));
    }

    @Test
    void aFileThatIsNoArrayOfProfilesIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("ladder.json"), "[{\"width\":\"320\"}]");
        InvalidProfile refused =
                assertThrows(InvalidProfile.class, () -> TranscodingOptions.parse(file.toString()));
        assertEquals(
                file + ": json: cannot unmarshal string into Go struct field JsonProfile.width of type int",
                refused.getMessage());
    }

    @Test
    void aFileWithoutProfilesIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("ladder.json"), "[]");
        assertThrows(InvalidProfile.class, () -> TranscodingOptions.parse(file.toString()));
    }

    @Test
    void thePresetsAreThoseOfTheNetwork() {
        assertEquals(13, Presets.names().size());
        VideoProfile preset = Presets.named("P576p25fps16x9").orElseThrow();
        assertEquals(VideoProfile.h264("P576p25fps16x9", 1024, 576, 1_500_000, 25), preset);
        assertTrue(Presets.named("P144p25fps16x9").isEmpty());
    }
}
