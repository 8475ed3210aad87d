package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.media.Samples;
import io.millrace.media.probe.SegmentProbe;
import io.millrace.media.rtmp.FlvTags.Tag;
import io.millrace.media.ts.TsDemuxer;
import io.millrace.media.rtmp.RecordingGate.Submitted;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a stream that is published as it should be. */
class RtmpPublishTest {

    private static final MediaInfo SAMPLE =
            new MediaInfo(Container.MPEGTS, "h264", "aac", 160, 90, "yuv420p", 30, "avc1.64000B,mp4a.40.2", 60);

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

    @Test
    void aSegmentIsHandedInTheMomentItsClosingKeyframeArrives() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "one")) {
            publisher.send(sample, 0);
            assertTrue(server.gate.submitted.isEmpty(), "its end is not known yet");
            publisher.send(sample.stream().filter(Tag::keyframe).findFirst().orElseThrow(), 2000);
            Submitted first = server.gate.take();
            assertEquals("one", first.manifest());
            assertEquals(0, first.segment().sequence());
            assertEquals(Duration.ofSeconds(2), first.segment().duration());
            assertFalse(first.segment().discontinuity());
            assertEquals(SAMPLE, first.info());
        }
    }

    @Test
    void theProbeSeesInASegmentWhatTheIngestSaidOfIt() throws Exception {
        Submitted first = publishLoop(3).getFirst();
        assertEquals(first.info(), SegmentProbe.probe(first.segment().data(), Container.MPEGTS));
    }

    @Test
    void theLastSegmentIsHandedInWhenThePublisherLeaves() throws Exception {
        List<Submitted> segments = publishLoop(3);
        assertEquals(List.of(0L, 1L, 2L), segments.stream().map(s -> s.segment().sequence()).toList());
        assertEquals(180, segments.stream().mapToInt(s -> s.info().videoFrames()).sum());
        long millis = segments.stream().mapToLong(s -> s.segment().duration().toMillis()).sum();
        assertEquals(6000, millis, 1);
    }

    @Test
    void theLastSegmentIsHandedInBeforeTheGatewayEndsTheStream() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "one")) {
            publisher.send(sample, 0);
            publisher.send(sample.stream().filter(Tag::keyframe).findFirst().orElseThrow(), 2000);
            server.gate.take();
            server.gate.publishers.take().run();
            assertEquals(1, server.gate.take().info().videoFrames());
            assertEquals("one", server.gate.takeClosed());
            publisher.awaitClose();
        }
    }

    @Test
    void continuityCountersGoOnFromSegmentToSegment() throws Exception {
        int[] last = new int[0x2000];
        Arrays.fill(last, -1);
        for (Submitted submitted : publishLoop(3)) {
            byte[] ts = submitted.segment().data().unsafeArray();
            assertEquals(0, ts.length % 188);
            for (int at = 0; at < ts.length; at += 188) {
                assertEquals(0x47, ts[at]);
                int pid = (ts[at + 1] & 0x1f) << 8 | ts[at + 2] & 0xff;
                int counter = ts[at + 3] & 15;
                assertTrue(last[pid] < 0 || counter == (last[pid] + 1 & 15), "pid " + pid + " at " + at);
                last[pid] = counter;
            }
        }
    }

    @Test
    void aKeyframeBeforeTwoSecondsDoesNotCut() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "dense")) {
            List<Tag> half = sample.stream().filter(tag -> tag.timestamp() < 1000).toList();
            for (int i = 0; i < 5; i++) {
                publisher.send(half, i * 1000);
            }
        }
        assertEquals(2, server.gate.take().segment().duration().toMillis() / 1000);
    }

    @Test
    void aReturningPublisherGoesOnWithNumbersAndMarksTheBreak() throws Exception {
        publishLoop(2);
        List<Submitted> again = publishLoop(2);
        assertEquals(List.of(2L, 3L), again.stream().map(s -> s.segment().sequence()).toList());
        assertEquals(List.of(true, false), again.stream().map(s -> s.segment().discontinuity()).toList());
    }

    @Test
    void aLostConnectionKeepsWhatWasReceived() throws Exception {
        TestPublisher publisher = TestPublisher.publish(server, "live", "lost");
        publisher.send(sample, 0);
        publisher.raw(new byte[] {6, 0, 0, 0, 0, 9, 9}); // within a header
        publisher.close();
        assertEquals(60, server.gate.take().info().videoFrames());
        assertEquals("lost", server.gate.takeClosed());
    }

    @Test
    void aJumpOfTheClockIsADiscontinuity() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "jump")) {
            publisher.send(sample, 0);
            publisher.send(sample, 100_000);
            publisher.send(sample, 5_000);
        }
        for (boolean expected : new boolean[] {false, true, true}) {
            Submitted submitted = server.gate.take();
            assertEquals(expected, submitted.segment().discontinuity());
            assertEquals(60, submitted.info().videoFrames());
        }
    }

    @Test
    void theClockOf32BitsMayWrap() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "wrap")) {
            publisher.chunkSize(65_536);
            int beforeWrap = -2000;
            publisher.send(sample, beforeWrap);
            publisher.send(withoutConfigurations(sample), 0);
            publisher.send(withoutConfigurations(sample), 2000);
        }
        for (int i = 0; i < 3; i++) {
            Submitted submitted = server.gate.take();
            assertFalse(submitted.segment().discontinuity());
            assertEquals(60, submitted.info().videoFrames());
            assertEquals(2000, submitted.segment().duration().toMillis(), 1);
        }
    }

    @Test
    void theTimesOfATransportStreamMayWrap() throws Exception {
        int justBefore33Bits = 95_443_717 - 1_400 - 1_000; // milliseconds; the muxer adds 1.4 s
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "long")) {
            publisher.send(sample, justBefore33Bits);
        }
        List<Long> times = new ArrayList<>();
        TsDemuxer.run(
                server.gate.take().segment().data().unsafeArray(), (track, pts, payload, from, to) -> times.add(pts));
        assertTrue(times.getFirst() > (1L << 33) - 95_000);
        assertTrue(times.getLast() < 95_000, "two seconds later the time has wrapped");
    }

    @Test
    void anotherDecoderConfigurationBeginsANewSegment() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "changed")) {
            publisher.send(sample, 0);
            Tag configuration = sample.stream().filter(t -> t.video() && t.configuration()).findFirst().orElseThrow();
            byte[] other = configuration.payload().clone();
            other[other.length - 5] ^= 1; // the picture parameter set, before the four bytes of a high profile
            publisher.send(new Tag(configuration.type(), 2000, other), 0);
            publisher.send(withoutConfigurations(sample), 2000);
        }
        assertFalse(server.gate.take().segment().discontinuity());
        assertTrue(server.gate.take().segment().discontinuity());
    }

    @Test
    void picturesAloneAndSoundAloneArePublished() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "mute")) {
            publisher.send(sample.stream().filter(Tag::video).toList(), 0);
        }
        MediaInfo mute = server.gate.take().info();
        assertEquals("avc1.64000B", mute.codecs());
        assertEquals("", mute.audioCodec());

        try (TestPublisher publisher = TestPublisher.publish(server, "live", "blind")) {
            List<Tag> sound = sample.stream().filter(tag -> !tag.video()).toList();
            publisher.send(sound, 0);
            publisher.send(sound, 2000);
        }
        Submitted blind = server.gate.take();
        assertEquals("mp4a.40.2", blind.info().codecs());
        assertEquals(0, blind.info().videoFrames());
        assertEquals(2000, blind.segment().duration().toMillis(), 25);
    }

    @Test
    void chunksOfEverySizeAndKindMakeTheSameSegments() throws Exception {
        for (int size : new int[] {1, 128, 4096, 1 << 20}) {
            try (TestPublisher publisher = TestPublisher.publish(server, "live", "size" + size)) {
                publisher.chunkSize(size);
                publisher.send(sample, 0);
            }
            assertEquals(SAMPLE, server.gate.take().info());
        }
    }

    @Test
    void anAggregateIsTakenApart() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "aggregate")) {
            publisher.write(4, 500, Message.AGGREGATE, 1, aggregate(sample));
        }
        assertEquals(SAMPLE, server.gate.take().info());
    }

    @Test
    void publishersAreAcknowledgedSoThatTheyDoNotStall() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "window")) {
            publisher.write(2, 0, Message.WINDOW_SIZE, 0, ChunkWriter.int32(10_000));
            publisher.send(sample, 0);
            byte[] count = publisher.read(Message.ACKNOWLEDGEMENT).payload();
            assertTrue((count[2] & 0xff) << 8 >= 5_000 >> 8 << 8);
        }
    }

    @Test
    void aPingIsAnswered() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "ping")) {
            publisher.write(2, 0, Message.USER_CONTROL, 0, new byte[] {0, 6, 1, 2, 3, 4});
            assertEquals(4, awaitPong(publisher)[5]);
        }
    }

    @Test
    void aConnectionMayPublishOnceMoreAfterItsStreamIsDeleted() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "first")) {
            publisher.send(sample, 0);
            publisher.command(0, "FCUnpublish", 6, null, "first");
            publisher.command(0, "deleteStream", 7, null, 1);
            assertEquals("first", server.gate.take().manifest());
            assertEquals("NetStream.Publish.Start", publisher.publish("second").code());
            publisher.send(sample, 0);
        }
        assertEquals("second", server.gate.take().manifest());
    }

    @Test
    void stoppingTheServerHandsInTheLastSegments() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "stopped")) {
            publisher.send(sample, 0);
            publisher.write(2, 0, Message.USER_CONTROL, 0, new byte[] {0, 6, 0, 0, 0, 0});
            awaitPong(publisher); // all before it is in
            server.close();
            assertEquals(60, server.gate.submitted.remove().info().videoFrames());
            assertEquals("stopped", server.gate.closed.remove());
        }
    }

    private static byte[] awaitPong(TestPublisher publisher) throws Exception {
        byte[] answer = publisher.read(Message.USER_CONTROL).payload();
        while (answer[1] != 7) {
            answer = publisher.read(Message.USER_CONTROL).payload();
        }
        return answer;
    }

    private List<Submitted> publishLoop(int rounds) throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "loop")) {
            for (int round = 0; round < rounds; round++) {
                publisher.send(sample, 2000 * round);
            }
        }
        server.gate.takeClosed();
        List<Submitted> segments = new ArrayList<>();
        server.gate.submitted.drainTo(segments);
        segments.sort(Comparator.comparing(s -> s.segment().sequence()));
        return segments;
    }

    private static List<Tag> withoutConfigurations(List<Tag> tags) {
        return tags.stream().filter(tag -> !tag.configuration()).toList();
    }

    private static byte[] aggregate(List<Tag> tags) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Tag tag : tags) {
            bytes.write(tag.type());
            bytes.writeBytes(Arrays.copyOfRange(ChunkWriter.int32(tag.payload().length), 1, 4));
            byte[] time = ChunkWriter.int32(tag.timestamp() + 77);
            bytes.write(time, 1, 3);
            bytes.write(time[0]);
            bytes.write(0);
            bytes.write(0);
            bytes.write(0);
            bytes.writeBytes(tag.payload());
            bytes.writeBytes(ChunkWriter.int32(tag.payload().length + 11));
        }
        return bytes.toByteArray();
    }
}
