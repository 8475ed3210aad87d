package io.millrace.ffmpeg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Changes the boxes of MP4 files into such as no muxer would write. */
final class Mp4Boxes {

    private static final Set<String> PARENTS =
            Set.of("moov", "trak", "mdia", "minf", "stbl", "edts", "mvex", "moof", "traf", "udta");

    private Mp4Boxes() {}

    /** Writes numbers into the content of the first box of that name. */
    static byte[] with(byte[] file, String box, int offset, int... numbers) {
        byte[] changed = file.clone();
        ByteBuffer content = ByteBuffer.wrap(changed).position(at(file, box) + 4 + offset);
        for (int number : numbers) {
            content.putInt(number);
        }
        return changed;
    }

    /** Puts a box behind the header of the first box of that name, which grows with those around it. */
    static byte[] inside(byte[] file, String box, byte[] what) {
        return inserted(file, all(file), at(file, box) + 4, what);
    }

    static byte[] box(String name, byte[]... content) {
        byte[] all = joined(content);
        return ByteBuffer.allocate(8 + all.length)
                .putInt(8 + all.length)
                .put(name.getBytes(StandardCharsets.ISO_8859_1))
                .put(all)
                .array();
    }

    static byte[] ints(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
        Arrays.stream(numbers).forEach(bytes::putInt);
        return bytes.array();
    }

    static byte[] joined(byte[]... parts) {
        return SourceTest.joined(parts);
    }

    static byte[] repeated(int times, byte[] what) {
        byte[] all = new byte[times * what.length];
        for (int i = 0; i < times; i++) {
            System.arraycopy(what, 0, all, i * what.length, what.length);
        }
        return all;
    }

    /** One change of structure at random: a box repeated, nested, moved into another, with another size or number. */
    static byte[] grown(byte[] file, Random random) {
        List<int[]> boxes = all(file);
        if (boxes.isEmpty()) {
            return file;
        }
        int[] box = boxes.get(random.nextInt(boxes.size()));
        byte[] whole = Arrays.copyOfRange(file, box[0], box[1]);
        byte[] changed = file.clone();
        return switch (random.nextInt(5)) {
            case 0 -> inserted(file, boxes, box[0], repeated(1 + random.nextInt(50), whole));
            case 1 -> inserted(file, boxes, box[0], nested(whole, 1 + random.nextInt(200)));
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

    private static byte[] nested(byte[] box, int depth) {
        ByteBuffer headers = ByteBuffer.allocate(8 * depth);
        for (int i = 0; i < depth; i++) {
            headers.putInt(box.length + 8 * (depth - i)).putInt(ByteBuffer.wrap(box).getInt(4));
        }
        return joined(headers.array(), box);
    }

    private static byte[] inserted(byte[] file, List<int[]> boxes, int at, byte[] what) {
        byte[] grown = joined(Arrays.copyOf(file, at), what, Arrays.copyOfRange(file, at, file.length));
        for (int[] box : boxes) {
            if (box[0] < at && at <= box[1]) {
                ByteBuffer.wrap(grown).putInt(box[0], box[1] - box[0] + what.length);
            }
        }
        return grown;
    }

    private static int extreme(Random random) {
        int[] numbers = {0, 1, 7, 8, 9, 16, 0xffff, 1 << 24, 80_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1};
        return random.nextInt(3) == 0 ? random.nextInt() : numbers[random.nextInt(numbers.length)];
    }

    /** Where the name of the first such box stands. */
    private static int at(byte[] file, String box) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(box);
    }

    private static List<int[]> all(byte[] file) {
        List<int[]> found = new ArrayList<>();
        collect(file, 0, file.length, 0, found);
        return found;
    }

    private static void collect(byte[] file, int from, int to, int depth, List<int[]> found) {
        for (int at = from; at + 8 <= to && found.size() < 5000; ) {
            long size = ByteBuffer.wrap(file).getInt(at) & 0xffff_ffffL;
            if (size < 8 || size > to - at) {
                return;
            }
            int end = at + (int) size;
            found.add(new int[] {at, end});
            if (depth < 12 && PARENTS.contains(new String(file, at + 4, 4, StandardCharsets.ISO_8859_1))) {
                collect(file, at + 8, end, depth + 1, found);
            }
            at = end;
        }
    }
}
