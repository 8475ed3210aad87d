package io.millrace.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.compute.Result;
import io.millrace.api.job.VideoProfile;
import io.millrace.testkit.FfmpegCommand;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline beside the system's ffmpeg command: processor seconds and likeness in one run, and its
 * memory over many segments. Not part of the suite:
 *
 * <pre>mvn -pl bundles/ffmpeg test -Dtest=CodecBenchmark -DexcludedGroups= -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * <p>A recording of one's own is used with {@code -DargLine="-Dsource=/path/of/it"}.
 */
@Tag("long")
class CodecBenchmark {

    private static final int SEGMENTS = 10;
    private static final int WARM_UP = 60;
    private static final int SOAK = 300;
    private static final double SSIM_LOSS = 0.01;
    private static final List<VideoProfile> LADDER = List.of(
            VideoProfile.h264("720p", 1280, 720, 3_000_000, 0),
            VideoProfile.h264("480p", 854, 480, 1_600_000, 0),
            VideoProfile.h264("360p", 640, 360, 800_000, 0));

    @TempDir
    Path directory;

    @Test
    void processorTimeAndLikenessBesideTheCommand() throws Exception {
        List<Path> sources = sources();
        List<byte[]> segments = new ArrayList<>();
        for (Path source : sources) {
            segments.add(Files.readAllBytes(source));
        }
        for (int i = 0; i < WARM_UP; i++) {
            transcode(segments.get(i % segments.size()));
        }
        // By turns, so that whatever else the machine does falls on both.
        List<List<Result.Artifact>> made = new ArrayList<>();
        double ours = 0;
        double theirs = 0;
        for (int i = 0; i < segments.size(); i++) {
            double before = ownSeconds();
            made.add(transcode(segments.get(i)));
            ours += ownSeconds() - before;
            before = childSeconds();
            command(sources.get(i), i);
            theirs += childSeconds() - before;
        }
        say("%d x 2 s: %.2f processor seconds in process, %.2f by the command, ratio %.2f",
                segments.size(), ours, theirs, ours / theirs);
        for (int r = 0; r < LADDER.size(); r++) {
            double mine = 0;
            double reference = 0;
            for (int i = 0; i < sources.size(); i++) {
                Path file = directory.resolve("ours.ts");
                Files.write(file, made.get(i).get(r).data().unsafeArray());
                mine += ssim(file, sources.get(i)) / sources.size();
                reference += ssim(output(i, r), sources.get(i)) / sources.size();
            }
            say("%s: SSIM %.4f in process, %.4f by the command", LADDER.get(r).name(), mine, reference);
            assertTrue(mine >= reference - SSIM_LOSS, LADDER.get(r).name());
        }
    }

    @Test
    void memoryStaysFlat() throws Exception {
        List<Path> sources = sources();
        byte[] segment = Files.readAllBytes(sources.getFirst());
        long[] resident = new long[SOAK + 1];
        for (int i = 1; i <= SOAK; i++) {
            transcode(segment);
            resident[i] = Pointer.physicalBytes() >> 20;
            if (i % 50 == 0) {
                say("after %d segments %d MB", i, resident[i]);
            }
        }
        Pointer.trimMemory();
        say("trimmed %d MB", Pointer.physicalBytes() >> 20);
        assertTrue(resident[SOAK] < 1.2 * resident[SOAK / 2] + 30, "memory grows");
    }

    private static List<Result.Artifact> transcode(byte[] segment) {
        Result result = Codec.run(segment, Codec.request(LADDER, Optional.empty()));
        return assertInstanceOf(Result.Made.class, result, result::toString).artifacts();
    }

    private List<Path> sources() throws Exception {
        FfmpegCommand.required();
        String source = System.getProperty("source");
        List<String> input = source != null
                ? List.of("-i", source)
                : List.of("-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30,noise=alls=8:allf=t", "-f", "lavfi",
                        "-i", "sine=frequency=440");
        List<String> line = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
        line.addAll(input);
        line.addAll(List.of("-t", Integer.toString(2 * SEGMENTS), "-vf", "scale=1920:1080,fps=30", "-pix_fmt",
                "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "6M", "-g", "60", "-keyint_min", "60",
                "-sc_threshold", "0", "-c:a", "aac", "-f", "segment", "-segment_time", "2", "-segment_format", "mpegts",
                "-copyts", directory.resolve("source%d.ts").toString()));
        run(line);
        List<Path> sources = new ArrayList<>();
        for (int i = 0; i < SEGMENTS; i++) {
            Path made = directory.resolve("source" + i + ".ts");
            if (Files.exists(made)) {
                sources.add(made);
            }
        }
        return sources;
    }

    private Path output(int segment, int rendition) {
        return directory.resolve("theirs" + segment + "-" + rendition + ".ts");
    }

    private void command(Path source, int segment) throws Exception {
        List<String> line = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y", "-i", source.toString()));
        for (int r = 0; r < LADDER.size(); r++) {
            VideoProfile p = LADDER.get(r);
            String rate = Integer.toString(p.bitrate());
            line.addAll(List.of("-map", "0:v", "-map", "0:a", "-vf", "scale=" + p.width() + ":" + p.height(), "-c:v",
                    "libx264", "-preset", "veryfast", "-bf", "3", "-forced-idr", "1", "-b:v", rate, "-minrate", rate,
                    "-maxrate", rate, "-bufsize", rate, "-c:a", "copy", output(segment, r).toString()));
        }
        run(line);
    }

    private static double ssim(Path rendition, Path source) throws Exception {
        String text = run(List.of("ffmpeg", "-hide_banner", "-i", rendition.toString(), "-i", source.toString(), "-lavfi",
                "[0:v]setpts=PTS-STARTPTS[a];[1:v]setpts=PTS-STARTPTS[b];[b][a]scale2ref=flags=lanczos[c][d];"
                        + "[d][c]ssim",
                "-f", "null", "-"));
        Matcher all = Pattern.compile("All:([0-9.]+)").matcher(text);
        assertTrue(all.find(), text);
        return Double.parseDouble(all.group(1));
    }

    private static String run(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    private static double ownSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }

    /** Of children that have ended. */
    private static double childSeconds() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/self/stat")).replaceFirst(".*\\) ", "").split(" ");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
    }

    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
