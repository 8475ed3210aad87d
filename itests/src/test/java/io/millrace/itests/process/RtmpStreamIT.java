package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.model.Variant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two streams published at once by ffmpeg, and what a viewer gets of them while they run and after. */
@Tag("ffmpeg")
@Tag("long")
class RtmpStreamIT {

    private static final int SECONDS = 10;
    private static final int SEGMENTS = SECONDS / 2;
    private static final List<String> RENDITIONS = List.of("source", "P240p30fps16x9", "P144p30fps16x9");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodePair nodes;
    private static List<Boolean> ongoingWhileLive;
    private static int exitOfIntruder;
    private static List<Integer> exitsOfPublishers;

    @BeforeAll
    static void publishTwoStreams() {
        nodes = NodePair.start(
                folder,
                "io.millrace.kernel.gateway.graceSeconds=6",
                "io.millrace.media.hls.window=100",
                "io.millrace.media.hls.retentionSeconds=600");
        Path clip = Ffmpeg.clip(folder, SECONDS);
        Process alpha = Ffmpeg.publish(clip, nodes.rtmp("alpha"));
        Process beta = Ffmpeg.publish(clip, nodes.rtmp("beta"));
        Viewer viewer = new Viewer(nodes.http(), "alpha");
        viewer.awaitSegments(1);
        exitOfIntruder = Ffmpeg.await(Ffmpeg.publish(Ffmpeg.clip(folder, 2), nodes.rtmp("alpha")));
        viewer.awaitRenditions(RENDITIONS.size());
        ongoingWhileLive =
                viewer.playlists().values().stream().map(MediaPlaylist::ongoing).toList();
        exitsOfPublishers = List.of(Ffmpeg.await(alpha), Ffmpeg.await(beta));
        viewer.awaitEnd();
        new Viewer(nodes.http(), "beta").awaitEnd();
    }

    @AfterAll
    static void stopNodes() {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Test
    void aRunningStreamIsListedWithoutAnEnd() {
        assertEquals(List.of(true, true, true), ongoingWhileLive);
    }

    @Test
    void aNameThatIsBeingPublishedIsRefusedToAnotherPublisher() {
        assertNotEquals(0, exitOfIntruder);
        assertEquals(List.of(0, 0), exitsOfPublishers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha", "beta"})
    void anEndedStreamHasItsEndInEveryPlaylist(String stream) {
        Map<String, MediaPlaylist> playlists = new Viewer(nodes.http(), stream).playlists();
        assertEquals(RENDITIONS, List.copyOf(playlists.keySet()));
        playlists.forEach((rendition, playlist) -> assertFalse(playlist.ongoing(), rendition));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha", "beta"})
    void everyRenditionOfEverySegmentDecodesWithTheFramesOfTheSource(String stream) {
        Viewer viewer = new Viewer(nodes.http(), stream);
        viewer.playlists().forEach((rendition, playlist) -> {
            Map<Long, Integer> frames = viewer.decodeAll(playlist).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().frames()));
            assertEquals(SEGMENTS, frames.size(), rendition + ": " + frames);
            assertEquals(
                    SECONDS * Ffmpeg.FRAMES_A_SECOND,
                    frames.values().stream().mapToInt(Integer::intValue).sum(),
                    rendition + ": " + frames);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha", "beta"})
    void numbersAreAlignedAndNoSegmentIsMissing(String stream) {
        new Viewer(nodes.http(), stream).playlists().forEach((rendition, playlist) -> {
            assertEquals(0, playlist.mediaSequence(), rendition);
            assertEquals(
                    List.of("0.ts", "1.ts", "2.ts", "3.ts", "4.ts"),
                    playlist.mediaSegments().stream()
                            .map(segment -> segment.uri().replaceFirst(".*/", ""))
                            .toList(),
                    rendition);
            assertEquals(0, Viewer.gaps(playlist), rendition);
            assertTrue(playlist.mediaSegments().stream().noneMatch(MediaSegment::discontinuity), rendition);
            assertTrue(
                    playlist.mediaSegments().stream().allMatch(segment -> segment.programDateTime().isPresent()),
                    rendition);
        });
    }

    @Test
    void theMasterPlaylistDescribesWhatTheSegmentsHold() {
        Viewer viewer = new Viewer(nodes.http(), "alpha");
        for (Variant variant : viewer.master().orElseThrow().variants()) {
            Ffmpeg.Decoded first = Ffmpeg.decode(
                    viewer.segment(viewer.media(variant).mediaSegments().getFirst()));
            assertEquals(first.width(), variant.resolution().orElseThrow().width(), variant.uri());
            assertEquals(first.height(), variant.resolution().orElseThrow().height(), variant.uri());
            assertEquals(Ffmpeg.FRAMES_A_SECOND, variant.frameRate().orElseThrow(), 0.01, variant.uri());
            assertEquals(2, variant.codecs().size(), variant.uri());
            assertTrue(variant.averageBandwidth().orElseThrow() <= variant.bandwidth(), variant.uri());
        }
    }

    @Test
    void aPublisherThatComesBackInTimeGoesOnWithItsPlaylist() {
        Path clip = Ffmpeg.clip(folder, 4);
        assertEquals(0, Ffmpeg.await(Ffmpeg.publish(clip, nodes.rtmp("gamma"))));
        assertEquals(0, Ffmpeg.await(Ffmpeg.publish(clip, nodes.rtmp("gamma"))));
        Viewer viewer = new Viewer(nodes.http(), "gamma");
        viewer.awaitEnd();
        Map<String, MediaPlaylist> playlists = viewer.playlists();
        assertEquals(RENDITIONS, List.copyOf(playlists.keySet()));
        playlists.forEach((rendition, playlist) -> {
            assertEquals(
                    List.of(false, false, true, false),
                    playlist.mediaSegments().stream().map(MediaSegment::discontinuity).toList(),
                    rendition);
            assertEquals(0, Viewer.gaps(playlist), rendition);
            assertEquals(
                    2 * 4 * Ffmpeg.FRAMES_A_SECOND,
                    viewer.decodeAll(playlist).values().stream()
                            .mapToInt(Ffmpeg.Decoded::frames)
                            .sum(),
                    rendition);
        });
    }
}
