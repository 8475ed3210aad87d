package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.media.rtmp.RecordingGate.Submitted;
import io.millrace.testkit.FfmpegCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publisher and a decoder of another make. */
@Tag("ffmpeg")
class FfmpegPublishTest {

    @TempDir
    Path directory;

    @BeforeAll
    static void ffmpegIsInstalled() {
        FfmpegCommand.required();
    }

    @Test
    void whatFfmpegPublishesIsDecodedByFfmpegWithoutAComplaint() throws Exception {
        List<Submitted> segments =
                publish("-f lavfi -i testsrc2=size=320x180:rate=30:duration=7.5"
                        + " -f lavfi -i sine=frequency=440:sample_rate=44100:duration=7.5"
                        + " -c:v libx264 -preset veryfast -g 60 -bf 3 -b:v 300k -c:a aac -b:a 64k");
        assertEquals(4, segments.size());
        long sequence = 0;
        for (Submitted submitted : segments) {
            assertEquals(sequence++, submitted.segment().sequence());
            assertFalse(submitted.segment().discontinuity());
            Path file = write("one.ts", List.of(submitted));
            assertEquals(submitted.info().videoFrames(), pictures(file));
            assertEquals("", complaints(file));
        }
        assertEquals(List.of(60, 60, 60, 45), segments.stream().map(s -> s.info().videoFrames()).toList());
        assertEquals(7500, segments.stream().mapToLong(s -> s.segment().duration().toNanos()).sum() / 1e6, 2);
        Path whole = write("whole.ts", segments);
        assertEquals(225, pictures(whole));
        assertEquals("", complaints(whole));
        assertContinuous(whole, "v", 34);
        assertContinuous(whole, "a", 24);
    }

    @Test
    void picturesAloneOfAnotherPixelFormat() throws Exception {
        List<Submitted> segments =
                publish("-f lavfi -i testsrc2=size=320x180:rate=25:duration=5"
                        + " -c:v libx264 -preset veryfast -g 50 -bf 0 -pix_fmt yuv422p");
        assertEquals(List.of(50, 50, 25), segments.stream().map(s -> s.info().videoFrames()).toList());
        Path whole = write("whole.ts", segments);
        assertEquals(125, pictures(whole));
        assertEquals("", complaints(whole));
        assertEquals("yuv422p", segments.getFirst().info().pixelFormat());
        assertEquals("", segments.getFirst().info().audioCodec());
    }

    @Test
    void soundAloneIsCutByItsLength() throws Exception {
        List<Submitted> segments = publish("-f lavfi -i sine=sample_rate=48000:duration=5 -c:a aac -b:a 64k");
        assertEquals(3, segments.size());
        Path whole = write("whole.ts", segments);
        assertEquals("", complaints(whole));
        assertContinuous(whole, "a", 23);
        assertEquals("mp4a.40.2", segments.getFirst().info().codecs());
    }

    @Test
    void sixChannelsThatAnElementNamesAreDecodedFromEachSegment() throws Exception {
        List<Submitted> segments =
                publish("-f lavfi -i testsrc2=size=160x90:rate=25:duration=4"
                        + " -f lavfi -i sine=sample_rate=48000:duration=4"
                        + " -c:v libx264 -preset veryfast -g 50 -c:a aac -b:a 192k"
                        + " -af aformat=channel_layouts=5.1(side)");
        assertEquals(2, segments.size());
        for (Submitted submitted : segments) {
            Path file = write("surround.ts", List.of(submitted));
            assertEquals(
                    "", run(List.of("ffmpeg", "-v", "error", "-nostdin", "-i", file.toString(), "-f", "null", "-")));
            assertEquals(
                    "6",
                    run(List.of("ffprobe", "-v", "error", "-select_streams", "a", "-show_entries",
                                    "stream=channels", "-of", "csv=p=0", file.toString()))
                            .strip().split("\\s+")[0]);
        }
    }

    private List<Submitted> publish(String what) throws Exception {
        try (TestServer server = new TestServer(StreamKeys.OPEN, TestServer.LIMITS, true)) {
            List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin"));
            command.addAll(List.of(what.split(" ")));
            command.addAll(List.of("-f", "flv", server.url("live/sample")));
            assertEquals("", run(command));
            assertEquals("sample", server.gate.takeClosed());
            return List.copyOf(server.gate.submitted);
        }
    }

    private Path write(String name, List<Submitted> segments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        segments.forEach(submitted -> bytes.writeBytes(submitted.segment().data().unsafeArray()));
        return Files.write(directory.resolve(name), bytes.toByteArray());
    }

    private static int pictures(Path file) throws Exception {
        String count =
                run(
                        List.of("ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                                "stream=nb_read_frames", "-of", "default=nk=1:nw=1", file.toString()));
        return Integer.parseInt(count.strip().split("\\s+")[0]);
    }

    /** What the decoder warns of. */
    private static String complaints(Path file) throws Exception {
        return run(List.of("ffmpeg", "-v", "warning", "-nostdin", "-i", file.toString(), "-f", "null", "-"));
    }

    private static void assertContinuous(Path file, String track, long mostMillis) throws Exception {
        String times =
                run(
                        List.of("ffprobe", "-v", "error", "-select_streams", track, "-show_entries", "frame=pts_time",
                                "-of", "csv=p=0", file.toString()));
        double before = Double.NaN;
        for (String line : times.split("\\R")) {
            String text = line.replace(",", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            double time = Double.parseDouble(text);
            double step = (time - before) * 1000;
            assertTrue(Double.isNaN(step) || step > 0 && step <= mostMillis, track + " steps by " + step + " ms");
            before = time;
        }
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
