package io.millrace.media.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import io.millrace.media.Samples;
import io.millrace.testkit.SampleSegments;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaVerifierTest {

    private static final VideoProfile PROFILE = VideoProfile.h264("small", 160, 90, 100_000, 30);

    private static Optional<String> objection(Bytes... renditions) {
        List<Rendition> made =
                Arrays.stream(renditions).map(data -> new Rendition(PROFILE, data)).toList();
        return new MediaVerifier().objection(null, null, null, made);
    }

    @Test
    void transportStreamsAndMp4FilesAreGood() {
        for (int i = 0; i < SampleSegments.COUNT; i++) {
            assertEquals(Optional.empty(), objection(SampleSegments.data(i)));
        }
        for (String file : List.of("avc-aac.ts", "sound-only.ts", "avc-aac.mp4", "avc-aac-fragmented.mp4")) {
            assertEquals(Optional.empty(), objection(Samples.read(file)), file);
        }
        assertEquals(Optional.empty(), objection());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<!DOCTYPE html><html><body>Settings of this node</body></html>",
        "{\"maxSessions\": 10, \"orchestrators\": []}",
        "Go to /ftyp for more",
        "\0\0\0\u0018ftypmp42 and then whatever one likes, without a header",
        "G",
        ""
    })
    void whatIsNoMediaIsRefused(String body) {
        String objection = objection(SampleSegments.data(0), Bytes.utf8(body)).orElseThrow();
        assertTrue(objection.startsWith("rendition \"small\" is neither an MPEG transport stream nor an MP4 file: "));
    }

    @Test
    void aPageWithOneSyncByteOrThreeIsNoTransportStream() {
        byte[] page = new byte[188 * 20];
        Arrays.fill(page, (byte) ' ');
        for (int i = 0; i < 3; i++) {
            page[188 * i] = 'G';
        }
        assertTrue(objection(Bytes.wrap(page)).isPresent());
    }
}
