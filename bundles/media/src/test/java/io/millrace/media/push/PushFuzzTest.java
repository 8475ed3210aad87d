package io.millrace.media.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import io.millrace.media.Fuzz;
import io.millrace.media.json.MalformedJson;
import io.millrace.media.profile.InvalidProfile;
import io.millrace.media.profile.JsonProfile;
import io.millrace.media.web.StreamPath;
import io.millrace.testkit.InMemoryBudget;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a pusher says, made from numbers: its wishes as JSON, its address, its body. */
class PushFuzzTest {

    private static final int MOST = 1 << 14;
    private static final String[] NAMES = {
        "profiles", "presets", "manifestID", "timeoutMultiplier", "name", "width", "fps", "gop", "encoder", "objectStore"
    };
    private static final String[] VALUES = {
        "null", "true", "\"x\"", "\"source\"", "0", "-1", "1e999999999", "12345678901234567890", "0.5", "\"\\u009b\\n\"",
        "\"P144p30fps16x9\"", "\"intra\"", "\"1e400\""
    };

    @Test
    void wishesOfAnyCountAndDepthAreReadOrRefused() {
        Fuzz.run(4_000, random -> {
            StringBuilder json = new StringBuilder();
            object(json, random, random.nextInt(20));
            byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
            String text = random.nextInt(3) == 0
                    ? new String(Fuzz.mutated(bytes, random, 1 << 17), StandardCharsets.UTF_8)
                    : json.toString();
            try {
                List<VideoProfile> profiles = TranscodeConfiguration.parse(text).profilesOr(List.of());
                assertTrue(profiles.size() <= 2 * JsonProfile.MAX_PROFILES);
                assertEquals(
                        profiles.size(), profiles.stream().map(VideoProfile::name).distinct().count());
                profiles.forEach(profile -> assertTrue(profile.name().length() <= JsonProfile.MAX_NAME));
                return !profiles.isEmpty();
            } catch (MalformedJson | InvalidProfile refused) {
                assertFalse(refused.getMessage().isBlank());
                return false;
            }
        });
    }

    private static void object(StringBuilder json, Random random, int depth) {
        json.append('{');
        int fields = random.nextInt(6);
        for (int i = 0; i < fields; i++) {
            String name = NAMES[random.nextInt(NAMES.length)];
            json.append(i == 0 ? "\"" : ",\"").append(name).append("\":");
            if (random.nextInt(12) == 0) {
                value(json, random, depth - 1);
            } else {
                fitting(json, random, name, depth - 1);
            }
        }
        json.append('}');
    }

    private static void fitting(StringBuilder json, Random random, String name, int depth) {
        switch (name) {
            case "profiles" -> array(json, random, () -> object(json, random, depth));
            case "presets" -> array(json, random, () -> json.append(random.nextBoolean() ? "\"P9\"" : "\"P144p30fps16x9\""));
            case "manifestID", "objectStore" -> json.append("\"m").append(random.nextInt(9)).append('"');
            case "name" -> json.append("\"n").append(random.nextInt()).append('"');
            case "gop" -> json.append("\"intra\"");
            case "encoder" -> json.append("\"HEVC\"");
            default -> json.append(random.nextInt(1 << random.nextInt(31)));
        }
    }

    private static void array(StringBuilder json, Random random, Runnable element) {
        json.append('[');
        int elements = random.nextInt(1 << random.nextInt(8));
        for (int i = 0; i < elements && json.length() < MOST; i++) {
            json.append(i == 0 ? "" : ",");
            element.run();
        }
        json.append(']');
    }

    private static void value(StringBuilder json, Random random, int depth) {
        int kind = depth > 0 && json.length() < MOST ? random.nextInt(5) : 4;
        if (kind < 2) {
            object(json, random, depth);
        } else if (kind < 4) {
            array(json, random, () -> value(json, random, random.nextInt(4) == 0 ? depth - 1 : 0));
        } else {
            json.append(VALUES[random.nextInt(VALUES.length)]);
        }
    }

    @Test
    void anyPathIsSplit() {
        Fuzz.run(50_000, random -> {
            StringBuilder path = new StringBuilder();
            for (int i = random.nextInt(1 << random.nextInt(10)); i > 0; i--) {
                path.append(new String[] {"/", "live/", "stream/", ".", " ", "a", ".ts", "\u009b", "%"}[random.nextInt(9)]);
            }
            StreamPath split = StreamPath.of(path.toString());
            assertFalse(split.manifest().contains("/"));
            assertFalse(split.file().contains("/"));
            return true;
        });
    }

    @Test
    void anyNameStaysInItsPlaceInTheAnswer() {
        Fuzz.run(5_000, random -> {
            StringBuilder name = new StringBuilder("n");
            for (int i = random.nextInt(1 << random.nextInt(8)); i > 0; i--) {
                name.appendCodePoint(random.nextBoolean() ? random.nextInt(0xd800) : "\"\\/\r\n;:\u009b".charAt(random.nextInt(8)));
            }
            Rendition rendition =
                    new Rendition(VideoProfile.h264(name.toString(), 160, 90, 100_000, 30), Bytes.utf8("data"));
            String head = MultipartAnswer.head(random.nextLong(), rendition);
            assertTrue(
                    head.matches("Content-Disposition: attachment; filename=(\"([^\"\\\\/\\p{Cc}]|\\\\\")*\")\r\n"
                            + "Content-Length: 4\r\nContent-Type: video/mp2t; name=\\1\r\n"
                            + "Rendition-Name: \\P{Cc}*\r\n\r\n"),
                    head);
            return true;
        });
    }

    @Test
    void aBodyOfAnyLengthAndAnnouncementStaysWithinItsRoom() {
        Fuzz.run(3_000, random -> {
            byte[] sent = new byte[random.nextInt(1 << random.nextInt(22))];
            long announced = random.nextInt(3) == 0 ? -1 : random.nextBoolean() ? sent.length : random.nextInt(1 << 22);
            int limit = 1 + random.nextInt(1 << 22);
            InMemoryBudget budget = new InMemoryBudget(random.nextInt(1 << 23));
            Body.Outcome outcome;
            try (Body body = new Body(budget)) {
                outcome = body.read(new ByteArrayInputStream(sent), announced, limit);
                assertTrue(budget.used() <= budget.limit());
                if (outcome == Body.Outcome.READ) {
                    assertEquals(sent.length, body.bytes().size());
                } else {
                    assertEquals(0, budget.used());
                }
            }
            assertEquals(0, budget.used());
            return outcome == Body.Outcome.READ;
        });
    }
}
