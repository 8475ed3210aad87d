package io.millrace.livepeer.call;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.livepeer.fuzz.Fuzz;
import io.millrace.livepeer.fuzz.ProtobufGrowth;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.web.Destination;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any answer to a segment is either a completion or malformed, never anything else. */
class ResultFuzzTest {

    @Test
    void resultsAreReadOrRefused() {
        Payload.Transcode payload = new Payload.Transcode(
                new ManifestId("movie"),
                1,
                Duration.ofSeconds(2),
                List.of(
                        VideoProfile.h264("240p", 426, 240, 600_000, 30),
                        VideoProfile.h264("360p", 640, 360, 900_000, 30)),
                Optional.empty(),
                false);
        Destination peer = new Destination(URI.create("https://127.0.0.1:8935"), Optional.empty());
        RemoteAccepted accepted = new RemoteAccepted(peer, payload, null, null);
        Fuzz.run(
                new ProtobufGrowth(),
                Set.of(Malformed.class, InvalidProtocolBufferException.class),
                bytes -> accepted.completion(Bytes.wrap(bytes)),
                Capture.bytes("rtmp-profiles/004-POST_segment.resp.bin"));
    }
}
