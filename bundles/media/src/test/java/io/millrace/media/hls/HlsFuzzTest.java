package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.media.Fuzz;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SampleSegments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Streams made from numbers, in a node that is short of memory, read by a playlist parser of another make. */
class HlsFuzzTest {

    private static final int ROOM = 20_000;

    @Test
    void playlistsOfAnyStreamCanBeReadAndItsSegmentsStayWithinTheirRoom() {
        Fuzz.run(500, random -> {
            InMemoryBudget budget = new InMemoryBudget(ROOM);
            HlsPublisher publisher = new HlsPublisher(
                    new HlsLimits(3 + random.nextInt(5), 4, Duration.ofSeconds(60)), budget, new ManualClock());
            List<VideoProfile> profiles = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                profiles.add(VideoProfile.h264(i + name(random), 160, 90, 100_000, 30));
            }
            ManifestId manifest = new ManifestId(name(random).replaceAll("[/\\\\\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "x"));
            Publication publication = publisher.open(new StreamSpec(manifest, profiles, "rtmp", false, 1));
            long sequence = 0;
            for (int i = random.nextInt(40); i > 0; i--) {
                sequence += random.nextInt(10) == 0 ? random.nextInt(2000) - 5 : 1;
                publish(publication, random, Math.max(0, sequence), profiles);
                assertTrue(budget.used() <= ROOM);
                budget.limit(ROOM - random.nextInt(ROOM / 2));
            }
            Channel channel = publisher.channel(manifest).orElseThrow();
            boolean playable = channel.master().isPresent();
            PlaylistRules rules = new PlaylistRules();
            Optional<String> source = channel.media("source");
            if (source.isPresent()) {
                rules.check("source", new MediaPlaylistParser().readPlaylist(source.get()));
            }
            if (playable) {
                new MasterPlaylistParser().readPlaylist(channel.master().orElseThrow());
            }
            for (VideoProfile profile : profiles) {
                Optional<String> media = channel.media(profile.name());
                if (media.isPresent()) {
                    rules.check(profile.name(), new MediaPlaylistParser().readPlaylist(media.get()));
                    assertTrue(media.get().lines().allMatch(line -> line.matches("#EXT[\\x21-\\x7e]*|/stream/[\\w.~%/-]*")));
                }
            }
            publisher.close();
            assertEquals(0, budget.used());
            return playable;
        });
    }

    private static void publish(Publication publication, Random random, long sequence, List<VideoProfile> profiles) {
        Segment segment = new Segment(
                sequence,
                Duration.ofMillis(random.nextInt(5000)),
                Bytes.wrap(new byte[random.nextInt(1 << random.nextInt(13))]),
                Optional.empty(),
                Instant.EPOCH.plusMillis(random.nextInt(1 << 30)),
                random.nextInt(8) == 0);
        if (random.nextInt(8) > 0) {
            publication.source(segment, SampleSegments.INFO);
        }
        List<Rendition> renditions = new ArrayList<>();
        for (VideoProfile profile : profiles) {
            if (random.nextInt(4) > 0) {
                renditions.add(new Rendition(profile, Bytes.wrap(new byte[random.nextInt(3000)])));
            }
        }
        publication.renditions(segment, renditions);
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder("n");
        for (int i = random.nextInt(8); i > 0; i--) {
            name.appendCodePoint(random.nextBoolean() ? random.nextInt(0xd800) : "\"\\/\r\n#%\u009b".charAt(random.nextInt(8)));
        }
        return name.toString();
    }
}
