package io.millrace.http.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeerEndPointTest {

    private static final int LARGE = 1 << 20;

    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
    private SocketChannel client;
    private PeerEndPoint server;

    @BeforeEach
    void connect() throws Exception {
        scheduler.start();
        try (var listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            client = SocketChannel.open(listening.getLocalAddress());
            SocketChannel accepted = listening.accept();
            accepted.configureBlocking(false);
            server = new PeerEndPoint(accepted, null, null, scheduler);
        }
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.getChannel().close();
        scheduler.stop();
    }

    @Test
    void aClientThatClosesHasEndedAndOneThatWaitsHasNot() throws Exception {
        assertFalse(server.hasEnded());
        client.close();
        awaitEnd();
    }

    // Jetty asks the selector to be told of bytes, which would never come: they are here.
    @Test
    void whatALookFoundWakesTheNextReader() throws Exception {
        send("next");
        while (!server.holdsBytes()) {
            assertFalse(server.hasEnded());
        }
        var woken = new CompletableFuture<Void>();
        server.fillInterested(Callback.from(() -> woken.complete(null), woken::completeExceptionally));
        woken.get(20, TimeUnit.SECONDS);
        assertEquals("next", read(4));
    }

    @Test
    void bytesKeepTheirOrderAndNoneIsLost() throws Exception {
        for (String word : new String[] {"one", "two", "three"}) {
            send(word);
            assertFalse(server.hasEnded());
        }
        send("four");
        client.close();
        awaitEnd();
        assertEquals("onetwothreefour", read("onetwothreefour".length()));
    }

    @Test
    void whoSendsTooMuchAheadIsNotReadFurther() throws Exception {
        var sent = ByteBuffer.allocate(LARGE);
        client.configureBlocking(false);
        while (client.write(sent) > 0 && sent.hasRemaining()) {
            assertFalse(server.hasEnded());
        }
        for (int look = 0; look < 100; look++) {
            assertFalse(server.hasEnded());
        }
        int count = 0;
        var buffer = BufferUtil.allocate(1024);
        while (server.holdsBytes()) {
            count += server.fill(buffer);
            BufferUtil.clear(buffer);
        }
        assertTrue(count <= PeerEndPoint.MOST_KEPT + 1024, count + " bytes");
    }

    private void send(String text) throws Exception {
        client.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }

    private void awaitEnd() {
        while (!server.hasEnded()) {
            Thread.onSpinWait();
        }
    }

    private String read(int length) throws Exception {
        var buffer = BufferUtil.allocate(length);
        while (buffer.remaining() < length) {
            server.fill(buffer);
        }
        return BufferUtil.toString(buffer);
    }
}
