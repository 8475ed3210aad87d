package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.SampleSegments;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Segments pushed by HTTP, and the answers. */
@Tag("ffmpeg")
class PushIT {

    private static final int FRAMES = 60;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodePair nodes;
    private static Pusher pusher;

    @BeforeAll
    static void startNodes() {
        nodes = NodePair.start(folder);
        pusher = new Pusher(nodes.http());
    }

    @AfterAll
    static void stopNodes() {
        if (nodes != null) {
            nodes.close();
        }
    }

    private static byte[] sample(int index) {
        return SampleSegments.data(index).toArray();
    }

    @Test
    void aPushedSegmentComesBackInEveryRendition() {
        List<Pusher.Part> parts = Pusher.parts(pusher.send(pusher.request("whole/0.ts", sample(0))));
        assertEquals(
                List.of("P240p30fps16x9", "P144p30fps16x9"),
                parts.stream().map(Pusher.Part::rendition).toList());
        for (Pusher.Part part : parts) {
            assertTrue(part.type().startsWith("video/mp2t"), part.type());
            assertTrue(part.disposition().contains(part.rendition() + "_0.ts"), part.disposition());
            assertEquals(FRAMES, Ffmpeg.decode(part.data()).frames(), part.rendition());
        }
    }

    @Test
    void segmentsInParallelAndOutOfOrderGetTheirOwnRenditions() throws InterruptedException, ExecutionException {
        Map<Integer, Future<HttpResponse<byte[]>>> answers = new TreeMap<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int index : List.of(2, 0, 1)) {
                answers.put(
                        index,
                        senders.submit(() -> pusher.send(pusher.request("mixed/" + index + ".ts", sample(index)))));
            }
        }
        for (Map.Entry<Integer, Future<HttpResponse<byte[]>>> answer : answers.entrySet()) {
            Ffmpeg.Decoded source = Ffmpeg.decode(sample(answer.getKey()));
            List<Pusher.Part> parts = Pusher.parts(answer.getValue().get());
            assertEquals(2, parts.size());
            for (Pusher.Part part : parts) {
                Ffmpeg.Decoded rendition = Ffmpeg.decode(part.data());
                assertEquals(FRAMES, rendition.frames());
                assertEquals(source.start(), rendition.start(), 0.05, part.disposition());
            }
        }
    }

    @Test
    void profilesOfTheHeaderAreUsedInsteadOfTheNodes() {
        List<Pusher.Part> parts = Pusher.parts(pusher.send(pusher.request("own/0.ts", sample(0))
                .header(
                        "Livepeer-Transcode-Configuration",
                        """
                        {"profiles": [{"name": "tiny", "width": 160, "height": 90, "bitrate": 200000, "fps": 15}]}\
                        """)));
        assertEquals(List.of("tiny"), parts.stream().map(Pusher.Part::rendition).toList());
        Ffmpeg.Decoded tiny = Ffmpeg.decode(parts.getFirst().data());
        assertEquals(160, tiny.width());
        assertEquals(90, tiny.height());
        assertEquals(FRAMES / 2, tiny.frames());
    }

    @Test
    void anMp4SegmentComesBackAsMp4() {
        List<Pusher.Part> parts =
                Pusher.parts(pusher.send(pusher.request("box/0.mp4", Ffmpeg.remux(sample(0), "mp4"))));
        assertEquals(2, parts.size());
        for (Pusher.Part part : parts) {
            assertTrue(part.type().startsWith("video/mp4"), part.type());
            assertEquals("ftyp", new String(part.data(), 4, 4, StandardCharsets.US_ASCII));
            assertEquals(FRAMES, Ffmpeg.decode(part.data()).frames());
        }
    }

    @Test
    void aSenderThatAcceptsNoPartsGetsAnEmptyAnswerAndAPlaylist() {
        HttpResponse<byte[]> answer = pusher.send(pusher.request("quiet/0.ts", sample(0))
                .setHeader("Accept", "*/*")
                .PUT(BodyPublishers.ofByteArray(sample(0))));
        assertEquals(200, answer.statusCode());
        assertEquals(0, answer.body().length);
        Viewer viewer = new Viewer(nodes.http(), "quiet");
        viewer.awaitRenditions(3);
        viewer.playlists().forEach((rendition, playlist) -> assertEquals(1, viewer.decodeAll(playlist).size()));
    }

    @Test
    void whatCannotBeUsedIsRefusedWithItsStatus() {
        assertEquals(400, pusher.send(pusher.request("bad/0.avi", sample(0))).statusCode());
        assertEquals(
                400,
                pusher.send(pusher.request("bad/0.ts", sample(0)).header("Livepeer-Transcode-Configuration", "{"))
                        .statusCode());
        assertEquals(
                422,
                pusher.send(pusher.request("bad/0.ts", "no media".getBytes(StandardCharsets.UTF_8)))
                        .statusCode());
        assertEquals(405, pusher.send(pusher.request("bad/0.ts", sample(0)).GET()).statusCode());
    }
}
