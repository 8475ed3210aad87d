package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.StreamGate.Reason;
import io.millrace.media.Samples;
import io.millrace.media.rtmp.TestPublisher.Answer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is not let in, and what they are told. */
class RtmpRefusalTest {

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
    void aDuplicateStreamIsRefusedBeforeItIsPublished() throws Exception {
        try (TestPublisher first = TestPublisher.publish(server, "live", "same")) {
            Answer answer = refused("live", "same");
            assertEquals("NetStream.Publish.BadName", answer.code());
            assertEquals("StreamAlreadyExists: same is being published", answer.description());
            first.command(0, "FCUnpublish", 9, null, "same");
            assertEquals("same", server.gate.takeClosed());
        }
    }

    @Test
    void aPublisherThatFellSilentIsReplacedByOneWithTheRightKey() throws Exception {
        server.close();
        server = new TestServer(StreamKeys.of("same=the.key"), TestServer.LIMITS, false);
        try (TestPublisher silent = TestPublisher.publish(server, "live/same", "the.key")) {
            silent.send(FlvTags.media(Samples.bytes("avc-aac.flv")), 0);
            silent.ping();
            assertEquals("NetStream.Publish.BadName", refused("live/same", "the.key").code(), "it has just sent");
            server.clock.advance(Duration.ofSeconds(2));
            assertEquals("NetStream.Publish.Denied", refused("live/same", "the").code());
            try (TestPublisher back = TestPublisher.publish(server, "live/same", "the.key")) {
                assertEquals(60, server.gate.take().info().videoFrames(), "its last segment");
                assertEquals("same", server.gate.takeClosed());
                silent.awaitClose();
                back.send(FlvTags.media(Samples.bytes("avc-aac.flv")), 0);
            }
            assertEquals(1, server.gate.take().segment().sequence());
        }
    }

    @Test
    void whoTakesThePlaceOfASilentPublisherIsNotOneTooMany() throws Exception {
        TestPublisher[] held = new TestPublisher[TestServer.LIMITS.publishers()];
        for (int i = 0; i < held.length; i++) {
            held[i] = TestPublisher.publish(server, "live", "p" + i);
        }
        server.clock.advance(Duration.ofSeconds(5));
        TestPublisher.publish(server, "live", "p1").close();
        for (TestPublisher publisher : held) {
            publisher.close();
        }
    }

    @Test
    void aStreamThatWasLeftMayBePublishedByAnother() throws Exception {
        TestPublisher.publish(server, "live", "again").close();
        server.gate.takeClosed();
        TestPublisher.publish(server, "stream/again", "").close();
        assertEquals("again", server.gate.takeClosed());
    }

    @Test
    void onePublisherTooManyIsRefused() throws Exception {
        TestPublisher[] held = new TestPublisher[TestServer.LIMITS.publishers()];
        for (int i = 0; i < held.length; i++) {
            held[i] = TestPublisher.publish(server, "live", "p" + i);
        }
        assertEquals("Too many connections", refused("live", "extra").description());
        held[0].command(0, "deleteStream", 9, null, 1);
        assertEquals("NetStream.Unpublish.Success", held[0].status().code());
        TestPublisher.publish(server, "live", "extra").close();
        for (TestPublisher publisher : held) {
            publisher.close();
        }
    }

    @Test
    void aGatewayThatTakesNothingNewSaysSo() throws Exception {
        server.gate.deny(Reason.DRAINING, "this node is being stopped");
        assertEquals("this node is being stopped", refused("live", "late").description());
        server.gate.deny(Reason.CAPPED, "ten streams");
        assertEquals("Too many connections", refused("live", "late").description());
    }

    @Test
    void theStreamKeyIsCheckedBeforeTheStreamIsPublished() throws Exception {
        server.close();
        server = new TestServer(StreamKeys.of("locked=open sesame,other=x"), TestServer.LIMITS, false);
        String[][] wrong = {{"live", "locked"}, {"locked", "sesame"}, {"locked", "x"}, {"live", "unknown"}};
        for (String[] address : wrong) {
            assertEquals("NetStream.Publish.Denied", refused(address[0], address[1]).code());
        }
        TestPublisher.publish(server, "live/locked", "open%20sesame").close();
        assertEquals("locked", server.gate.takeClosed());
    }

    @Test
    void aNameThatIsNoneIsRefused() throws Exception {
        assertEquals("NetStream.Publish.BadName", refused("live", "a\nb").code());
        assertEquals("NetStream.Publish.BadName", refused("live", "x".repeat(300)).code());
    }

    @Test
    void playersAreSentToHls() throws Exception {
        try (TestPublisher player = connected("live")) {
            player.command(1, "play", 5, null, "any");
            assertEquals("NetStream.Play.StreamNotFound", player.status().code());
            player.awaitClose();
        }
    }

    @Test
    void publishingBeforeConnectingEndsTheConnection() throws Exception {
        try (TestPublisher publisher = new TestPublisher(server.server.port())) {
            publisher.handshake();
            publisher.command(1, "publish", 1, null, "early", "live");
            publisher.awaitClose();
        }
    }

    @Test
    void aClientThatPublishesNothingIsClosedInTime() throws Exception {
        try (TestPublisher silent = new TestPublisher(server.server.port());
                TestPublisher talker = connected("live")) {
            server.clock.advance(Duration.ofSeconds(11));
            silent.awaitClose();
            talker.awaitClose();
        }
    }

    @Test
    void aPublisherWithoutASegmentForTenTimesItsLengthIsClosed() throws Exception {
        try (TestPublisher publisher = TestPublisher.publish(server, "live", "silent")) {
            server.clock.advance(Duration.ofSeconds(19));
            publisher.command(0, "FCPublish", 8, null, "silent");
            publisher.read(Message.COMMAND); // still there
            server.clock.advance(Duration.ofSeconds(2));
            publisher.awaitClose();
            assertEquals("silent", server.gate.takeClosed());
        }
    }

    @Test
    void connectionsThatSaidNothingMakeWayForOneThatPublishes() throws Exception {
        TestPublisher[] silent = new TestPublisher[TestServer.LIMITS.connections()];
        for (int i = 0; i < silent.length; i++) {
            silent[i] = new TestPublisher(server.server.port());
        }
        TestPublisher.publish(server, "live", "fine").close();
        silent[0].awaitClose();
        for (TestPublisher publisher : silent) {
            publisher.close();
        }
    }

    @Test
    void whoHasComeFurtherIsClosedLater() throws Exception {
        TestPublisher connected = connected("live");
        TestPublisher greeted = new TestPublisher(server.server.port());
        greeted.handshake();
        greeted.ping();
        for (int i = 0; i < 3 * TestServer.LIMITS.connections(); i++) {
            new TestPublisher(server.server.port());
        }
        greeted.command(0, "connect", 1, Map.of("app", "live"));
        assertEquals("NetConnection.Connect.Success", greeted.status().code());
        assertEquals("NetStream.Publish.Start", connected.publish("fine").code());
        connected.close();
        greeted.close();
    }

    @Test
    void thosePublishingAreNotClosedForANewOne() throws Exception {
        server.close();
        server = new TestServer(
                StreamKeys.OPEN,
                new RtmpLimits(2, 0, 3, 1 << 20, 8 << 20, Duration.ofSeconds(10), Duration.ofSeconds(2)),
                false);
        TestPublisher first = TestPublisher.publish(server, "live", "one");
        TestPublisher second = TestPublisher.publish(server, "live", "two");
        try (TestPublisher extra = new TestPublisher(server.server.port())) {
            extra.awaitClose();
        }
        for (TestPublisher publisher : new TestPublisher[] {first, second}) {
            publisher.command(0, "deleteStream", 9, null, 1);
            assertEquals("NetStream.Unpublish.Success", publisher.status().code());
            publisher.close();
        }
    }

    @Test
    void oneAddressHasSoManyConnectionsAndNoMore() throws Exception {
        server.close();
        server = new TestServer(
                StreamKeys.OPEN,
                new RtmpLimits(8, 2, 3, 1 << 20, 8 << 20, Duration.ofSeconds(10), Duration.ofSeconds(2)),
                false);
        TestPublisher first = TestPublisher.publish(server, "live", "one");
        TestPublisher second = connected("live");
        try (TestPublisher third = new TestPublisher(server.server.port())) {
            third.awaitClose();
        }
        first.close();
        assertEquals("one", server.gate.takeClosed());
        assertEquals("NetStream.Publish.Start", second.publish("two").code());
        second.close();
    }

    @Test
    void aTakenPortIsAnErrorAtOnce() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port());
        assertThrows(
                BindException.class,
                () -> RtmpServer.open(
                        taken, (name, peer) -> null, () -> TestServer.LIMITS, server.budget, server.clock));
    }

    @Test
    void aKeyEntryOfAnotherFormIsRefusedWithoutShowingIt() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> StreamKeys.of("a=b", "verysecret"));
        assertTrue(!refusal.getMessage().contains("verysecret"));
    }

    private TestPublisher connected(String application) throws Exception {
        TestPublisher publisher = new TestPublisher(server.server.port());
        publisher.handshake();
        assertEquals("NetConnection.Connect.Success", publisher.connect(application).code());
        return publisher;
    }

    private Answer refused(String application, String name) throws Exception {
        try (TestPublisher publisher = connected(application)) {
            Answer answer = publisher.publish(name);
            publisher.awaitClose();
            return answer;
        }
    }
}
