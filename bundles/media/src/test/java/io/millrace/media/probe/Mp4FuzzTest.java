package io.millrace.media.probe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.media.Samples;
import io.millrace.media.codec.UnreadableMedia;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Grows the structure of MP4 files at random: boxes repeated, moved into each other, with other sizes and counts.
 * Each case follows from its number. {@code -Dmillrace.fuzz.cases=N} runs N cases of each file instead of some
 * seconds of them, and {@code -Dmillrace.fuzz.first=N} begins with another.
 */
class Mp4FuzzTest {

    private static final int CASES = Integer.getInteger("millrace.fuzz.cases", 1500);
    private static final int FIRST = Integer.getInteger("millrace.fuzz.first", 0);
    private static final int LARGEST = 1 << 20;

    /** Boxes are read at most twice: once for the header of a track fragment, once for the rest. */
    private static final int VISITS = 2;

    @ParameterizedTest
    @ValueSource(strings = {"avc-aac.mp4", "avc-aac-fragmented.mp4", "vp9-opus.mp4"})
    void aGrownFileIsReadOrRefusedInLinearTime(String sample) {
        byte[] whole = Samples.bytes(sample);
        for (int number = FIRST; number < FIRST + CASES; number++) {
            Random random = new Random(number);
            byte[] file = whole;
            for (int rounds = 1 + random.nextInt(6); rounds > 0 && file.length < LARGEST; rounds--) {
                file = grown(file, random);
            }
            try {
                int boxes = Mp4Probe.boxesOf(file);
                assertTrue(boxes <= VISITS * (file.length / 8 + 1), sample + ", case " + number + ": " + boxes);
                assertTrue(Mp4Probe.probe(file).info().videoFrames() >= 0, sample + ", case " + number);
            } catch (UnreadableMedia refused) {
                assertFalse(refused.getMessage().isBlank());
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(sample + ", case " + number, e);
            }
        }
    }

    private static byte[] grown(byte[] file, Random random) {
        List<int[]> boxes = boxes(file);
        if (boxes.isEmpty()) {
            return file;
        }
        int[] box = boxes.get(random.nextInt(boxes.size()));
        byte[] whole = Arrays.copyOfRange(file, box[0], box[1]);
        byte[] changed = file.clone();
        return switch (random.nextInt(5)) {
            case 0 -> inserted(file, boxes, box[0], Mp4File.repeated(1 + random.nextInt(50), whole));
            case 1 -> inserted(file, boxes, box[0], nested(whole, 1 + random.nextInt(2000), random));
            case 2 -> inserted(file, boxes, boxes.get(random.nextInt(boxes.size()))[0] + 8, whole);
            case 3 -> {
                ByteBuffer.wrap(changed).putInt(box[0], extreme(random));
                yield changed;
            }
            default -> {
                int at = box[0] + 8 + 4 * random.nextInt(6);
                if (at + 4 <= box[1]) {
                    ByteBuffer.wrap(changed).putInt(at, extreme(random));
                }
                yield changed;
            }
        };
    }

    private static byte[] nested(byte[] box, int depth, Random random) {
        int type = ByteBuffer.wrap(box).getInt(4);
        byte[] headers = new byte[8 * depth];
        ByteBuffer out = ByteBuffer.wrap(headers);
        for (int i = 0; i < depth; i++) {
            out.putInt(box.length + headers.length - 8 * i).putInt(random.nextInt(8) == 0 ? random.nextInt() : type);
        }
        return Mp4File.joined(headers, box);
    }

    /** Puts bytes at a place; the boxes around that place grow with them. */
    private static byte[] inserted(byte[] file, List<int[]> boxes, int at, byte[] what) {
        byte[] grown = Mp4File.joined(Arrays.copyOf(file, at), what, Arrays.copyOfRange(file, at, file.length));
        for (int[] box : boxes) {
            if (box[0] < at && at <= box[1]) {
                ByteBuffer.wrap(grown).putInt(box[0], box[1] - box[0] + what.length);
            }
        }
        return grown;
    }

    private static int extreme(Random random) {
        int[] values = {0, 1, 7, 8, 9, 16, 0xffff, 1 << 24, 80_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1};
        return random.nextInt(3) == 0 ? random.nextInt() : values[random.nextInt(values.length)];
    }

    /** Begin and end of all boxes, outer ones first. */
    private static List<int[]> boxes(byte[] file) {
        List<int[]> found = new ArrayList<>();
        collect(file, 0, file.length, 0, found);
        return found;
    }

    private static void collect(byte[] file, int from, int to, int depth, List<int[]> found) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        for (int at = from; at + 8 <= to && found.size() < 5000; ) {
            long size = bytes.getInt(at) & 0xffff_ffffL;
            if (size < 8 || size > to - at) {
                return;
            }
            int end = at + (int) size;
            found.add(new int[] {at, end});
            switch (Boxes.type(file, at + 4)) {
                case "moov", "trak", "mdia", "minf", "stbl", "mvex", "moof", "traf" -> {
                    if (depth < 12) {
                        collect(file, at + 8, end, depth + 1, found);
                    }
                }
                case "stsd" -> collect(file, Math.min(end, at + 16), end, depth + 1, found);
                default -> {
                    // No box inside.
                }
            }
            at = end;
        }
    }
}
