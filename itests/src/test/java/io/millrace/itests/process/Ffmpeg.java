package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The ffmpeg and ffprobe commands: encoder, publisher and an independent decoder. */
final class Ffmpeg {

    static final int FRAMES_A_SECOND = 30;

    /**
     * What a whole decode of a segment found.
     *
     * @param start time of the first picture, seconds
     */
    record Decoded(int frames, int width, int height, String codec, double start) {}

    private Ffmpeg() {}

    /** A clip of 640x360 with a keyframe every two seconds, B-frames and a tone. */
    static Path clip(Path folder, int seconds) {
        Path file = folder.resolve("clip-" + seconds + ".flv");
        if (!Files.exists(file)) {
            done(List.of(
                    "ffmpeg", "-v", "error", "-nostdin",
                    "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=" + FRAMES_A_SECOND,
                    "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100",
                    "-t", Integer.toString(seconds),
                    "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-pix_fmt", "yuv420p",
                    "-g", Integer.toString(2 * FRAMES_A_SECOND), "-keyint_min", Integer.toString(2 * FRAMES_A_SECOND),
                    "-sc_threshold", "0", "-b:v", "600k",
                    "-c:a", "aac", "-b:a", "64k",
                    file.toString()));
        }
        return file;
    }

    /** Publishes a file at the pace at which it would be watched. */
    static Process publish(Path file, String address) {
        List<String> command = List.of(
                "ffmpeg", "-v", "error", "-nostdin", "-re", "-i", file.toString(), "-c", "copy", "-f", "flv", address);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a publisher ends; its exit code. */
    static int await(Process publisher) {
        try {
            if (!publisher.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                publisher.destroyForcibly();
                throw new AssertionError("ffmpeg does not end");
            }
            return publisher.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The same pictures and sound in another container. */
    static byte[] remux(byte[] segment, String format) {
        return withFile(segment, input -> {
            Path output = Path.of(input + "." + format);
            try {
                done(List.of(
                        "ffmpeg", "-v", "error", "-nostdin", "-i", input.toString(), "-c", "copy", "-f", format,
                        output.toString()));
                return Files.readAllBytes(output);
            } finally {
                Files.deleteIfExists(output);
            }
        });
    }

    /** Decodes all of a segment by itself; anything that the decoder complains of fails the test. */
    static Decoded decode(byte[] segment) {
        return withFile(segment, file -> {
            String said = done(List.of(
                    "ffprobe", "-v", "error", "-count_frames", "-show_entries",
                    "stream=codec_type,codec_name,width,height,nb_read_frames,start_time",
                    "-of", "compact=print_section=0", file.toString()));
            // A stream that the container lists twice, by program and alone, is there twice.
            Map<String, String> video = said.lines()
                    .map(Ffmpeg::fields)
                    .filter(fields -> "video".equals(fields.get("codec_type")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No video, or an error of the decoder: " + said));
            long complaints = said.lines().filter(line -> !line.isBlank() && !line.startsWith("codec_name")).count();
            assertEquals(0, complaints, said);
            return new Decoded(
                    Integer.parseInt(video.get("nb_read_frames")),
                    Integer.parseInt(video.get("width")),
                    Integer.parseInt(video.get("height")),
                    video.get("codec_name"),
                    Double.parseDouble(video.get("start_time")));
        });
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new TreeMap<>();
        for (String field : line.split("\\|")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return fields;
    }

    private interface Use<T> {
        T of(Path file) throws IOException;
    }

    private static <T> T withFile(byte[] bytes, Use<T> use) {
        try {
            Path file = Files.write(Files.createTempFile("segment", ""), bytes);
            try {
                return use.of(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String done(List<String> command) {
        Finished finished = Finished.of(new ArrayList<>(command));
        assertEquals(0, finished.exitCode(), () -> command + ": " + finished.said());
        return finished.said();
    }
}
