package io.millrace.media.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.StreamGate.Opening;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.ManifestId;
import io.millrace.media.Fuzz;
import io.millrace.media.Samples;
import io.millrace.media.cut.CutRule;
import io.millrace.media.rtmp.FlvTags.Tag;
import io.millrace.media.ts.TsDemuxer;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Publishers made from numbers: chunks, commands and media of any count, depth and order. */
class RtmpFuzzTest {

    private static final int MESSAGE_BYTES = 64 << 10;
    private static final int ROOM = 128 << 10;
    private static final int MAX_VALUES = 2048;

    private final List<Tag> sample = FlvTags.media(Samples.bytes("avc-aac.flv"));

    @Test
    void chunksOfAnyKindAreReadOrRefusedWithinTheirRoom() {
        Fuzz.run(6_000, random -> {
            boolean taken = false;
            byte[] bytes = chunks(random);
            if (random.nextInt(4) == 0) {
                bytes = Fuzz.mutated(bytes, random, 1 << 18);
            }
            InMemoryBudget budget = new InMemoryBudget(ROOM);
            try (Budget.Charge charge = budget.open("fuzz")) {
                ChunkReader reader =
                        new ChunkReader(new CountedInput(new ByteArrayInputStream(bytes)), MESSAGE_BYTES, charge);
                for (Message message = reader.read(); message != null; message = reader.read()) {
                    assertTrue(budget.used() <= ROOM);
                    assertTrue(message.payload() == null || message.payload().length <= MESSAGE_BYTES);
                    take(reader, message);
                }
                assertTrue(budget.used() <= ROOM);
                taken = true;
            } catch (RtmpViolation | IOException refused) {
                assertFalse(refused.getMessage().isBlank());
            }
            assertEquals(0, budget.used());
            return taken;
        });
    }

    private static void take(ChunkReader reader, Message message) throws RtmpViolation {
        if (message.payload() != null && message.type() == Message.SET_CHUNK_SIZE) {
            reader.chunkSize(message.int32(0));
        } else if (message.payload() != null && message.type() == Message.ABORT) {
            reader.abort(message.int32(0));
        }
    }

    private static byte[] chunks(Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int count = 1 << random.nextInt(9);
        int streams = 1 + random.nextInt(1 << random.nextInt(8));
        int longest = 1 << random.nextInt(18);
        for (int i = 0; i < count && bytes.size() < 1 << 17; i++) {
            int format = i < streams ? random.nextInt(2) : random.nextInt(4);
            bytes.write(format << 6);
            bytes.write(random.nextInt(streams) % 256);
            int time = random.nextInt(8) == 0 ? 0xffffff : random.nextInt(1 << 24);
            int length = random.nextInt(longest);
            int type = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : random.nextInt(23);
            if (format < 3) {
                int24(bytes, time);
            }
            if (format < 2) {
                int24(bytes, type < 3 ? 4 : length);
                bytes.write(type);
            }
            if (format == 0) {
                bytes.writeBytes(new byte[4]);
            }
            if (format < 3 && time == 0xffffff) {
                bytes.writeBytes(new byte[] {0, 0, 1, 2});
            }
            byte[] payload = new byte[Math.min(length, random.nextInt(1 << random.nextInt(14)))];
            bytes.writeBytes(type == 1 ? ChunkWriter.int32(1 + random.nextInt(1 << random.nextInt(20))) : payload);
        }
        return bytes.toByteArray();
    }

    private static void int24(ByteArrayOutputStream bytes, int value) {
        bytes.write(value >> 16);
        bytes.write(value >> 8);
        bytes.write(value);
    }

    @Test
    void commandsOfAnyCountAndDepthAreReadOrRefused() {
        Fuzz.run(3_000, random -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 1 << random.nextInt(12); i > 0 && bytes.size() < 1 << 16; i--) {
                value(bytes, random, random.nextInt(14));
            }
            byte[] command = random.nextBoolean() ? bytes.toByteArray() : Fuzz.mutated(bytes.toByteArray(), random, 1 << 17);
            try {
                assertTrue(count(AmfReader.readAll(command, 0)) <= MAX_VALUES);
                return true;
            } catch (RtmpViolation refused) {
                assertFalse(refused.getMessage().isBlank());
                return false;
            }
        });
    }

    private static void value(ByteArrayOutputStream bytes, Random random, int depth) {
        int kind = depth > 0 && random.nextInt(3) > 0 ? new int[] {3, 8, 10, 16}[random.nextInt(4)] : random.nextInt(13);
        bytes.write(kind);
        switch (kind) {
            case 0, 11 -> bytes.writeBytes(new byte[kind == 0 ? 8 : 10]);
            case 1 -> bytes.write(1);
            case 2 -> name(bytes, random);
            case 3, 8, 16 -> {
                if (kind == 8) {
                    bytes.writeBytes(ChunkWriter.int32(random.nextInt()));
                } else if (kind == 16) {
                    name(bytes, random);
                }
                for (int fields = random.nextInt(4); fields > 0; fields--) {
                    name(bytes, random);
                    value(bytes, random, depth - 1);
                }
                bytes.writeBytes(new byte[] {0, 0, 9});
            }
            case 7 -> bytes.writeBytes(new byte[2]);
            case 10 -> {
                int values = random.nextInt(4);
                bytes.writeBytes(ChunkWriter.int32(values));
                for (int i = 0; i < values; i++) {
                    value(bytes, random, depth - 1);
                }
            }
            case 12 -> bytes.writeBytes(new byte[] {0, 0, 0, 1, 'x'});
            default -> {
                // nothing follows
            }
        }
    }

    private static void name(ByteArrayOutputStream bytes, Random random) {
        int length = 1 + random.nextInt(1 << random.nextInt(8));
        bytes.write(length >> 8);
        bytes.write(length);
        bytes.writeBytes("n".repeat(length).getBytes());
    }

    private static int count(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().mapToInt(RtmpFuzzTest::count).sum() + 1;
            case Map<?, ?> map -> map.values().stream().mapToInt(RtmpFuzzTest::count).sum() + 1;
            case null, default -> 1;
        } - (value instanceof List<?> ? 1 : 0);
    }

    @Test
    void mediaOfAnyKindBecomesSegmentsOrIsRefusedWithinItsRoom() {
        Fuzz.run(400, random -> {
            InMemoryBudget budget = new InMemoryBudget(256 << 10);
            RecordingGate gate = new RecordingGate();
            StreamSpec spec = new StreamSpec(new ManifestId("fuzz"), List.of(), "rtmp", false, 1);
            Opening.Opened opened = (Opening.Opened) gate.open(spec);
            RtmpPublication publication = new RtmpPublication(
                    opened.stream(),
                    CutRule.of(Duration.ofSeconds(1 + random.nextInt(3)), 1 << 20),
                    budget.open("fuzz"),
                    new ManualClock(),
                    () -> {});
            try {
                publish(publication, random, budget);
            } catch (RtmpViolation refused) {
                assertFalse(refused.getMessage().isBlank());
            }
            publication.close();
            assertEquals(0, budget.used());
            for (RecordingGate.Submitted submitted : gate.submitted) {
                byte[] segment = submitted.segment().data().unsafeArray();
                assertEquals(0, segment.length % TsDemuxer.PACKET);
                TsDemuxer.run(segment, (track, pts, payload, from, to) -> {});
            }
            return !gate.submitted.isEmpty();
        });
    }

    private void publish(RtmpPublication publication, Random random, InMemoryBudget budget) throws RtmpViolation {
        int time = random.nextInt();
        int step = 1 << random.nextInt(12);
        for (int i = 1 << random.nextInt(11); i > 0; i--) {
            Tag tag = random.nextInt(4) > 0 ? sample.get(i % sample.size()) : sample.get(random.nextInt(sample.size()));
            byte[] payload = random.nextInt(8) == 0 ? Fuzz.mutated(tag.payload(), random, 1 << 16) : tag.payload();
            time += random.nextInt(64) == 0 ? random.nextInt() : random.nextInt(step);
            if (random.nextInt(200) == 0) {
                publication.lost();
            } else if (tag.video()) {
                publication.video(time, payload);
            } else {
                publication.audio(time, payload);
            }
            assertTrue(budget.used() <= budget.limit());
        }
    }
}
