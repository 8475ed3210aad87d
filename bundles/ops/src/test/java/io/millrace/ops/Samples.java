package io.millrace.ops;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.network.SelectionPolicy.Ranked;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.SampleCandidates;
import io.millrace.testkit.SampleEvents.JobServed;
import io.millrace.testkit.SampleEvents.SegmentSettled;
import io.millrace.testkit.SampleEvents.Selected;
import io.millrace.testkit.SampleEvents.StreamStarted;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Events as a node fires them. */
public final class Samples {

    public static final URI NEAR = URI.create("https://127.0.0.1:8935");
    public static final URI FAR = URI.create("https://10.0.0.2:8935");
    public static final List<String> LADDER = List.of("P720p30fps16x9", "P360p30fps16x9");

    private Samples() {}

    public static StreamStarted started(String name) {
        return new StreamStarted(new ManifestId(name), "rtmp", LADDER, false);
    }

    public static SegmentSettled transcoded(String name, long sequence, URI by) {
        return settled(name, sequence, "transcoded", "", Optional.of(by), 1);
    }

    public static SegmentSettled missing(String name, long sequence, String outcome, String reason) {
        return settled(name, sequence, outcome, reason, Optional.empty(), 1);
    }

    public static SegmentSettled settled(
            String name, long sequence, String outcome, String reason, Optional<URI> by, int attempts) {
        boolean good = outcome.equals("transcoded");
        return new SegmentSettled(
                new ManifestId(name),
                sequence,
                Duration.ofSeconds(2),
                outcome,
                reason,
                by,
                900_000,
                LADDER,
                good ? List.of(400_000, 120_000) : List.of(),
                Duration.ofMillis(900),
                Duration.ofMillis(820),
                attempts);
    }

    public static Selected selected(String name, long sequence, URI chosen, String reason) {
        return new Selected(
                new ManifestId(name), sequence, chosen, List.of(ranked(chosen, reason), ranked(chosen.equals(NEAR) ? FAR : NEAR, "slower")));
    }

    public static Ranked ranked(URI endpoint, String reason) {
        return new Ranked(
                SampleCandidates.listed(
                        SampleCandidates.capable(
                                SampleCandidates.untried(endpoint.getHost()), Capabilities.NONE.withVersion("0.9.1")),
                        Listing.at(endpoint).trust(1).build()),
                true,
                reason);
    }

    public static JobServed served(String session, long sequence, Optional<String> error) {
        return new JobServed(
                new SessionId(session),
                "ffmpeg",
                sequence,
                Duration.ofSeconds(2),
                Duration.ofMillis(5),
                Duration.ofMillis(700),
                55_296_000,
                error,
                LADDER);
    }
}
