package io.millrace.livepeer.byoc;

import io.millrace.livepeer.fuzz.Fuzz;
import io.millrace.livepeer.fuzz.TextGrowth;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.EventStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any header and any answer is either read or malformed, never anything else. */
class JobFuzzTest {

    private static final String JOB = Capture.header(
                    Capture.json("byoc/005-POST-process_request_echo.json").getAsJsonObject("request"), "livepeer")
            .orElseThrow();

    @Test
    void jobsAreReadOrRefused() {
        Fuzz.run(
                new TextGrowth(),
                Set.of(Malformed.class),
                json -> {
                    JobRequest job = JobRequest.ofHeader(Base64.getEncoder().encodeToString(json));
                    job.isSigned(new NoAccount());
                    job.spec();
                    WireJson.object(job.request());
                    job.toHeader();
                },
                Base64.getDecoder().decode(JOB));
    }

    @Test
    void headersAreReadOrRefused() {
        Fuzz.run(
                new TextGrowth(),
                Set.of(Malformed.class),
                text -> JobRequest.ofHeader(new String(text, StandardCharsets.UTF_8)),
                JOB.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void tokensAreReadOrRefused() {
        Fuzz.run(
                new TextGrowth(),
                Set.of(Malformed.class),
                json -> JobToken.fromWire(new String(json, StandardCharsets.UTF_8), "echo-cap", Instant.EPOCH),
                Capture.bytes("byoc/004-GET-process_token.response.bin"));
    }

    @Test
    void sendersAreReadOrRefused() {
        Fuzz.run(
                new TextGrowth(),
                Set.of(Malformed.class),
                json -> Sender.fromWire(WireJson.object(new String(json, StandardCharsets.UTF_8)))
                        .signed("", new NoAccount()),
                "{\"addr\":\"0x0000000000000000000000000000000000000000\",\"sig\":\"0x11\"}"
                        .getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void eventsAreReadOrRefused() {
        Fuzz.run(
                new TextGrowth(),
                Set.of(IOException.class),
                text -> {
                    InputStream in = new ByteArrayInputStream(text);
                    while (!EventStream.event(in).isEmpty()) {
                        // to the end
                    }
                },
                "data: {\"n\":0}\n\ndata: {\"n\":1}\n\ndata: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void pathsAreAskedForOrRefused() {
        Destination peer = new Destination(URI.create("https://127.0.0.1:8935"), Optional.empty());
        Fuzz.run(
                new TextGrowth(),
                Set.of(Malformed.class),
                path -> JobRequest.at(peer, new String(path, StandardCharsets.UTF_8)),
                "some/path?with=query".getBytes(StandardCharsets.US_ASCII));
    }
}
