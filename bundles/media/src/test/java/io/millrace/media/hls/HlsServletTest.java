package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.value.Bytes;
import io.millrace.media.web.TestServer;
import io.millrace.testkit.FfmpegCommand;
import io.millrace.testkit.SampleSegments;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HlsServletTest {

    private static final byte[] SEGMENT = SampleSegments.data(0).toArray();

    private final PublishedStream stream = new PublishedStream(PublishedStream.limits());
    private final HttpClient client = HttpClient.newHttpClient();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer("/stream/*", new HlsServlet(stream.publisher));
        stream.whole(0);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HttpRequest.Builder path(String path) {
        return HttpRequest.newBuilder(server.uri(path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stream/movie.m3u8", "/stream/movie/source.m3u8", "/stream/movie/hi.m3u8"})
    void playlistsHaveTheirTypeAndAShortLife(String path) throws Exception {
        HttpResponse<byte[]> response = send(path(path));
        assertEquals(200, response.statusCode());
        assertEquals("application/x-mpegURL", header(response, "Content-Type"));
        assertEquals("public, max-age=1", header(response, "Cache-Control"));
        assertEquals("*", header(response, "Access-Control-Allow-Origin"));
        assertTrue(header(response, "Access-Control-Expose-Headers").startsWith("Content-Length"));
        assertEquals(response.body().length, Integer.parseInt(header(response, "Content-Length")));
        assertTrue(new String(response.body(), StandardCharsets.UTF_8).startsWith("#EXTM3U\n"));
    }

    /** Its memory is needed for those that keep up. */
    @Test
    void aViewerSlowerThanThePlaylistKeepsNoSegmentThatHasLeftIt() throws Exception {
        int size = 40 << 20;
        WeakReference<byte[]> segment = publishLarge(size);
        try (Socket viewer = new Socket("127.0.0.1", server.port())) {
            viewer.setSoTimeout(20_000);
            viewer.getOutputStream()
                    .write(("GET " + stream.address("source", 1) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertEquals('H', viewer.getInputStream().read());
            for (int i = 2; i < 20; i++) {
                stream.whole(i);
            }
            for (int tries = 0; segment.get() != null && tries < 100; tries++) {
                System.gc();
            }
            assertNull(segment.get(), "the segment is still in memory while it is being sent");
            long received = 0;
            byte[] rest = new byte[64 << 10];
            try {
                for (int read; (read = viewer.getInputStream().read(rest)) >= 0; ) {
                    received += read;
                }
            } catch (SocketException reset) {
                // it broke off
            }
            assertTrue(received < size, "the answer breaks off");
        }
    }

    private WeakReference<byte[]> publishLarge(int size) {
        byte[] data = new byte[size];
        Segment like = PublishedStream.segment(1, PublishedStream.TWO, false);
        stream.source(new Segment(1, like.duration(), Bytes.wrap(data), like.clip(), like.wallTime(), false));
        return new WeakReference<>(data);
    }

    @Test
    void aSegmentHasItsTypeAndIsImmutable() throws Exception {
        HttpResponse<byte[]> response = send(path(stream.address("hi", 0)));
        assertEquals(200, response.statusCode());
        assertEquals("video/mp2t", header(response, "Content-Type"));
        assertEquals("public, max-age=3600, immutable", header(response, "Cache-Control"));
        assertEquals("bytes", header(response, "Accept-Ranges"));
        assertEquals("*", header(response, "Access-Control-Allow-Origin"));
        assertArrayEquals(SEGMENT, response.body());
    }

    @ParameterizedTest
    @CsvSource({"/stream/movie.m3u8", "/stream/movie/source/INSTANCE/0.ts"})
    void headTellsWhatGetWouldSend(String address) throws Exception {
        String path = address.replace("INSTANCE", stream.channel().instance());
        HttpResponse<byte[]> head = send(path(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        HttpResponse<byte[]> get = send(path(path));
        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
        for (String name : List.of("Content-Length", "Content-Type", "ETag", "Cache-Control")) {
            assertEquals(header(get, name), header(head, name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/stream/", "/stream/.m3u8", "/stream/other.m3u8", "/stream/movie", "/stream/movie/other.m3u8",
        "/stream/movie/hi/0.ts", "/stream/movie/hi/I/1.ts", "/stream/movie/hi/I/0.mp4", "/stream/movie/hi/I/0",
        "/stream/movie/hi/I/00.ts", "/stream/movie/hi/I/-0.ts", "/stream/movie/hi/I/+0.ts",
        "/stream/movie/hi/I/0x0.ts", "/stream/movie/I/0.ts", "/stream/movie/hi/0/0.ts", "/stream/movie/hi//0.ts",
        "/stream/movie/hi/I/99999999999999999999999.ts", "/stream/movie/hi/lo/I/0.ts", "/stream/movie/hi/I/.ts",
        "/stream/movie/hi/I/I/0.ts", "/stream/%00.m3u8", "/stream/movie/%68i/I/0%2Ets%3Fx"
    })
    void whatIsNotThereIsNotFoundInTheWordsOfTheWire(String address) throws Exception {
        String path = address.replace("/I/", "/" + stream.channel().instance() + "/");
        HttpResponse<byte[]> response = send(path(path));
        if (response.statusCode() != 400) { // the server itself refuses some of these addresses
            assertEquals(404, response.statusCode());
            assertEquals("ErrNotFound\n", new String(response.body(), StandardCharsets.UTF_8));
            assertEquals("no-cache", header(response, "Cache-Control"));
            assertEquals("*", header(response, "Access-Control-Allow-Origin"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/stream/../stream/../etc/passwd", "/stream/movie/../../etc/passwd", "/stream/movie/..%2f..%2fetc/passwd.ts",
        "/stream/%2e%2e/%2e%2e/etc/passwd", "/stream/movie/hi/..\\..\\0.ts", "/stream/movie/hi/%5c..%5c0.ts",
        "/stream//../movie.m3u8/..;/x"
    })
    void pathsThatClimbLeadNowhere(String path) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 404 ") || answer.startsWith("HTTP/1.1 400 "), answer);
        }
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-9,0,10", "bytes=100-,100,-1", "bytes=-7,-7,7", "bytes=5-5,5,1"})
    void aRangeIsAnsweredWithItsPart(String range, int from, int length) throws Exception {
        int start = from < 0 ? SEGMENT.length + from : from;
        int end = length < 0 ? SEGMENT.length : start + length;
        HttpResponse<byte[]> response = send(path(stream.address("lo", 0)).header("Range", range));
        assertEquals(206, response.statusCode());
        assertArrayEquals(Arrays.copyOfRange(SEGMENT, start, end), response.body());
        assertEquals(
                "bytes " + start + "-" + (end - 1) + "/" + SEGMENT.length, header(response, "Content-Range"));
        assertEquals("video/mp2t", header(response, "Content-Type"));
    }

    @Test
    void aRangeOutsideIsRefused() throws Exception {
        HttpResponse<byte[]> response =
                send(path(stream.address("lo", 0)).header("Range", "bytes=" + SEGMENT.length + "-"));
        assertEquals(416, response.statusCode());
        assertEquals("bytes */" + SEGMENT.length, header(response, "Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=9-3", "chapters=1-2", "bytes=x"})
    void aRangeThatNeedNotBeGivenIsAnsweredWithTheWhole(String range) throws Exception {
        HttpResponse<byte[]> response = send(path(stream.address("lo", 0)).header("Range", range));
        assertEquals(200, response.statusCode());
        assertEquals(SEGMENT.length, response.body().length);
    }

    @Test
    void aRangeHoldsOnlyForTheSameSegment() throws Exception {
        String tag = header(send(path(stream.address("lo", 0))), "ETag");
        assertEquals(
                206,
                send(path(stream.address("lo", 0)).header("Range", "bytes=0-1").header("If-Range", tag))
                        .statusCode());
        assertEquals(
                200,
                send(path(stream.address("lo", 0)).header("Range", "bytes=0-1").header("If-Range", "\"other\""))
                        .statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stream/movie.m3u8", "/stream/movie/lo/INSTANCE/0.ts"})
    void whatAClientHasIsNotSentAgain(String address) throws Exception {
        String path = address.replace("INSTANCE", stream.channel().instance());
        String tag = header(send(path(path)), "ETag");
        for (String condition : List.of(tag, "\"x\", " + tag, "*")) {
            HttpResponse<byte[]> response = send(path(path).header("If-None-Match", condition));
            assertEquals(304, response.statusCode());
            assertEquals(0, response.body().length);
        }
        assertEquals(200, send(path(path).header("If-None-Match", "\"x\"")).statusCode());
    }

    @Test
    void playlistsAreCompressedWhereThatIsAskedFor() throws Exception {
        HttpResponse<byte[]> plain = send(path("/stream/movie/hi.m3u8").header("Accept-Encoding", "br, gzip;q=0"));
        assertEquals("", header(plain, "Content-Encoding"));
        HttpResponse<byte[]> packed = send(path("/stream/movie/hi.m3u8").header("Accept-Encoding", "br, GZIP;q=0.5"));
        assertEquals("gzip", header(packed, "Content-Encoding"));
        assertEquals("Accept-Encoding", header(packed, "Vary"));
        assertArrayEquals(
                plain.body(), new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes());
    }

    @Test
    void browsersMayAskFromAnywhere() throws Exception {
        HttpResponse<byte[]> response = send(path(stream.address("hi", 0))
                .header("Access-Control-Request-Headers", "range")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertEquals(204, response.statusCode());
        assertEquals("*", header(response, "Access-Control-Allow-Origin"));
        assertEquals("GET, HEAD, OPTIONS", header(response, "Access-Control-Allow-Methods"));
        assertTrue(header(response, "Access-Control-Allow-Headers").contains("Range"));
    }

    @Test
    void nothingCanBeWritten() throws Exception {
        HttpResponse<byte[]> response =
                send(path(stream.address("hi", 0)).PUT(HttpRequest.BodyPublishers.ofString("x")));
        assertEquals(405, response.statusCode());
        assertEquals("GET, HEAD, OPTIONS", header(response, "Allow"));
    }

    /** A cache holds the segments of the stream before, and may: they are other addresses. */
    @Test
    void aStreamThatBeginsAnewUnderTheSameNameHasOtherAddresses() throws Exception {
        String before = stream.media("hi").mediaSegments().getFirst().uri();
        assertEquals(200, send(path(before)).statusCode());
        Publication again = stream.publisher.open(
                new StreamSpec(stream.manifest, List.of(PublishedStream.HI), "rtmp", false, 1));
        Segment first = PublishedStream.segment(0, PublishedStream.TWO, false);
        again.source(first, SampleSegments.INFO);
        again.renditions(first, List.of(new Rendition(PublishedStream.HI, first.data())));
        String after = stream.media("hi").mediaSegments().getFirst().uri();
        assertNotEquals(before, after);
        assertEquals(404, send(path(before)).statusCode());
        assertEquals(200, send(path(after)).statusCode());
    }

    @Test
    void everySegmentListedCanBeFetchedByItsAddress() throws Exception {
        for (int i = 1; i < 10; i++) {
            stream.whole(i);
        }
        String text = new String(send(path("/stream/movie/hi.m3u8")).body(), StandardCharsets.UTF_8);
        var segments = new MediaPlaylistParser().readPlaylist(text).mediaSegments();
        assertEquals(6, segments.size());
        for (var segment : segments) {
            assertEquals(200, send(path(segment.uri())).statusCode());
        }
    }

    @Test
    @Tag("ffmpeg")
    void ffmpegPlaysTheStreamAndItsRenditionWithAGap(@TempDir Path directory) throws Exception {
        FfmpegCommand.required();
        stream.source(1);
        stream.settled(1, PublishedStream.LO);
        stream.source(2);
        stream.settled(2, PublishedStream.HI, PublishedStream.LO);
        stream.publication.close();
        assertEquals(180, frames(directory, "/stream/movie/source.m3u8"));
        assertEquals(180, frames(directory, "/stream/movie/lo.m3u8"));
        assertEquals(120, frames(directory, "/stream/movie/hi.m3u8"));
        assertEquals("3", probe(directory, "-show_entries", "format=nb_programs", "/stream/movie.m3u8"));
    }

    private int frames(Path directory, String path) throws Exception {
        return Integer.parseInt(probe(
                directory,
                "-select_streams",
                "v:0",
                "-count_frames",
                "-show_entries",
                "stream=nb_read_frames",
                path));
    }

    private String probe(Path directory, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of("ffprobe", "-v", "error", "-of", "default=nw=1:nk=1"));
        command.addAll(Arrays.asList(arguments).subList(0, arguments.length - 1));
        command.add(server.uri(arguments[arguments.length - 1]).toString());
        Path out = directory.resolve("out.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return Files.readAllLines(out).getFirst().strip();
    }
}
