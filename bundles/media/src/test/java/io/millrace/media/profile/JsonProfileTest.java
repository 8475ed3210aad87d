package io.millrace.media.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Chroma;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import io.millrace.api.job.VideoProfile.VideoCodec;
import io.millrace.media.json.BoundedJson;
import io.millrace.media.json.MalformedJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonProfileTest {

    private static List<VideoProfile> read(String json) throws MalformedJson, InvalidProfile {
        return JsonProfile.checked(JsonProfile.list("JsonProfile", BoundedJson.parse(json).asJsonArray()));
    }

    @Test
    void everyFieldIsRead() throws Exception {
        VideoProfile profile = read("""
                [{"name":"hd","width":1280,"height":720,"bitrate":3000000,"fps":30000,"fpsDen":1001,
                  "profile":"H264ConstrainedHigh","gop":"2.5","encoder":"HEVC","colorDepth":2,
                  "chromaFormat":1,"quality":23}]""").getFirst();
        assertEquals(
                new VideoProfile(
                        "hd",
                        1280,
                        720,
                        3_000_000,
                        30_000,
                        1001,
                        Container.UNSET,
                        EncoderProfile.H264_CONSTRAINED_HIGH,
                        2500,
                        VideoCodec.H265,
                        2,
                        Chroma.YUV422,
                        23),
                profile);
    }

    @Test
    void aProfileWithoutANameIsNamedAfterItsSizeAndBitrate() throws Exception {
        assertEquals(
                "custom_123x456_432000",
                read("[{\"width\":123,\"height\":456,\"bitrate\":432000}]").getFirst().name());
    }

    @ParameterizedTest
    @CsvSource({"'',0", "intra,-1", "0,0", "0.0,0", "1,1000", "2.0,2000", "0.123,123", "1e1,10000", "+1.5,1500", ".5,500"})
    void aGopIsSecondsOrIntra(String text, int expected) throws Exception {
        assertEquals(expected, JsonProfile.gop(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-1 | invalid gop value -1.000000. Please set it to a positive value",
        "-0.5 | invalid gop value -0.500000. Please set it to a positive value",
        "abc | cannot parse the GOP value in the transcoding options: strconv.ParseFloat: parsing \"abc\": invalid syntax",
        "1f | cannot parse the GOP value in the transcoding options: strconv.ParseFloat: parsing \"1f\": invalid syntax",
        "NaN | cannot parse the GOP value in the transcoding options: strconv.ParseFloat: parsing \"NaN\": invalid syntax",
        "1e300 | invalid gop value 1e300. Please set it to a number of seconds",
    })
    void anotherGopIsRefused(String text, String message) {
        assertEquals(message, assertThrows(InvalidProfile.class, () -> JsonProfile.gop(text)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"'',NONE", "none,NONE", "H264Baseline,H264_BASELINE", "h264main,H264_MAIN", "H264HIGH,H264_HIGH"})
    void encoderProfilesMatchInAnyCase(String text, EncoderProfile expected) throws Exception {
        assertEquals(expected, read("[{\"profile\":\"" + text + "\"}]").getFirst().encoderProfile());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"profile\":\"h265\"} | unable to parse the H264 encoder profile: unknown VideoProfile profile name",
        "{\"encoder\":\"h.264\"} | Unable to parse encoder profile, unknown encoder: h.264 unknown codec name",
        "{\"chromaFormat\":3} | invalid chromaFormat value 3. Please set it to 0 (4:2:0), 1 (4:2:2) or 2 (4:4:4)",
        "{\"name\":\"a\\r\\nX: y\"} | invalid profile name. Please use at most 128 characters and no control characters",
        "{\"width\":-2} | invalid profile -2x0 at 0. Please set width, height and bitrate to positive values",
    })
    void aValueThatMakesNoSenseIsRefused(String profile, String message) {
        assertEquals(
                message, assertThrows(InvalidProfile.class, () -> read("[" + profile + "]")).getMessage());
    }

    @Test
    void theNumberOfProfilesIsBounded() {
        String many = "[" + "{},".repeat(JsonProfile.MAX_PROFILES) + "{}]";
        assertThrows(MalformedJson.class, () -> read(many));
    }
}
