package io.millrace.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StrictHttp2Test {

    private static final int PROTOCOL_ERROR = 1;
    private static final int STREAM_CLOSED = 5;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.plain(TestServer.LIMITS);
        server.admit(Answers.with("here"), "/a");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    // RFC 9113 sections 8.2.1, 8.2.2 and 8.3: what makes a request malformed.
    @ParameterizedTest
    @ValueSource(strings = {
        "X-Upper: 1",
        ":unknown: 1",
        ":status: 200",
        "connection: keep-alive",
        "te: gzip",
        ":method: GET",
        ":scheme: http",
        ":path: /a",
    })
    void aMalformedRequestIsAStreamErrorAndTheConnectionGoesOn(String line) throws Exception {
        try (var client = connect()) {
            var lines = new ArrayList<>(request());
            lines.add(line);
            assertEquals(PROTOCOL_ERROR, ask(client, 1, lines).error());
            assertEquals(Http2Client.HEADERS, ask(client, 3, request()).type());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aRequestThatLacksAPseudoHeaderIsAStreamError(int missing) throws Exception {
        try (var client = connect()) {
            var lines = new ArrayList<>(request());
            lines.remove(missing);
            assertEquals(PROTOCOL_ERROR, ask(client, 1, lines).error());
        }
    }

    @Test
    void aRequestWithAnEmptyPathIsAStreamError() throws Exception {
        try (var client = connect()) {
            var lines = List.of(":method: GET", ":scheme: http", ":path: ", ":authority: x");
            assertEquals(PROTOCOL_ERROR, ask(client, 1, lines).error());
        }
    }

    // RFC 9113 section 5.1: "closed".
    @Test
    void dataOnAClosedStreamIsAStreamErrorAndTheConnectionGoesOn() throws Exception {
        try (var client = connect()) {
            Http2Client.Frame last = ask(client, 1, request());
            while ((last.flags() & Http2Client.END_STREAM) == 0) {
                last = client.await(1);
            }
            for (int frame = 0; frame < 3; frame++) {
                client.send(Http2Client.DATA, Http2Client.END_STREAM, 1, new byte[10]);
            }
            Http2Client.Frame answer = client.await(1);
            assertEquals(Http2Client.RST_STREAM, answer.type());
            assertEquals(STREAM_CLOSED, answer.error());
            assertEquals(Http2Client.HEADERS, ask(client, 3, request()).type());
        }
    }

    @Test
    void dataAfterAResetIsAStreamError() throws Exception {
        try (var client = connect()) {
            client.send(Http2Client.HEADERS, Http2Client.END_HEADERS, 1, Http2Client.headers(request()));
            client.send(Http2Client.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            client.send(Http2Client.DATA, Http2Client.END_STREAM, 1, new byte[10]);
            Http2Client.Frame answer = client.await(1);
            // The call that was reset may have been answered before, or reset from this side as well.
            while (answer.type() != Http2Client.RST_STREAM || answer.error() != STREAM_CLOSED) {
                answer = client.await(1);
            }
        }
    }

    private static List<String> request() {
        return List.of(":method: GET", ":scheme: http", ":path: /a", ":authority: x");
    }

    private static Http2Client.Frame ask(Http2Client client, int stream, List<String> lines) throws Exception {
        int flags = Http2Client.END_HEADERS | Http2Client.END_STREAM;
        client.send(Http2Client.HEADERS, flags, stream, Http2Client.headers(lines));
        return client.await(stream);
    }

    private Http2Client connect() throws Exception {
        return new Http2Client(new Socket(InetAddress.getLoopbackAddress(), server.uri.getPort()));
    }
}
