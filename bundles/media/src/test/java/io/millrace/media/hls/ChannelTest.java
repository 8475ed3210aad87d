package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lindstrom.m3u8.model.MasterPlaylist;
import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.model.Variant;
import io.lindstrom.m3u8.parser.ParsingMode;
import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.value.Bytes;
import io.millrace.testkit.SampleSegments;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelTest {

    private final PublishedStream stream = new PublishedStream(PublishedStream.limits());

    private static List<String> uris(MasterPlaylist master) {
        return master.variants().stream().map(Variant::uri).toList();
    }

    @Test
    void nothingIsThereBeforeTheFirstSegment() {
        assertEquals(Optional.empty(), stream.channel().master());
        assertEquals(Optional.empty(), stream.channel().media("source"));
    }

    @Test
    void theSourceIsListedTheMomentItIsInAndRenditionsWhenTheyAre() throws Exception {
        stream.source(0);
        assertEquals(List.of("movie/source.m3u8"), uris(stream.master()));
        assertEquals("0", stream.listing("source"));
        assertEquals(Optional.empty(), stream.channel().media("hi"));

        stream.settled(0, PublishedStream.LO);
        assertEquals(List.of("movie/source.m3u8", "movie/lo.m3u8"), uris(stream.master()));
        stream.source(1);
        stream.settled(1, PublishedStream.HI, PublishedStream.LO);
        assertEquals(List.of("movie/source.m3u8", "movie/hi.m3u8", "movie/lo.m3u8"), uris(stream.master()));
        assertEquals("1", stream.listing("hi"));
        assertEquals(1, stream.media("hi").mediaSequence());
    }

    @Test
    void theMasterTellsWhatARenditionReallyIs() throws Exception {
        stream.whole(0);
        Variant hi = stream.master().variants().get(1);
        // asked for as 1280x720, made as 320x180
        assertEquals(320, hi.resolution().orElseThrow().width());
        assertEquals(180, hi.resolution().orElseThrow().height());
        assertEquals(30, hi.frameRate().orElseThrow(), 0.01);
        assertEquals("avc1.64000d,mp4a.40.2", String.join(",", hi.codecs()).toLowerCase(java.util.Locale.ROOT));
        long rate = SampleSegments.data(0).size() * 8L / 2;
        assertTrue(hi.bandwidth() >= rate && hi.bandwidth() < rate + 10_000, hi.toString());
        assertTrue(hi.averageBandwidth().orElseThrow() <= hi.bandwidth());
        assertTrue(stream.channel().master().orElseThrow().contains(",FRAME-RATE=30.000\n"));
    }

    @Test
    void playlistsAreStrictAndBearTheTagsOfAGoodOrigin() throws Exception {
        stream.whole(0);
        stream.whole(1);
        assertEquals(
                """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-TARGETDURATION:2
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
                #EXTINF:2.000,
                /stream/movie/hi/INSTANCE/0.ts
                #EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
                #EXTINF:2.000,
                /stream/movie/hi/INSTANCE/1.ts
                """
                        .replace("INSTANCE", stream.channel().instance()),
                stream.channel().media("hi").orElseThrow());
        assertTrue(stream.master().independentSegments());
        assertTrue(stream.media("hi").independentSegments());
        assertTrue(stream.media("hi").ongoing());
        new io.lindstrom.m3u8.parser.MasterPlaylistParser(ParsingMode.STRICT)
                .readPlaylist(stream.channel().master().orElseThrow());
    }

    @Test
    void theWindowSlidesAndNumbersStayAlignedWhenARenditionIsBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            stream.source(i);
        }
        for (int i = 0; i < 18; i++) {
            stream.settled(i, PublishedStream.HI, PublishedStream.LO);
        }
        assertEquals("14 15 16 17 18 19", stream.listing("source"));
        assertEquals(14, stream.media("source").mediaSequence());
        assertEquals("12 13 14 15 16 17", stream.listing("lo"));
        assertEquals(12, stream.media("lo").mediaSequence());
    }

    @Test
    void segmentsStayOneWindowLongerThanTheyAreListed() {
        for (int i = 0; i < 20; i++) {
            stream.whole(i);
        }
        assertTrue(stream.channel().segment("lo", 8, ".ts").isPresent());
        assertFalse(stream.channel().segment("lo", 7, ".ts").isPresent());
        assertFalse(stream.channel().segment("lo", 20, ".ts").isPresent());
        assertFalse(stream.channel().segment("lo", 19, ".mp4").isPresent());
        assertFalse(stream.channel().segment("other", 19, ".ts").isPresent());
    }

    /** RFC 8216, 4.3.3.1: lengths are rounded to the nearest second; 6.3.3: players begin three of it behind. */
    @ParameterizedTest
    @CsvSource({"2000, 2", "1000, 2", "2400, 2", "2499, 2", "2500, 3", "3000, 3", "5005, 5", "8333, 8"})
    void theTargetDurationIsTheFirstSegmentsLengthRounded(int millis, int target) throws Exception {
        stream.source(PublishedStream.segment(0, Duration.ofMillis(millis), false));
        stream.settled(0, PublishedStream.HI);
        assertEquals(target, stream.media("source").targetDuration());
        assertEquals(target, stream.media("hi").targetDuration());
    }

    /** RFC 8216, 6.2.4: it is the same in all variants. */
    @Test
    void aLongerSegmentRaisesTheTargetDurationInAllRenditionsAndItNeverFalls() throws Exception {
        stream.whole(0);
        stream.source(PublishedStream.segment(1, Duration.ofMillis(8333), false));
        for (String rendition : List.of("source", "hi", "lo")) {
            assertEquals(8, stream.media(rendition).targetDuration(), rendition);
        }
        assertEquals(8.333, stream.media("source").mediaSegments().get(1).duration(), 0.0001);
        stream.settled(1, PublishedStream.HI, PublishedStream.LO);
        for (int i = 2; i < 60; i++) {
            stream.whole(i);
        }
        for (String rendition : List.of("source", "hi", "lo")) {
            assertEquals(8, stream.media(rendition).targetDuration(), rendition);
        }
    }

    /** RFC 8216, 6.2.2: no segment is removed that would leave less, since a player begins that far behind. */
    @Test
    void aPlaylistIsNeverShorterThanThreeTargetDurations() throws Exception {
        stream.whole(0);
        long first = 0;
        for (int i = 1; i < 60; i++) {
            boolean pause = i == 20;
            stream.source(PublishedStream.segment(i, pause ? Duration.ofSeconds(10) : PublishedStream.TWO, false));
            MediaPlaylist playlist = stream.media("source");
            double seconds = playlist.mediaSegments().stream()
                    .mapToDouble(MediaSegment::duration)
                    .sum();
            // what left the playlist before the pause does not come back
            assertTrue(seconds >= 3 * playlist.targetDuration() || playlist.mediaSequence() == first, "at " + i);
            assertTrue(playlist.mediaSequence() >= first, "at " + i);
            first = playlist.mediaSequence();
        }
        assertEquals(15, stream.media("source").mediaSegments().size());
        for (int i = 60 - 2 * 15; i < 60; i++) {
            assertTrue(stream.channel().segment("source", i, ".ts").isPresent(), "segment " + i);
        }
        assertFalse(stream.channel().segment("source", 60 - 2 * 15 - 1, ".ts").isPresent());
    }

    /** RFC 8216, 6.2.4: matching content has matching discontinuity sequence numbers in all variants. */
    @Test
    void aMissingRenditionIsAGapAndLeavesTheDiscontinuityNumbersAlone() throws Exception {
        stream.whole(0);
        stream.source(1);
        stream.settled(1, PublishedStream.LO);
        stream.whole(2);
        stream.whole(3);
        assertEquals("0 1 2 3", stream.listing("source"));
        assertEquals("0 1g 2 3", stream.listing("hi"));
        assertEquals("0 1 2 3", stream.listing("lo"));
        assertFalse(stream.channel().segment("hi", 1, ".ts").isPresent());
        stream.source(PublishedStream.segment(4, PublishedStream.TWO, true));
        stream.settled(4, PublishedStream.HI, PublishedStream.LO);
        for (int i = 5; i < 8; i++) {
            stream.whole(i);
        }
        for (String rendition : List.of("source", "hi", "lo")) {
            assertEquals("2 3 d4 5 6 7", stream.listing(rendition));
            assertEquals(0, stream.media(rendition).discontinuitySequence(), rendition);
        }
        for (int i = 8; i < 11; i++) {
            stream.whole(i);
        }
        for (String rendition : List.of("source", "hi", "lo")) {
            assertEquals("5 6 7 8 9 10", stream.listing(rendition));
            assertEquals(1, stream.media(rendition).discontinuitySequence(), rendition);
            assertEquals(5, stream.media(rendition).mediaSequence(), rendition);
        }
    }

    @Test
    void aBreakThatARenditionMissesIsMarkedBeforeItsGap() throws Exception {
        stream.whole(0);
        stream.source(PublishedStream.segment(1, PublishedStream.TWO, true));
        stream.settled(1, PublishedStream.LO);
        stream.whole(2);
        assertEquals("0 d1 2", stream.listing("lo"));
        assertEquals("0 d1g 2", stream.listing("hi"));
    }

    @Test
    void gapsBeforeTheFirstSegmentOfARenditionAreNotListed() throws Exception {
        stream.source(0);
        stream.settled(0);
        stream.source(1);
        stream.settled(1);
        stream.whole(2);
        assertEquals("2", stream.listing("hi"));
        assertEquals(2, stream.media("hi").mediaSequence());
    }

    @Test
    void whenNobodyServesAnyMoreOnlyTheSourceIsOffered() throws Exception {
        stream.whole(0);
        for (int i = 1; i < 8; i++) {
            stream.source(i);
            stream.settled(i);
        }
        assertEquals(List.of("movie/source.m3u8"), uris(stream.master()));
        assertEquals("2g 3g 4g 5g 6g 7g", stream.listing("hi"));
        stream.whole(8);
        assertEquals(3, stream.master().variants().size());
        assertEquals("3g 4g 5g 6g 7g 8", stream.listing("hi"));
    }

    @Test
    void aRestartIsADiscontinuityInAllRenditionsWithTheClockSetAnew() throws Exception {
        stream.whole(0);
        Segment back = new Segment(
                1,
                PublishedStream.TWO,
                SampleSegments.data(1),
                Optional.empty(),
                Instant.parse("2026-01-01T00:00:30Z"),
                true);
        stream.source(back);
        stream.settled(1, PublishedStream.HI, PublishedStream.LO);
        for (String rendition : List.of("source", "hi", "lo")) {
            assertEquals("0 d1", stream.listing(rendition));
            assertEquals(
                    Instant.parse("2026-01-01T00:00:30Z"),
                    stream.media(rendition)
                            .mediaSegments()
                            .get(1)
                            .programDateTime()
                            .orElseThrow()
                            .toInstant());
        }
    }

    @Test
    void discontinuityNumbersAgreeInARenditionThatBeginsLater() throws Exception {
        stream.source(0);
        stream.settled(0, PublishedStream.LO);
        stream.source(PublishedStream.segment(1, PublishedStream.TWO, true));
        stream.settled(1, PublishedStream.HI, PublishedStream.LO);
        stream.whole(2);
        assertEquals("0 d1 2", stream.listing("lo"));
        assertEquals(0, stream.media("lo").discontinuitySequence());
        assertEquals("d1 2", stream.listing("hi"));
        assertEquals(0, stream.media("hi").discontinuitySequence());
    }

    @Test
    void aRestartRightAfterAGapCountsOnce() throws Exception {
        stream.whole(0);
        stream.source(1);
        stream.settled(1);
        stream.source(PublishedStream.segment(2, PublishedStream.TWO, true));
        stream.settled(2, PublishedStream.HI, PublishedStream.LO);
        for (int i = 3; i < 9; i++) {
            stream.whole(i);
        }
        assertEquals(1, stream.media("hi").discontinuitySequence());
        assertEquals(1, stream.media("source").discontinuitySequence());
    }

    @Test
    void aChangeOfFormatIsADiscontinuityAndTheMasterFollows() throws Exception {
        stream.whole(0);
        MediaInfo other = new MediaInfo(
                Container.MPEGTS, "h264", "aac", 640, 360, "yuv420p", 30, "avc1.64001e,mp4a.40.2", 60);
        stream.publication.source(PublishedStream.segment(1, PublishedStream.TWO, false), other);
        assertEquals("0 d1", stream.listing("source"));
        assertEquals(640, stream.master().variants().getFirst().resolution().orElseThrow().width());
    }

    @Test
    void aSegmentWithoutAPictureIsNoChangeOfFormat() throws Exception {
        stream.whole(0);
        MediaInfo silent = new MediaInfo(Container.MPEGTS, "h264", "aac", 0, 0, "", 0, "", 0);
        stream.publication.source(PublishedStream.segment(1, PublishedStream.TWO, false), silent);
        stream.source(2);
        assertEquals("0 1 2", stream.listing("source"));
        assertEquals(320, stream.master().variants().getFirst().resolution().orElseThrow().width());
    }

    @Test
    void numbersOfFilesMayJumpAndMediaSequenceNumbersStayContiguous() throws Exception {
        stream.whole(10);
        stream.whole(20);
        stream.source(PublishedStream.segment(40, PublishedStream.TWO, true));
        stream.settled(40, PublishedStream.HI, PublishedStream.LO);
        assertEquals("10 20 d40", stream.listing("source"));
        assertEquals("10 20 d40", stream.listing("hi"));
        assertEquals(10, stream.media("hi").mediaSequence());
        for (int i = 41; i < 50; i++) {
            stream.whole(i);
        }
        assertEquals("44 45 46 47 48 49", stream.listing("hi"));
        assertEquals(16, stream.media("hi").mediaSequence());
        assertEquals(1, stream.media("hi").discontinuitySequence());
    }

    @Test
    void dateTimesFollowTheMediaNotTheSpeedOfArrival() throws Exception {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 4; i++) {
            stream.source(new Segment(
                    i, PublishedStream.TWO, SampleSegments.data(0), Optional.empty(), start.plusMillis(i), false));
        }
        List<MediaSegment> segments = stream.media("source").mediaSegments();
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    start.plus(PublishedStream.TWO.multipliedBy(i)),
                    segments.get(i).programDateTime().orElseThrow().toInstant());
        }
    }

    @Test
    void aLateOrRepeatedSegmentIsNotListed() throws Exception {
        stream.whole(5);
        stream.source(5);
        stream.source(4);
        stream.settled(4, PublishedStream.HI);
        assertEquals("5", stream.listing("source"));
        assertEquals("5", stream.listing("hi"));
    }

    @Test
    void anEndedStreamSaysSoInAllPlaylists() throws Exception {
        stream.whole(0);
        stream.source(1);
        stream.publication.close();
        for (String rendition : List.of("source", "hi", "lo")) {
            assertFalse(stream.media(rendition).ongoing(), rendition);
        }
        assertEquals("0 1", stream.listing("source"));
        assertEquals("0", stream.listing("hi"));
    }

    @Test
    void plainMp4SegmentsAreListedAsTheyAre() throws Exception {
        VideoProfile mp4 = VideoProfile.h264("mp4", 320, 180, 300_000, 30).withFormat(Container.MP4);
        PublishedStream other = new PublishedStream(PublishedStream.limits(), "film", mp4);
        MediaInfo info = new MediaInfo(Container.MP4, "h264", "aac", 320, 180, "yuv420p", 30, "avc1.64000d", 60);
        other.publication.source(PublishedStream.segment(0, PublishedStream.TWO, false), info);
        other.settled(0, mp4);
        MediaPlaylist playlist = other.media("mp4");
        assertEquals(
                "/stream/film/mp4/" + other.channel().instance() + "/0.mp4",
                playlist.mediaSegments().getFirst().uri());
        assertTrue(other.channel().segment("source", 0, ".mp4").isPresent());
    }

    @Test
    void aSourceThatNoPlayerTakesIsNotListed() throws Exception {
        PublishedStream other = new PublishedStream(PublishedStream.limits(), "hevc", PublishedStream.LO);
        MediaInfo info = new MediaInfo(Container.MPEGTS, "hevc", "aac", 320, 180, "yuv420p", 30, "hvc1.1.6.L60.90", 60);
        other.publication.source(PublishedStream.segment(0, PublishedStream.TWO, false), info);
        other.settled(0, PublishedStream.LO);
        assertEquals(List.of("hevc/lo.m3u8"), uris(other.master()));
        assertEquals(Optional.empty(), other.channel().media("source"));
        MediaInfo fragmented = new MediaInfo(Container.MP4, "hevc", "aac", 320, 180, "yuv420p", 30, "hvc1.1.6.L60.90", 60);
        PublishedStream mp4 = new PublishedStream(PublishedStream.limits(), "mp4", PublishedStream.LO);
        mp4.publication.source(PublishedStream.segment(0, PublishedStream.TWO, false), fragmented);
        assertEquals(List.of("mp4/source.m3u8"), uris(mp4.master()));
    }

    @Test
    void namesThatWouldBreakALineOrAnAddressAreEscaped() throws Exception {
        VideoProfile odd = VideoProfile.h264("a b\"#?%;/c", 320, 180, 300_000, 30).withFormat(Container.MPEGTS);
        PublishedStream other = new PublishedStream(PublishedStream.limits(), "x:y z,ü", odd);
        other.whole(0);
        other.settled(0);
        other.source(1);
        other.settled(1, odd);
        assertEquals(
                List.of("x%3Ay%20z%2C%C3%BC/source.m3u8", "x%3Ay%20z%2C%C3%BC/a%20b%22%23%3F%25%3B/c.m3u8"),
                uris(other.master()));
        assertEquals(
                "/stream/x%3Ay%20z%2C%C3%BC/a%20b%22%23%3F%25%3B/c/" + other.channel().instance() + "/1.ts",
                other.media("a b\"#?%;/c").mediaSegments().getFirst().uri());
    }

    @Test
    void aRenditionNamedSourceLeavesTheSourceItsPlaylist() throws Exception {
        VideoProfile source = VideoProfile.h264("source", 320, 180, 300_000, 30).withFormat(Container.MPEGTS);
        PublishedStream other = new PublishedStream(PublishedStream.limits(), "film", source, PublishedStream.LO);
        other.source(0);
        other.settled(0, source, PublishedStream.LO);
        other.source(1);
        assertEquals(List.of("film/source.m3u8", "film/lo.m3u8"), uris(other.master()));
        assertEquals("0 1", other.listing("source"));
        assertEquals("0", other.listing("lo"));
    }

    @Test
    void aRenditionThatCannotBeReadIsStillPublished() throws Exception {
        stream.source(0);
        stream.publication.renditions(
                PublishedStream.segment(0, PublishedStream.TWO, false),
                List.of(new Rendition(PublishedStream.HI, Bytes.utf8("no media"))));
        assertEquals("0", stream.listing("hi"));
        assertEquals(List.of(), stream.master().variants().get(1).codecs());
        stream.source(1);
        stream.settled(1, PublishedStream.HI);
        assertEquals(2, stream.master().variants().get(1).codecs().size());
    }

    @Test
    void theLargestNumbersThereAreDoNoHarm() throws Exception {
        stream.whole(Long.MAX_VALUE - 1);
        stream.whole(Long.MAX_VALUE);
        assertEquals(0, stream.media("source").mediaSequence());
        assertEquals(
                (Long.MAX_VALUE - 1) + " " + Long.MAX_VALUE, stream.listing("hi"));
    }

    /** Reading them takes as long as the node likes that made them; viewers must not wait for that. */
    @Test
    void renditionsAreReadOutsideOfTheLock() throws Exception {
        stream.source(0);
        List<Boolean> held = new ArrayList<>();
        Rendition made = new Rendition(PublishedStream.HI, SampleSegments.data(0));
        List<Rendition> renditions = new AbstractList<>() {
            @Override
            public Rendition get(int index) {
                held.add(Thread.holdsLock(stream.channel()));
                return made;
            }

            @Override
            public int size() {
                return 1;
            }
        };
        stream.publication.renditions(PublishedStream.segment(0, PublishedStream.TWO, false), renditions);
        assertFalse(held.isEmpty());
        assertFalse(held.contains(true));
        assertEquals("0", stream.listing("hi"));
    }
}
