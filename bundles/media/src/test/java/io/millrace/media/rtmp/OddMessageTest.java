package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.media.Samples;
import io.millrace.media.codec.Aac;
import io.millrace.media.probe.SegmentProbe;
import io.millrace.media.rtmp.FlvTags.Tag;
import io.millrace.media.rtmp.RecordingGate.Submitted;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers whose messages are not what the protocol has in mind: what is to be shown of them is shown. */
class OddMessageTest {

    private static final int KEY = 0x90;
    private static final int OTHER = 0xa0;
    private static final byte[] START_CODE = {0, 0, 0, 1};

    private final List<Tag> sample = FlvTags.media(Samples.bytes("avc-aac.flv"));
    private TestServer server;

    @BeforeEach
    void open() throws Exception {
        server = TestServer.open();
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Data messages as encoders send them, and worse. */
    static Stream<byte[]> informative() {
        byte[] head = AmfWriter.message("@setDataFrame", "onMetaData");
        byte[] whole = AmfWriter.message("@setDataFrame", "onMetaData", Map.of("width", 160, "encoder", "odd"));
        byte[] endless = Arrays.copyOf(whole, whole.length - 3);
        ByteArrayOutputStream deep = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            deep.writeBytes(new byte[] {3, 0, 1, 'a'});
        }
        return Stream.of(
                endless,
                joined(head, HexFormat.of().parseHex("1109010261")), // an AVM+ value
                joined(head, new byte[] {4}), // a movie clip, which is reserved
                joined(new byte[] {0}, head, HexFormat.of().parseHex("110a0b01")),
                joined(whole, new byte[] {0}),
                joined(whole, new byte[] {(byte) 0xff}),
                joined(head, deep.toByteArray()),
                joined(head, new byte[] {8, 0, 0, 0, 9, 0, 5, 'w'}),
                joined(head, new byte[] {10, 0x7f, -1, -1, -1}),
                joined(head, new byte[] {12, -1, -1, -1, -1}),
                joined(head, new byte[] {14}), // a record set
                HexFormat.of().parseHex("0a0b01"),
                new byte[] {0},
                new byte[0]);
    }

    @ParameterizedTest
    @MethodSource("informative")
    void whatOnlyInformsClosesNobody(byte[] data) throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            publisher.write(4, 0, Message.DATA, 1, data);
            publisher.write(4, 0, Message.DATA_AMF3, 1, data);
            publisher.send(sample, 0);
        }
        assertEquals(60, Received.of(server).pictures());
    }

    @Test
    void messagesOfOtherKindsArePassedOver() throws Exception {
        // The second sound track of OBS for Twitch, and what else a command or a shared object may be.
        byte[] track = joined(
                AmfWriter.message("additionalMedia"),
                HexFormat.of().parseHex("030002696402000b61756469"),
                new byte[] {0x11, 0x0c, 0x05, (byte) 0xaf, 1, 2});
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                publisher.send(tag, 0);
                for (int kind : new int[] {Message.COMMAND_AMF3, Message.COMMAND, Message.DATA, 16, 19, 21, 99}) {
                    publisher.write(5, tag.timestamp(), kind, 1, track);
                }
            }
            publisher.chunkSize(1 << 20);
            publisher.write(5, 0, Message.COMMAND_AMF3, 1, new byte[100_000]);
        }
        assertEquals(60, Received.of(server).pictures());
    }

    @Test
    void sixChannelsNamedByAnElementAreHeardInEachSegment() throws Exception {
        // FFmpeg's encoder writes "5.1(side)" like that: channel configuration 0 and an element.
        byte[] config51 = surround();
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "surround")) {
            for (int round = 0; round < 2; round++) {
                for (Tag tag : sample) {
                    boolean sound = !tag.video() && tag.configuration();
                    byte[] surround = joined(new byte[] {(byte) 0xaf, 0}, config51);
                    publisher.send(sound ? message(tag, surround) : tag, 2000 * round);
                }
            }
        }
        Received received = Received.of(server);
        assertEquals(190, received.sound.size());
        assertEquals(2, received.segments.size());
        int described = 0;
        for (byte[] frame : received.sound) {
            Aac aac = Aac.parseAdts(frame, 0, frame.length);
            assertEquals(0, aac.channels());
            boolean element = (frame[Aac.ADTS_BYTES] & 0xe0) == 0xa0;
            described += element ? 1 : 0;
        }
        assertEquals(2, described, "one in each segment");
        byte[] first = received.sound.getFirst();
        assertArrayEquals(
                Aac.parseConfig(config51, 0, config51.length).element().toArray(),
                Arrays.copyOfRange(first, Aac.ADTS_BYTES, Aac.ADTS_BYTES + element(config51)));
    }

    private static int element(byte[] config) throws Exception {
        return Aac.parseConfig(config, 0, config.length).element().size();
    }

    /** AudioSpecificConfig: low complexity, 48 kHz, configuration 0; centre, pairs in front and at the sides, low. */
    private static byte[] surround() {
        StringBuilder bits = new StringBuilder("00010" + "0011" + "0000" + "0" + "0" + "0");
        bits.append("0000" + "01" + "0011" + "0010" + "0001" + "0000" + "01" + "000" + "0000" + "0" + "0" + "0");
        bits.append("0" + "0000" + "1" + "0000").append("1" + "0001").append("0000");
        while (bits.length() % 8 != 0) {
            bits.append('0');
        }
        bits.append("00000100").append("01001100011000010111011001100011"); // a comment
        byte[] bytes = new byte[bits.length() / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
        }
        return bytes;
    }

    @Test
    void soundThatCannotBeToldOfIsNotAnnounced() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                boolean configuration = !tag.video() && tag.configuration();
                byte[] extended = {(byte) 0xaf, 0, (byte) 0xf9, 0x48, 0x40}; // object type 42
                publisher.send(configuration ? message(tag, extended) : tag, 0);
            }
        }
        Received received = Received.of(server);
        assertEquals(60, received.pictures());
        assertEquals("", received.segments.getFirst().info().audioCodec());
        assertEquals(0, received.sound.size());
    }

    @Test
    void soundMayComeWithoutItsConfiguration() throws Exception {
        // Each frame keeps its ADTS header (ant-media issue 3790).
        Aac aac = Aac.parseConfig(new byte[] {0x11, (byte) 0x88}, 0, 2);
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                if (tag.video()) {
                    publisher.send(tag, 0);
                } else if (!tag.configuration()) {
                    byte[] frame = Arrays.copyOfRange(tag.payload(), 2, tag.payload().length);
                    byte[] header = new byte[Aac.ADTS_BYTES];
                    aac.writeAdts(header, 0, frame.length);
                    publisher.send(message(tag, joined(new byte[] {(byte) 0xaf, 1}, header, frame)), 0);
                }
            }
        }
        Received received = Received.of(server);
        assertEquals(95, received.sound.size());
        assertEquals(0, received.unknownSound);
        assertEquals("mp4a.40.2", received.segments.getFirst().info().codecs().split(",")[1]);
    }

    @Test
    void headersThatAreLeftOnFramesAreNotDoubled() throws Exception {
        Aac aac = Aac.parseConfig(new byte[] {0x11, (byte) 0x88}, 0, 2);
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                if (tag.video() || tag.configuration()) {
                    publisher.send(tag, 0);
                } else {
                    byte[] frame = Arrays.copyOfRange(tag.payload(), 2, tag.payload().length);
                    byte[] header = new byte[Aac.ADTS_BYTES];
                    aac.writeAdts(header, 0, frame.length);
                    publisher.send(message(tag, joined(new byte[] {(byte) 0xaf, 1}, header, frame)), 0);
                }
            }
        }
        for (byte[] frame : Received.of(server).sound) {
            assertFalse(Aac.isAdts(frame, Aac.ADTS_BYTES, frame.length));
        }
    }

    @Test
    void anEmptyConfigurationBeforeTheRealOneIsNone() throws Exception {
        // FFmpeg that copies AAC sends an empty one first (xiu pull request 110); so do clients that come back in the
        // middle of a picture group, for H.264 (ossrs/srs issue 1232).
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            publisher.write(4, 0, Message.AUDIO, 1, new byte[] {(byte) 0xaf, 0});
            publisher.write(6, 0, Message.VIDEO, 1, HexFormat.of().parseHex("1700000000" + "0164000affe000"));
            publisher.send(sample, 0);
            publisher.write(4, 1990, Message.AUDIO, 1, new byte[] {(byte) 0xaf, 0});
            publisher.send(without(sample, true), 2000);
        }
        Received received = Received.of(server);
        assertEquals(120, received.pictures());
        assertEquals(190, received.sound.size());
    }

    @Test
    void parameterSetsWithinTheStreamAreEnough() throws Exception {
        // No configuration at all, or one without parameter sets, which come with the keyframes (ossrs/srs issue 1232).
        byte[][] sets = sets(sample);
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                if (tag.keyframe()) {
                    publisher.send(prefixed(tag, sets), 0);
                } else if (!tag.video() || !tag.configuration()) {
                    publisher.send(tag, 0);
                }
            }
        }
        Received received = Received.of(server);
        assertEquals(60, received.pictures());
        assertEquals(160, received.segments.getFirst().info().width());
    }

    @Test
    void parameterSetsMayComeInMessagesOfTheirOwn() throws Exception {
        // An encoder hands out sets and picture one by one, and so they are sent (ireader/media-server issue 8).
        byte[][] sets = sets(sample);
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (int round = 0; round < 2; round++) {
                for (Tag tag : round == 0 ? sample : without(sample, true)) {
                    if (tag.keyframe()) {
                        for (byte[] set : sets) {
                            publisher.send(message(tag, joined(head(tag), unit(set))), 2000 * round);
                        }
                    }
                    publisher.send(tag, 2000 * round);
                }
            }
        }
        Received received = Received.of(server);
        assertEquals(120, received.pictures());
        assertEquals(0, received.discontinuities());
        assertEquals(List.of(60, 60), received.segments.stream().map(s -> s.info().videoFrames()).toList());
    }

    @Test
    void otherParameterSetsWithinTheStreamAreADiscontinuityWithTheNewFormat() throws Exception {
        byte[][] large = sets(FlvTags.media(other()));
        List<Tag> larger = FlvTags.media(other());
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            publisher.send(sample, 0);
            for (Tag tag : without(larger, true)) {
                if (tag.video()) {
                    publisher.send(tag.keyframe() ? prefixed(tag, large) : tag, 2000);
                }
            }
            // the configuration of the beginning again, as some encoders repeat it
            publisher.send(sample.stream().filter(t -> t.video() && t.configuration()).findFirst().orElseThrow(), 3000);
            for (Tag tag : without(larger, true)) {
                if (tag.video()) {
                    publisher.send(tag.keyframe() ? prefixed(tag, large) : tag, 4000);
                }
            }
        }
        Received received = Received.of(server);
        assertEquals(List.of(160, 320, 320), received.segments.stream().map(s -> s.info().width()).toList());
        assertEquals(
                List.of(false, true, false),
                received.segments.stream().map(s -> s.segment().discontinuity()).toList());
        for (Submitted submitted : received.segments) {
            MediaInfo measured = SegmentProbe.probe(submitted.segment().data(), Container.MPEGTS);
            assertEquals(submitted.info().width(), measured.width());
            assertEquals(submitted.info().videoFrames(), measured.videoFrames());
        }
    }

    /** Pictures of 320x180 in FLV, two seconds without sound. */
    private static byte[] other() {
        return Samples.bytes("avc-larger.flv");
    }

    @Test
    void startCodesInPlaceOfLengthsAreRead() throws Exception {
        // Senders that hand on what an encoder in byte stream form gave them (bilibili/flv.js issue 473).
        byte[][] sets = sets(sample);
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                if (tag.video() && tag.configuration()) {
                    byte[] record = joined(START_CODE, sets[0], START_CODE, sets[1]);
                    publisher.send(message(tag, joined(head(tag), record)), 0);
                } else if (tag.video()) {
                    ByteArrayOutputStream units = new ByteArrayOutputStream();
                    for (byte[] unit : units(tag)) {
                        units.writeBytes(START_CODE);
                        units.writeBytes(unit);
                    }
                    publisher.send(message(tag, joined(head(tag), units.toByteArray())), 0);
                } else {
                    publisher.send(tag, 0);
                }
            }
        }
        Received received = Received.of(server);
        assertEquals(60, received.pictures());
        MediaInfo measured = SegmentProbe.probe(received.segments.getFirst().segment().data(), Container.MPEGTS);
        assertEquals(60, measured.videoFrames());
    }

    @Test
    void bytesTooManyBehindAPictureArePassedOver() throws Exception {
        // Seen with OBS by media-fish/rtmp-server (issue 5).
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                boolean picture = tag.video() && !tag.configuration();
                publisher.send(picture ? message(tag, joined(tag.payload(), new byte[] {1, 2, 3})) : tag, 0);
            }
        }
        assertEquals(60, Received.of(server).pictures());
    }

    @Test
    void framesOfSoundWithNothingInThemAreLeftOut() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                publisher.send(tag, 0);
                if (!tag.video()) {
                    publisher.send(message(tag, new byte[] {(byte) 0xaf, 1}), 5);
                }
            }
        }
        Received received = Received.of(server);
        assertEquals(95, received.sound.size());
        assertEquals(60, received.pictures());
    }

    @Test
    void keyframesThatAreNotMarkedAsSuchAreFound() throws Exception {
        // An encoder library lost the flag (pedroSG94/RootEncoder issue 664).
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                byte[] payload = tag.payload().clone();
                payload[0] = tag.keyframe() ? 0x27 : payload[0];
                publisher.send(message(tag, payload), 0);
            }
        }
        assertEquals(60, Received.of(server).pictures());
    }

    @Test
    void firstMessagesThatAreNoPicturesArePassedOver() throws Exception {
        // Drones begin with bytes of something else, so that each connection shows other codecs
        // (bluenviron/mediamtx issues 2393 and 2556).
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (int codec : new int[] {2, 3, 4, 9}) {
                publisher.write(6, 0, Message.VIDEO, 1, new byte[] {(byte) (0x10 | codec), 1, 2, 3, 4, 5});
            }
            publisher.write(6, 0, Message.VIDEO, 1, HexFormat.of().parseHex("90fffe2417000000"));
            publisher.send(sample, 0);
            publisher.write(6, 2000, Message.VIDEO, 1, new byte[] {0x12, 1, 2, 3, 4, 5});
            publisher.send(without(sample, true), 2000);
        }
        assertEquals(120, Received.of(server).pictures());
    }

    @Test
    void picturesOfACodecThatIsNotTakenStillEndTheConnection() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (int i = 0; i < 64; i++) {
                publisher.write(6, i * 40, Message.VIDEO, 1, new byte[] {0x12, 1, 2, 3, 4, 5});
            }
            publisher.awaitClose();
            assertEquals("odd", server.gate.takeClosed());
        }
    }

    @Test
    void soundOfTheExtendedFormIsTaken() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                publisher.send(tag.video() ? tag : message(tag, extendedSound(tag)), 0);
            }
        }
        Received received = Received.of(server);
        assertEquals(60, received.pictures());
        assertEquals(95, received.sound.size());
    }

    private static byte[] extendedSound(Tag tag) {
        byte[] content = Arrays.copyOfRange(tag.payload(), 2, tag.payload().length);
        return joined(new byte[] {(byte) (tag.configuration() ? 0x90 : 0x91)}, fourLetters("mp4a"), content);
    }

    @Test
    void modifiersBeforeTheContentArePassedOver() throws Exception {
        // A ModEx of 3 bytes with nanoseconds, and one of 300 bytes that nobody knows.
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                byte[] plain = tag.video() ? extendedPicture(tag) : extendedSound(tag);
                int type = plain[0] & 15;
                byte[] modified = joined(
                        new byte[] {(byte) (plain[0] & 0xf0 | 7), 2, 0, 1, 2, 0x07},
                        new byte[] {(byte) 0xff, 1, 43},
                        new byte[300],
                        new byte[] {(byte) (0xf0 | type)},
                        Arrays.copyOfRange(plain, 1, plain.length));
                publisher.send(message(tag, modified), 0);
            }
        }
        Received received = Received.of(server);
        assertEquals(60, received.pictures());
        assertEquals(95, received.sound.size());
    }

    private static byte[] extendedPicture(Tag tag) {
        int from = tag.configuration() ? 5 : 2; // a picture keeps its composition time
        int type = tag.configuration() ? 0 : 1;
        int head = ((tag.payload()[0] & 0xf0) == 0x10 ? KEY : OTHER) | type;
        byte[] content = Arrays.copyOfRange(tag.payload(), from, tag.payload().length);
        return joined(new byte[] {(byte) head}, fourLetters("avc1"), content);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void ofSeveralTracksTheFirstIsTaken(int kind) throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "odd")) {
            for (Tag tag : sample) {
                byte[] plain = tag.video() ? extendedPicture(tag) : extendedSound(tag);
                byte[] content = Arrays.copyOfRange(plain, 5, plain.length);
                byte[] codec = Arrays.copyOfRange(plain, 1, 5);
                int multitrack = tag.video() ? 6 : 5;
                byte[] head = {(byte) (plain[0] & 0xf0 | multitrack), (byte) (kind << 4 | plain[0] & 15)};
                byte[] size = Arrays.copyOfRange(ChunkWriter.int32(content.length), 1, 4);
                byte[] message =
                        switch (kind) {
                            case 0 -> joined(head, codec, new byte[] {0}, content);
                            case 1 -> joined(
                                    head, codec, new byte[] {1, 0, 0, 2, 9, 9}, new byte[] {0}, size, content);
                            default -> joined(
                                    head,
                                    fourLetters("Opus"), new byte[] {1, 0, 0, 2, 9, 9},
                                    codec, new byte[] {0}, size, content);
                        };
                publisher.send(message(tag, message), 0);
            }
        }
        Received received = Received.of(server);
        assertEquals(60, received.pictures());
        assertEquals(95, received.sound.size());
    }

    private static byte[] fourLetters(String codec) {
        return codec.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Tag> without(List<Tag> tags, boolean configurations) {
        return tags.stream().filter(tag -> configurations != tag.configuration()).toList();
    }

    private static Tag message(Tag like, byte[] payload) {
        return new Tag(like.type(), like.timestamp(), payload);
    }

    private static byte[] head(Tag tag) {
        return Arrays.copyOf(tag.payload(), 5);
    }

    private static byte[] unit(byte[] bytes) {
        return joined(ChunkWriter.int32(bytes.length), bytes);
    }

    private static Tag prefixed(Tag tag, byte[][] sets) {
        byte[] pictures = Arrays.copyOfRange(tag.payload(), 5, tag.payload().length);
        return message(tag, joined(head(tag), unit(sets[0]), unit(sets[1]), pictures));
    }

    /** The sequence and the picture parameter set of a stream. */
    private static byte[][] sets(List<Tag> tags) {
        byte[] record =
                tags.stream().filter(tag -> tag.video() && tag.configuration()).findFirst().orElseThrow().payload();
        int first = (record[11] & 0xff) << 8 | record[12] & 0xff;
        int second = (record[14 + first] & 0xff) << 8 | record[15 + first] & 0xff;
        return new byte[][] {
            Arrays.copyOfRange(record, 13, 13 + first),
            Arrays.copyOfRange(record, 16 + first, 16 + first + second)
        };
    }

    private static List<byte[]> units(Tag tag) {
        List<byte[]> units = new ArrayList<>();
        byte[] bytes = tag.payload();
        for (int at = 5; at < bytes.length; ) {
            int size = (bytes[at] & 0xff) << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8
                    | bytes[at + 3] & 0xff;
            units.add(Arrays.copyOfRange(bytes, at + 4, at + 4 + size));
            at += 4 + size;
        }
        return units;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
