package io.millrace.media.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.job.Clip;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.media.Samples;
import io.millrace.media.profile.Presets;
import io.millrace.media.push.ScriptedGate.Door;
import io.millrace.media.ts.AccessUnit;
import io.millrace.media.ts.TsDemuxer;
import io.millrace.media.ts.TsMuxer;
import io.millrace.media.web.TestServer;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SampleSegments;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushServletTest {

    private static final int LIMIT = 500_000;
    private static final String CONFIGURATION = "Livepeer-Transcode-Configuration";
    private static final URI ORCHESTRATOR = URI.create("https://127.0.0.1:1");

    private final ScriptedGate gate = new ScriptedGate();
    private final ManualClock clock = new ManualClock();
    private final PushStreams streams = new PushStreams(gate, clock);
    private final InMemoryBudget budget = new InMemoryBudget(6L * LIMIT);
    private final HttpClient client = HttpClient.newHttpClient();
    private List<VideoProfile> ladder = Presets.named(List.of("P240p30fps16x9", "P360p30fps16x9"));
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(
                "/live/*",
                new PushServlet(
                        streams,
                        () -> ladder,
                        budget,
                        new PushLimits(LIMIT, Duration.ofMinutes(2), 0),
                        clock,
                        new Random(7)));
        gate.script = (door, segment) -> deadline -> transcoded(door, segment);
    }

    @AfterEach
    void stop() {
        assertEquals(0, budget.used(), "memory that was charged must be given back");
        client.close();
        server.close();
    }

    private static SegmentResult transcoded(Door door, Segment segment) {
        List<Rendition> made = new ArrayList<>();
        for (VideoProfile profile : door.spec.profiles()) {
            made.add(new Rendition(profile, Bytes.utf8(profile.name() + " of " + segment.sequence())));
        }
        return new SegmentResult.Transcoded(made, ORCHESTRATOR, Duration.ofSeconds(1));
    }

    private HttpRequest.Builder put(String path) {
        return HttpRequest.newBuilder(server.uri(path))
                .PUT(BodyPublishers.ofByteArray(SampleSegments.data(0).toArray()));
    }

    /**
     * A request that is refused before its body is read. It asks first: a body on its way when the connection
     * closes takes the answer with it.
     */
    private HttpRequest.Builder refused(String path) {
        return put(path).expectContinue(true);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static void assertError(int status, String text, HttpResponse<String> response) {
        assertEquals(text + "\n", response.body());
        assertEquals(status, response.statusCode());
        assertEquals("text/plain;charset=utf-8", response.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
        assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
    }

    @Test
    void renditionsComeBackAsPartsInTheFormOfTheWire() throws Exception {
        HttpResponse<String> response = send(put("/live/movie/12.ts").header("Accept", "multipart/mixed"));

        assertEquals(200, response.statusCode());
        String type = response.headers().firstValue("Content-Type").orElseThrow();
        assertTrue(type.matches("multipart/mixed; boundary=[0-9a-f]{20}"), type);
        String boundary = type.substring(type.indexOf('=') + 1);
        // captured from go-livepeer 0.9.1: order of headers, line ends, no preamble, no epilogue
        assertEquals(
                "--B\r\n"
                        + "Content-Disposition: attachment; filename=\"P240p30fps16x9_12.ts\"\r\n"
                        + "Content-Length: 20\r\n"
                        + "Content-Type: video/mp2t; name=\"P240p30fps16x9_12.ts\"\r\n"
                        + "Rendition-Name: P240p30fps16x9\r\n"
                        + "\r\n"
                        + "P240p30fps16x9 of 12\r\n"
                        + "--B\r\n"
                        + "Content-Disposition: attachment; filename=\"P360p30fps16x9_12.ts\"\r\n"
                        + "Content-Length: 20\r\n"
                        + "Content-Type: video/mp2t; name=\"P360p30fps16x9_12.ts\"\r\n"
                        + "Rendition-Name: P360p30fps16x9\r\n"
                        + "\r\n"
                        + "P360p30fps16x9 of 12\r\n"
                        + "--B--\r\n",
                response.body().replace("--" + boundary, "--B"));
        assertFalse(response.headers().firstValue("Content-Length").isPresent());
    }

    @Test
    void theNextAnswerHasAnotherBoundary() throws Exception {
        HttpResponse<String> first = send(put("/live/movie/1.ts").header("Accept", "multipart/mixed"));
        HttpResponse<String> second = send(put("/live/movie/2.ts").header("Accept", "multipart/mixed"));
        assertNotEquals(first.headers().firstValue("Content-Type"), second.headers().firstValue("Content-Type"));
    }

    @Test
    void withoutThatAcceptHeaderTheAnswerIsEmpty() throws Exception {
        HttpResponse<String> response = send(put("/live/movie/0.ts").header("Accept", "multipart/mixed, */*"));
        assertEquals(200, response.statusCode());
        assertEquals("", response.body());
    }

    @Test
    void postServesAsPutDoes() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/live/movie/0.ts"))
                .POST(BodyPublishers.ofByteArray(SampleSegments.data(0).toArray()));
        assertEquals(200, send(request).statusCode());
    }

    @Test
    void theSegmentReachesTheGateAsItWasSent() throws Exception {
        send(put("/live/movie/42.ts?token=x")
                .header("Content-Duration", "1500")
                .header("Content-Resolution", "320x180")
                .header("X-Forwarded-For", "10.0.0.1, 10.0.0.2"));

        Door door = gate.opened.getFirst();
        assertEquals(new ManifestId("movie"), door.spec.manifest());
        assertEquals("http", door.spec.origin());
        assertTrue(door.spec.slicing());
        assertEquals(1, door.spec.timeoutMultiplier());
        Segment segment = door.segments.getFirst();
        assertEquals(42, segment.sequence());
        assertEquals(Duration.ofMillis(1500), segment.duration());
        assertEquals(SampleSegments.data(0), segment.data());
        assertEquals(Optional.empty(), segment.clip());
        assertEquals(clock.instant(), segment.wallTime());
        assertEquals("h264", door.infos.getFirst().videoCodec());
    }

    @ParameterizedTest
    @CsvSource({",2000", "abc,2000", "1.5,2000", "99999999999999999999,2000", "+3000,3000", "0,0", "300000,300000"})
    void aDurationThatCannotBeReadIsTwoSeconds(String header, long expected) throws Exception {
        HttpRequest.Builder request = put("/live/movie/0.ts");
        if (header != null) {
            request.header("Content-Duration", header);
        }
        assertEquals(200, send(request).statusCode());
        assertEquals(Duration.ofMillis(expected), gate.opened.getFirst().segments.getFirst().duration());
    }

    @ParameterizedTest
    @CsvSource({"avc-444.ts,1001", "slow.ts,6000", "avc-aac.mp4,2000", "vp9-opus.mp4,1000", "sound-only.ts,2027"})
    void withoutALengthTheMeasuredOneCounts(String file, long expected) throws Exception {
        byte[] body = file.equals("slow.ts") ? sixSeconds() : Samples.bytes(file);
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/live/movie/0.ts"))
                .PUT(BodyPublishers.ofByteArray(body));
        assertEquals(200, send(request).statusCode());
        assertEquals(expected, gate.opened.getFirst().segments.getFirst().duration().toMillis());
    }

    /** Pictures every second for six seconds. */
    private static byte[] sixSeconds() throws Exception {
        List<AccessUnit> units = new ArrayList<>();
        TsDemuxer.run(Samples.bytes("avc-aac.ts"), (track, pts, payload, from, to) -> {
            if (track.video() && units.size() < 6) {
                long time = units.size() * 90_000L;
                units.add(new AccessUnit(true, true, time, time, Arrays.copyOfRange(payload, from, to)));
            }
        });
        return new TsMuxer().segment(units, TsMuxer.H264, TsMuxer.NONE, false);
    }

    @ParameterizedTest
    @CsvSource({"300001,300.001", "-1000,-1", "360000,360"})
    void aDurationOutOfBoundsIsAnError(String header, String told) throws Exception {
        assertError(
                500,
                "http push error processing segment url=http://" + server.authority()
                        + "/live/movie/0.ts manifestID=movie err=\"invalid duration " + told + "\"",
                send(put("/live/movie/0.ts").header("Content-Duration", header)));
    }

    @ParameterizedTest
    @CsvSource({
        "0.ts,0", "17.ts,17", "x.ts,0", "-3.ts,0", "+3.ts,0", "1e3.ts,0", "007.ts,7",
        "9223372036854775807.ts,9223372036854775807", "9223372036854775808.ts,0", "99999999999999999999999.ts,0"
    })
    void aFileNameThatIsNoNumberIsSegmentZero(String file, long expected) throws Exception {
        assertEquals(200, send(put("/live/movie/" + file)).statusCode());
        assertEquals(expected, gate.opened.getFirst().segments.getFirst().sequence());
    }

    @ParameterizedTest
    @CsvSource({"500,1000,500,1000", "500,,500,0", ",1000,0,1000", "500,500,500,500"})
    void aSliceIsHandedOn(String from, String to, long wantedFrom, long wantedTo) throws Exception {
        HttpRequest.Builder request = put("/live/movie/0.ts");
        if (from != null) {
            request.header("Content-Slice-From", from);
        }
        if (to != null) {
            request.header("Content-Slice-To", to);
        }
        assertEquals(200, send(request).statusCode());
        assertEquals(
                Optional.of(new Clip(Duration.ofMillis(wantedFrom), Duration.ofMillis(wantedTo))),
                gate.opened.getFirst().segments.getFirst().clip());
    }

    @Test
    void anInvertedSliceIsRefused() throws Exception {
        assertError(
                400,
                "Invalid slice config from=1m1.5s to=300ms",
                send(put("/live/movie/0.ts").header("Content-Slice-From", "61500").header("Content-Slice-To", "300")));
    }

    @Test
    void anotherMethodIsRefused() throws Exception {
        assertError(
                405,
                "http push request wrong method=GET url=/live/movie/0.ts?a=b host=" + server.authority(),
                send(HttpRequest.newBuilder(server.uri("/live/movie/0.ts?a=b")).GET()));
    }

    @ParameterizedTest
    @CsvSource({"movie/index.m3u8,.m3u8", "movie/0.mkv,.mkv", "movie/0,''", "movie/0.TS,.TS"})
    void anotherExtensionIsRefused(String path, String extension) throws Exception {
        assertError(400, "ignoring file extension: " + extension, send(put("/live/" + path)));
        assertTrue(gate.opened.isEmpty());
    }

    @Test
    void anAddressWithoutANameIsRefused() throws Exception {
        assertError(400, "Bad URL url=http://" + server.authority() + "/live/.ts", send(put("/live/.ts")));
        String tooLong = "a".repeat(200);
        assertError(
                400,
                "Bad URL url=http://" + server.authority() + "/live/" + tooLong + "/0.ts",
                send(put("/live/" + tooLong + "/0.ts")));
    }

    @Test
    void aNameWithOddCharactersIsTakenAndEscapedInTexts() throws Exception {
        assertEquals(200, send(put("/live/a%20b%22%3Cc%3E/0.ts")).statusCode());
        assertEquals(new ManifestId("a b\"<c>"), gate.opened.getFirst().spec.manifest());
        assertError(
                500,
                "http push error processing segment url=http://" + server.authority()
                        + "/live/a%20b%22%3Cc%3E/0.ts manifestID=a b\"<c> err=\"invalid duration -1\"",
                send(put("/live/a%20b%22%3Cc%3E/0.ts").header("Content-Duration", "-1000")));
    }

    @Test
    void bytesThatAreNoMediaAreRefused() throws Exception {
        for (byte[] body : List.of(new byte[0], new byte[1000], "#EXTM3U\n".getBytes(StandardCharsets.UTF_8))) {
            assertError(
                    422,
                    "Error getting codec info url=http://" + server.authority() + "/live/movie/0.ts",
                    send(HttpRequest.newBuilder(server.uri("/live/movie/0.ts")).PUT(BodyPublishers.ofByteArray(body))));
        }
        assertTrue(gate.opened.isEmpty());
    }

    @Test
    void aBodyOverTheLimitIsRefusedWithALengthAndWithout() throws Exception {
        byte[] large = new byte[LIMIT + 1];
        HttpRequest.BodyPublisher withLength = BodyPublishers.ofByteArray(large);
        HttpRequest.BodyPublisher without =
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large));
        for (HttpRequest.BodyPublisher body : List.of(withLength, without)) {
            assertError(
                    500,
                    "Error reading http request body: input bigger than max buffer size",
                    send(refused("/live/movie/0.ts").PUT(body)));
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsRead() throws Exception {
        byte[] full = new byte[LIMIT];
        byte[] media = SampleSegments.data(0).toArray();
        System.arraycopy(media, 0, full, 0, media.length);
        HttpRequest.BodyPublisher without =
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(full));
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(server.uri("/live/movie/0.ts")).PUT(without));
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(LIMIT, gate.opened.getFirst().segments.getFirst().data().size());
    }

    @Test
    void withoutRoomForAnotherBodyItIsRefusedForNow() throws Exception {
        budget.limit(1000);
        HttpResponse<String> busy = send(put("/live/movie/0.ts"));
        assertError(503, "This gateway has no memory for another segment now. Send the segment again in a moment.", busy);
        assertEquals("2", busy.headers().firstValue("Retry-After").orElse(""));
        budget.limit(6L * LIMIT);
        assertEquals(200, send(put("/live/movie/0.ts")).statusCode());
    }

    @Test
    void aBodyThatBreaksOffGivesItsRoomBack() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT /live/movie/0.ts HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 500 ") || answer.startsWith("HTTP/1.1 400 "), answer);
        }
        assertTrue(gate.opened.isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[] | json: cannot unmarshal array into Go value of type server.authWebhookResponse",
        "{\"presets\":\"P240p30fps16x9\"} | json: cannot unmarshal string into Go struct field authWebhookResponse.presets of type []string",
        "{\"profiles\":[{\"width\":\"a\"}]} | json: cannot unmarshal string into Go struct field JsonProfile.profiles.width of type int",
        "{\"timeoutMultiplier\":1.5} | json: cannot unmarshal number 1.5 into Go struct field authWebhookResponse.timeoutMultiplier of type int",
    })
    void aConfigurationThatCannotBeReadIsRefused(String header, String reason) throws Exception {
        assertError(
                400,
                "failed to parse transcode config header: \"" + reason + "\"",
                send(refused("/live/movie/0.ts").header(CONFIGURATION, header)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "x", "{}x", "{'a':1}"})
    void aConfigurationThatIsNoJsonIsRefused(String header) throws Exception {
        HttpResponse<String> response = send(refused("/live/movie/0.ts").header(CONFIGURATION, header));
        assertEquals(400, response.statusCode());
        assertTrue(
                response.body().startsWith("failed to parse transcode config header: \"not one JSON value: "),
                response.body());
    }

    @Test
    void aConfigurationNestedWithoutEndIsRefused() throws Exception {
        HttpResponse<String> response =
                send(refused("/live/movie/0.ts").header(CONFIGURATION, "{\"profiles\":" + "[".repeat(3000)));
        assertEquals(400, response.statusCode());
        assertTrue(response.body().startsWith("failed to parse transcode config header: "), response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"profiles\":[{\"gop\":\"x\"}]}", "{\"profiles\":[{\"profile\":\"h265\"}]}", "{\"profiles\":[{\"encoder\":\"av1\"}]}"
    })
    void aProfileThatMakesNoSenseIsAnErrorOfTheStream(String header) throws Exception {
        assertError(
                500,
                "Could not create stream ID: url=http://" + server.authority() + "/live/movie/0.ts",
                send(put("/live/movie/0.ts").header(CONFIGURATION, header)));
        assertTrue(gate.opened.isEmpty());
        assertEquals(200, send(put("/live/movie/0.ts")).statusCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | P240p30fps16x9,P360p30fps16x9",
        "null | P240p30fps16x9,P360p30fps16x9",
        "{\"profiles\":null} | P240p30fps16x9,P360p30fps16x9",
        "{\"presets\":[\" P144p30fps16x9\",\"P9\"]} | P144p30fps16x9",
        "{\"presets\":[\"P144p30fps16x9\"],\"profiles\":[{\"name\":\"x\"}]} | P144p30fps16x9,x",
        "{\"profiles\":[{\"width\":123,\"height\":456,\"bitrate\":432000}]} | custom_123x456_432000",
        "{\"profiles\":[]} | ''",
        "{\"presets\":[\"unknown\"]} | ''",
    })
    void aConfigurationChoosesTheRenditions(String header, String expected) throws Exception {
        assertEquals(200, send(put("/live/movie/0.ts").header(CONFIGURATION, header)).statusCode());
        assertEquals(
                expected,
                String.join(
                        ",",
                        gate.opened.getFirst().spec.profiles().stream()
                                .map(VideoProfile::name)
                                .toList()));
    }

    @Test
    void aStreamWithoutProfilesIsAnsweredEmpty() throws Exception {
        ladder = List.of();
        gate.script = (door, segment) -> deadline -> new SegmentResult.NoSession("none");
        HttpResponse<String> response = send(put("/live/movie/0.ts").header("Accept", "multipart/mixed"));
        assertEquals(200, response.statusCode());
        assertEquals("", response.body());
        assertEquals(1, gate.opened.getFirst().segments.size());
    }

    @Test
    void theTimeOutMultiplierIsHandedOnWithinBounds() throws Exception {
        send(put("/live/a/0.ts").header(CONFIGURATION, "{\"timeoutMultiplier\":4}"));
        send(put("/live/b/0.ts").header(CONFIGURATION, "{\"timeoutMultiplier\":-4}"));
        send(put("/live/c/0.ts").header(CONFIGURATION, "{\"timeoutMultiplier\":2147483647}"));
        assertEquals(
                List.of(4, 1, 100),
                gate.opened.stream().map(door -> door.spec.timeoutMultiplier()).toList());
    }

    @Test
    void theOutputFormatIsFixedByTheFirstSegment() throws Exception {
        send(put("/live/movie/0.mp4"));
        send(put("/live/movie/1.ts"));
        assertEquals(1, gate.opened.size());
        assertTrue(gate.opened.getFirst().spec.profiles().stream()
                .allMatch(profile -> profile.format() == Container.MP4));
        HttpResponse<String> response = send(put("/live/movie/2.ts").header("Accept", "multipart/mixed"));
        assertTrue(response.body().contains("Content-Type: video/mp4; name=\"P240p30fps16x9_2.mp4\""), response.body());
    }

    @ParameterizedTest
    @CsvSource({"DUPLICATE,403", "CAPPED,500", "DRAINING,503"})
    void aStreamThatIsNotLetInIsRefused(StreamGate.Reason reason, int status) throws Exception {
        gate.denial.set(new StreamGate.Opening.Denied(reason, "because"));
        assertError(
                status,
                "Could not create stream ID: url=http://" + server.authority() + "/live/movie/0.ts",
                send(put("/live/movie/0.ts")));
        gate.denial.set(null);
        assertEquals(200, send(put("/live/movie/0.ts")).statusCode());
    }

    @Test
    void whenNobodyServesTheAnswerSaysSo() throws Exception {
        gate.script = (door, segment) -> deadline -> new SegmentResult.NoSession("no orchestrators");
        assertError(503, "No sessions available", send(put("/live/movie/0.ts").header("Accept", "multipart/mixed")));
    }

    @Test
    void aSegmentThatNobodyCanTranscodeIsRefusedWithTheReason() throws Exception {
        gate.script = (door, segment) -> deadline -> new SegmentResult.Untranscodable(
                "hit max transcode attempts: \"odd\"");
        assertError(
                422,
                "http push error processing segment url=http://" + server.authority()
                        + "/live/movie/0.ts manifestID=movie err=\"hit max transcode attempts: \\\"odd\\\"\"",
                send(put("/live/movie/0.ts")));
    }

    @Test
    void aDroppedSegmentMayBeSentAgain() throws Exception {
        gate.script = (door, segment) -> deadline -> new SegmentResult.Dropped("the queue was full");
        assertError(
                503,
                "http push error processing segment url=http://" + server.authority()
                        + "/live/movie/0.ts manifestID=movie err=\"the queue was full\"",
                send(put("/live/movie/0.ts")));
        gate.script = (door, segment) -> deadline -> transcoded(door, segment);
        assertEquals(200, send(put("/live/movie/0.ts")).statusCode());
        assertEquals(1, gate.opened.size(), "the stream still runs, so it is not opened again");
    }

    @Test
    void aStreamThatAnOperatorEndedBeginsAgainWithTheNextSegment() throws Exception {
        send(put("/live/movie/0.ts"));
        gate.opened.getFirst().end();
        gate.script = (door, segment) ->
                deadline -> door.closed ? new SegmentResult.Dropped("the stream ended") : transcoded(door, segment);
        assertEquals(503, send(put("/live/movie/1.ts")).statusCode());
        assertEquals(200, send(put("/live/movie/1.ts")).statusCode());
        assertEquals(2, gate.opened.size());
    }

    @Test
    void aFaultInsideTheGatewayIsACleanError() throws Exception {
        gate.script = (door, segment) -> {
            throw new IllegalStateException("broken");
        };
        assertError(500, "http push error err=\"broken\"", send(put("/live/movie/0.ts")));
    }

    @Test
    void parallelSegmentsOpenOneStreamAndGetTheirOwnReplies() throws Exception {
        int count = 8;
        CountDownLatch allIn = new CountDownLatch(count);
        Map<Long, CountDownLatch> turns = new ConcurrentHashMap<>();
        for (long i = 0; i < count; i++) {
            turns.put(i, new CountDownLatch(1));
        }
        gate.script = (door, segment) -> deadline -> {
            allIn.countDown();
            await(turns.get(segment.sequence()));
            return transcoded(door, segment);
        };
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(client.sendAsync(
                    put("/live/movie/" + i + ".ts").header("Accept", "multipart/mixed").build(),
                    BodyHandlers.ofString()));
        }
        await(allIn);
        // the last one first
        for (int i = count - 1; i >= 0; i--) {
            turns.get((long) i).countDown();
            HttpResponse<String> answer = answers.get(i).get(30, TimeUnit.SECONDS);
            assertTrue(answer.body().contains("P360p30fps16x9 of " + i + "\r\n"), answer.body());
        }
        assertEquals(1, gate.opened.size());
    }

    @Test
    void anotherNameInsideCanBeChosenAndTakenOver() throws Exception {
        String inside = "{\"manifestID\":\"inside\"}";
        assertEquals(200, send(put("/live/first/0.ts").header(CONFIGURATION, inside)).statusCode());
        assertEquals(200, send(put("/live/first/1.ts").header(CONFIGURATION, inside)).statusCode());
        assertEquals(1, gate.opened.size());
        assertEquals(new ManifestId("inside"), gate.opened.getFirst().spec.manifest());
        assertEquals(200, send(put("/live/second/0.ts").header(CONFIGURATION, inside)).statusCode());
        assertTrue(gate.opened.getFirst().closed);
        assertEquals(2, gate.opened.size());
    }

    @Test
    void aStreamEndsAfterAMinuteWithoutASegment() throws Exception {
        send(put("/live/movie/0.ts"));
        clock.advance(PushStreams.IDLE.minusMillis(1));
        streams.sweep();
        assertFalse(gate.opened.getFirst().closed);
        send(put("/live/movie/1.ts"));
        clock.advance(PushStreams.IDLE.minusMillis(1));
        streams.sweep();
        assertFalse(gate.opened.getFirst().closed);
        clock.advance(Duration.ofMillis(1));
        streams.sweep();
        assertTrue(gate.opened.getFirst().closed);
        assertEquals(200, send(put("/live/movie/2.ts")).statusCode());
        assertEquals(2, gate.opened.size());
    }

    @Test
    void aStreamWithASegmentInWorkNeverIdles() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        gate.script = (door, segment) -> (Pending) deadline -> {
            entered.countDown();
            await(done);
            return transcoded(door, segment);
        };
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(put("/live/movie/0.ts").build(), BodyHandlers.ofString());
        await(entered);
        clock.advance(Duration.ofHours(1));
        streams.sweep();
        assertFalse(gate.opened.getFirst().closed);
        done.countDown();
        assertEquals(200, answer.get(30, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void withdrawingTheIngestClosesItsStreams() throws Exception {
        send(put("/live/a/0.ts"));
        send(put("/live/b/0.ts"));
        streams.close();
        assertTrue(gate.opened.stream().allMatch(door -> door.closed));
    }

    @Test
    void theGatewayHasTakenASegmentBeforeItsChargeIsGivenBack() throws Exception {
        List<Long> charged = new ArrayList<>();
        gate.script = (door, segment) -> {
            charged.add(budget.used());
            return deadline -> {
                charged.add(budget.used());
                return transcoded(door, segment);
            };
        };
        send(put("/live/movie/0.ts"));
        assertEquals(List.of(SampleSegments.data(0).size() + (long) Budget.PIECE_OVERHEAD, 0L), charged);
    }

    @Test
    void withoutMemoryForTheAnswerTheSenderComesAgain() throws Exception {
        gate.script = (door, segment) -> deadline -> {
            budget.limit(50);
            return transcoded(door, segment);
        };
        HttpResponse<String> busy = send(put("/live/movie/0.ts").header("Accept", "multipart/mixed"));
        assertEquals(503, busy.statusCode());
        assertTrue(busy.headers().firstValue("Retry-After").isPresent());
    }

    @Test
    void anAddressHasSoManyStreamsAndUploads() throws Exception {
        server.close();
        server = new TestServer(
                "/live/*",
                new PushServlet(
                        streams, () -> ladder, budget, new PushLimits(LIMIT, Duration.ofMinutes(2), 1), clock, new Random(7)));
        assertEquals(200, send(put("/live/a/0.ts")).statusCode());
        HttpResponse<String> second = send(put("/live/b/0.ts"));
        assertError(
                503,
                "Your address pushes 1 streams already, which is as many as this gateway takes from one address.",
                second);
        assertTrue(second.headers().firstValue("Retry-After").isPresent());
        List<Socket> hanging = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Socket socket = new Socket("127.0.0.1", server.port());
            socket.getOutputStream()
                    .write("PUT /live/a/1.ts HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertEquals('H', socket.getInputStream().read(), "it is asked for its body");
            hanging.add(socket);
        }
        HttpResponse<String> fifth = send(refused("/live/a/2.ts"));
        assertEquals(503, fifth.statusCode());
        assertTrue(fifth.body().startsWith("Your address pushes 4 segments at once already"), fifth.body());
        for (Socket socket : hanging) {
            socket.close();
        }
    }

    @Test
    void aProfilesNameCannotLeaveItsPlaceInAHeader() throws Exception {
        String odd = "{\"profiles\":[{\"name\":\"../a\\\"; x=\\\"b\\\\c\"}]}";
        HttpResponse<String> response = send(put("/live/movie/1.ts")
                .header(CONFIGURATION, odd)
                .header("Accept", "multipart/mixed"));
        assertTrue(
                response.body().contains("Content-Disposition: attachment; filename=\".._a\\\"; x=\\\"b_c_1.ts\"\r\n"),
                response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"profiles\":[{\"name\":\"x\"},{\"name\":\"x\",\"width\":640}]}",
        "{\"presets\":[\"P144p30fps16x9\"],\"profiles\":[{\"name\":\"P144p30fps16x9\"}]}",
        "{\"presets\":[\"P144p30fps16x9\",\"P144p30fps16x9\"]}",
        "{\"profiles\":[{\"name\":\"source\"}]}",
        "{\"profiles\":[{\"name\":\"a\\u009bb\"}]}"
    })
    void aStreamWhoseRenditionsWouldShareAnAddressIsRefused(String header) throws Exception {
        assertEquals(500, send(put("/live/movie/0.ts").header(CONFIGURATION, header)).statusCode());
        assertTrue(gate.opened.isEmpty());
    }

    @Test
    void manyBadRequestsAreOneLineInTheLog() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream console = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 50; i++) {
                send(HttpRequest.newBuilder(server.uri("/live/movie/" + i + ".ts")).PUT(BodyPublishers.ofString("no media")));
            }
        } finally {
            System.setErr(console);
        }
        long lines = log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("was refused")).count();
        assertTrue(lines <= 1, lines + " lines");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
