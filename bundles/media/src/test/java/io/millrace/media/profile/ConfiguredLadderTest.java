package io.millrace.media.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.VideoProfile;
import java.lang.annotation.Annotation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfiguredLadderTest {

    private record Given(String... profiles) implements ConfiguredLadder.Settings {

        @Override
        public Class<? extends Annotation> annotationType() {
            return ConfiguredLadder.Settings.class;
        }
    }

    private static List<String> names(Ladder ladder) {
        return ladder.profiles().stream().map(VideoProfile::name).toList();
    }

    @Test
    void aListAndOneTextWithCommasMeanTheSame() {
        List<String> expected = List.of("P240p30fps16x9", "P360p30fps16x9");
        assertEquals(expected, names(new ConfiguredLadder(new Given("P240p30fps16x9", "P360p30fps16x9"))));
        assertEquals(expected, names(new ConfiguredLadder(new Given("P240p30fps16x9, P360p30fps16x9"))));
    }

    @Test
    void withoutAUsableProfileItDoesNotBegin() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new ConfiguredLadder(new Given("P240")));
        assertTrue(refused.getMessage().startsWith("Setting profiles of io.millrace.media cannot be used. "));
        assertTrue(refused.getMessage().contains("did you mean P240p30fps4x3?"), refused.getMessage());
    }

    @Test
    void anUnusableChangeChangesNothing() {
        ConfiguredLadder ladder = new ConfiguredLadder(new Given("P240p30fps16x9"));
        assertThrows(IllegalArgumentException.class, () -> ladder.change(new Given("nonsense")));
        assertEquals(List.of("P240p30fps16x9"), names(ladder));
        ladder.change(new Given("P360p30fps16x9"));
        assertEquals(List.of("P360p30fps16x9"), names(ladder));
    }
}
