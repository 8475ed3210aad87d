package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.media.Samples;
import io.millrace.media.rtmp.FlvTags.Tag;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers whose timestamps are not what the protocol has in mind: nothing of what they send is lost for it. */
class OddClockTest {

    private static final int ROUNDS = 4;
    private static final int ROUND_MILLIS = 2000;
    private static final int PICTURES = 60 * ROUNDS;
    private static final int SOUND = 95 * ROUNDS;

    private TestServer server;

    @BeforeEach
    void open() throws Exception {
        server = TestServer.open();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 5000", "0, 10800000", "5000, 2000", "10800000, 0", "0, -3000"})
    void soundAndPicturesMayHaveClocksOfTheirOwn(int pictures, int sound) throws Exception {
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : rounds(0)) {
            tags.add(at(tag, tag.timestamp() + (tag.video() ? pictures : sound)));
        }
        Received received = publish(tags);
        assertEquals(PICTURES, received.pictures());
        assertEquals(SOUND, received.sound.size());
        assertEquals(0, received.discontinuities());
        assertEquals(List.of(2000L, 2000L, 2000L, 2000L), received.millis());
    }

    @ParameterizedTest
    @ValueSource(ints = {2500, -2500})
    void picturesMayArriveLongAfterTheirSoundOrBeforeIt(int later) throws Exception {
        List<Tag> tags = new ArrayList<>(rounds(10_000));
        tags.sort(Comparator.comparing(tag -> tag.timestamp() + (tag.video() ? later : 0)));
        Received received = publish(tags);
        assertEquals(PICTURES, received.pictures());
        assertEquals(SOUND, received.sound.size());
        assertTrue(received.discontinuities() <= 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3000, 9000, 60_000, -8000, -30_000})
    void onePictureFarOffIsLostAlone(int off) throws Exception {
        List<Tag> tags = rounds(40_000);
        int stray = 0;
        for (int seen = 0; seen < 80; stray++) {
            seen += tags.get(stray).video() && !tags.get(stray).configuration() ? 1 : 0;
        }
        tags.set(stray - 1, at(tags.get(stray - 1), tags.get(stray - 1).timestamp() + off));
        Received received = publish(tags);
        assertEquals(PICTURES - 1, received.pictures());
        assertEquals(SOUND, received.sound.size());
        assertEquals(0, received.discontinuities());
        assertEquals(List.of(2000L, 2000L, 2000L, 2000L), received.millis());
    }

    @Test
    void theClockOfThePicturesAloneMayBeginAnew() throws Exception {
        // A recorder lost its camera and found it again (ossrs/srs issue 4586).
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : rounds(100_000)) {
            boolean anew = tag.video() && tag.timestamp() >= 100_000 + 2 * ROUND_MILLIS;
            tags.add(anew ? at(tag, tag.timestamp() - 104_000) : tag);
        }
        Received received = publish(tags);
        assertEquals(PICTURES, received.pictures());
        assertEquals(SOUND, received.sound.size());
        assertTrue(received.discontinuities() <= 1);
        assertEquals(List.of(2000L, 2000L, 2000L, 2000L), received.millis());
    }

    @Test
    void configurationsHaveNoTimeOfTheirOwn() throws Exception {
        // Encoders repeat them with the timestamp 0 (seen with Haishinkit and Moblin).
        List<Tag> tags = new ArrayList<>();
        List<Tag> configurations = sample().stream().filter(Tag::configuration).toList();
        for (Tag tag : rounds(100_000)) {
            if (tag.keyframe()) {
                configurations.forEach(configuration -> tags.add(at(configuration, 0)));
            }
            tags.add(tag);
        }
        Received received = publish(tags);
        assertEquals(PICTURES, received.pictures());
        assertEquals(SOUND, received.sound.size());
        assertEquals(0, received.discontinuities());
    }

    @Test
    void picturesThatAreShownBeforeTheirTimestampKeepTheTimeTheyAreShownAt() throws Exception {
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : rounds(0)) {
            tags.add(picture(tag) ? shifted(tag, shift(tag) - 67) : tag);
        }
        assertReordered(publish(tags));
    }

    @Test
    void timestampsMayBeThoseOfShowing() throws Exception {
        // Some senders write no composition time and the presentation time as timestamp (moq-dev/moq issue 2000).
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : rounds(0)) {
            tags.add(picture(tag) ? at(shifted(tag, 0), tag.timestamp() + shift(tag)) : tag);
        }
        assertReordered(publish(tags));
    }

    @ParameterizedTest
    @ValueSource(ints = {8_388_607, -8_388_608})
    void aCompositionTimeThatOverflowedMovesNothing(int shift) throws Exception {
        List<Tag> tags = rounds(0);
        int odd = tags.indexOf(tags.stream().filter(OddClockTest::picture).skip(70).findFirst().orElseThrow());
        tags.set(odd, shifted(tags.get(odd), shift));
        Received received = publish(tags);
        assertEquals(PICTURES, received.pictures());
        List<Long> inOrder = received.shown.stream().sorted().toList();
        assertTrue(inOrder.getLast() - inOrder.getFirst() < 9 * 90_000);
        assertTrue(received.decoded.getFirst() > 90_000, "decoding is not lowered for it");
    }

    private static void assertReordered(Received received) {
        assertEquals(PICTURES, received.pictures());
        assertEquals(0, received.discontinuities());
        List<Long> inOrder = received.shown.stream().sorted().toList();
        assertEquals(PICTURES, new HashSet<>(inOrder).size());
        long[] steps = LongStream.range(1, PICTURES)
                .map(i -> inOrder.get((int) i) - inOrder.get((int) i - 1))
                .toArray();
        assertTrue(LongStream.of(steps).allMatch(step -> step >= 2900 && step <= 3100), "30 pictures a second");
        for (int i = 0; i < PICTURES; i++) {
            assertTrue(received.decoded.get(i) <= received.shown.get(i), "shown before it is decoded: " + i);
            assertTrue(i == 0 || received.decoded.get(i) > received.decoded.get(i - 1), "decoding goes back: " + i);
        }
    }

    @Test
    void aPauseIsNoBreak() throws Exception {
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : rounds(0)) {
            tags.add(tag.timestamp() > 5000 ? at(tag, tag.timestamp() + 6000) : tag);
        }
        Received received = publish(tags);
        assertEquals(PICTURES, received.pictures());
        assertEquals(SOUND, received.sound.size());
        assertEquals(0, received.discontinuities());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 2000, 5000})
    void slowPicturesAreAllTaken(int period) throws Exception {
        List<Tag> tags = new ArrayList<>(sample().stream().filter(Tag::configuration).toList());
        Tag key = sample().stream().filter(Tag::keyframe).findFirst().orElseThrow();
        for (int i = 0; i < 7; i++) {
            tags.add(at(key, i * period));
        }
        assertEquals(7, publish(tags).pictures());
    }

    @Test
    void aClockThatJumpsAllTheTimeIsToldOnce() throws Exception {
        List<Tag> tags = new ArrayList<>();
        for (int round = 0; round < 40; round++) {
            for (Tag tag : sample()) {
                tags.add(at(tag, tag.timestamp() + (round % 2) * 100_000));
            }
        }
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true));
        try {
            assertEquals(40 * 60, publish(tags).pictures());
        } finally {
            System.setErr(before);
        }
        assertTrue(log.toString().split("clock jumped", -1).length <= 2, log.toString());
    }

    private Received publish(List<Tag> tags) throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            publisher.chunkSize(65_536);
            publisher.send(tags, 0);
        }
        return Received.of(server);
    }

    private static List<Tag> sample() {
        return FlvTags.media(Samples.bytes("avc-aac.flv"));
    }

    /** The sample several times, with its configurations at the beginning only. */
    private static List<Tag> rounds(int start) {
        List<Tag> tags = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Tag tag : sample()) {
                if (round == 0 || !tag.configuration()) {
                    tags.add(at(tag, tag.timestamp() + start + round * ROUND_MILLIS));
                }
            }
        }
        return tags;
    }

    private static boolean picture(Tag tag) {
        return tag.video() && !tag.configuration();
    }

    private static Tag at(Tag tag, int timestamp) {
        return new Tag(tag.type(), timestamp, tag.payload());
    }

    private static int shift(Tag tag) {
        return tag.payload()[2] << 16 | (tag.payload()[3] & 0xff) << 8 | tag.payload()[4] & 0xff;
    }

    private static Tag shifted(Tag tag, int shift) {
        byte[] payload = tag.payload().clone();
        payload[2] = (byte) (shift >> 16);
        payload[3] = (byte) (shift >> 8);
        payload[4] = (byte) shift;
        return new Tag(tag.type(), tag.timestamp(), payload);
    }
}
