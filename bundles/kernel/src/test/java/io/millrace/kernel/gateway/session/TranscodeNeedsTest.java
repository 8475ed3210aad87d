package io.millrace.kernel.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Chroma;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import io.millrace.api.job.VideoProfile.VideoCodec;
import io.millrace.api.value.Capabilities;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranscodeNeedsTest {

    private static final VideoProfile PLAIN = VideoProfile.h264("p", 640, 360, 500_000, 30);

    private static Capabilities needs(String codec, String pixelFormat, boolean slicing, VideoProfile... profiles) {
        return TranscodeNeeds.of(codec, pixelFormat, List.of(profiles), slicing, "").needs().orElseThrow();
    }

    @Test
    void aStreamOfTheUsualKindNeedsTheBitsThatTheNetworkSends() {
        // RTMP H.264 into TS
        assertEquals(List.of(0x1003L), needs("h264", "yuv420p", false, PLAIN).bits());
        // HTTP push may ask for slices
        assertEquals(List.of(0x4001003L), needs("h264", "", true, PLAIN).bits());
    }

    @ParameterizedTest
    @CsvSource({
        "yuv444p,21", "yuv422p,22", "yuyv422,22", "uyvy422,22", "yuv444p10le,23", "yuv422p10be,24", "yuv420p10le,25"
    })
    void h264InAnotherSamplingNeedsItsDecoder(String pixelFormat, int capability) {
        assertEquals(List.of(0, 1, 12, capability), needs("h264", pixelFormat, false, PLAIN).ids());
    }

    @ParameterizedTest
    @CsvSource({"hevc,15", "vp8,17", "vp9,18"})
    void anotherCodecNeedsItsDecoderWhateverItsSampling(String codec, int decoder) {
        assertEquals(List.of(0, 1, 12, decoder), needs(codec, "yuv422p", false, PLAIN).ids());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yuv420p12le", "yuv444p16be"})
    void samplingsThatNobodyDecodesAreRefused(String pixelFormat) {
        assertThrows(IllegalArgumentException.class, () -> needs("h264", pixelFormat, false, PLAIN));
    }

    @Test
    void anUnknownCodecIsRefusedByName() {
        assertEquals(
                "Unknown input stream codec=av1",
                assertThrows(IllegalArgumentException.class, () -> needs("av1", "", false, PLAIN)).getMessage());
    }

    @Test
    void everyOutputAddsWhatItNeeds() {
        VideoProfile rich = new VideoProfile(
                "rich", 640, 360, 1, 30000, 1001, Container.MP4, EncoderProfile.H264_HIGH, 2000, VideoCodec.H265, 0,
                Chroma.YUV420, 0);
        assertEquals(
                List.of(0, 1, 2, 3, 9, 11, 12, 16), needs("h264", "yuv420p", false, PLAIN, rich).ids());
    }

    @Test
    void theLeastVersionGoesAlong() {
        assertEquals(
                "0.9.0",
                TranscodeNeeds.of("h264", "", List.of(PLAIN), false, "0.9.0")
                        .needs()
                        .orElseThrow()
                        .minVersion());
    }
}
