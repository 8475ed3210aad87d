package io.millrace.livepeer.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** DER by its elements: nested, repeated, emptied, and with lengths that say something else than is there. */
public final class DerGrowth implements Fuzz.Growth {

    private static final int[] TAGS = {0x30, 0x31, 0x02, 0x04, 0x05, 0x06, 0x0c, 0xa0, 0x1f, 0x00, 0xff};

    private final ByteGrowth bytes = new ByteGrowth();

    @Override
    public byte[] of(byte[] input, Random random) {
        int start = element(input, random);
        if (start < 0 || random.nextInt(5) == 0) {
            return bytes.of(input, random);
        }
        int content = content(input, start);
        int end = Math.min(input.length, content + length(input, start));
        byte[] inner = Arrays.copyOfRange(input, content, end);
        byte[] changed = switch (random.nextInt(4)) {
            case 0 -> new byte[0];
            case 1 -> inner.length > 5_000 ? inner : times(inner, 1 << random.nextInt(8));
            case 2 -> nested(inner, TAGS[random.nextInt(TAGS.length)], 1 << random.nextInt(9));
            default -> of(inner, random);
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, 0, start);
        out.writeBytes(wrapped(random.nextInt(8) == 0 ? TAGS[random.nextInt(TAGS.length)] : input[start], changed, random));
        out.write(input, end, input.length - end);
        return out.toByteArray();
    }

    /** Where some element starts; negative when there is none. */
    private static int element(byte[] input, Random random) {
        int at = 0;
        for (int depth = random.nextInt(6); at >= 0 && at + 4 < input.length; depth--) {
            int content = content(input, at);
            if (depth <= 0 || content >= input.length) {
                return content > input.length ? -1 : at;
            }
            at = random.nextBoolean() ? content : Math.min(input.length, content + length(input, at));
        }
        return -1;
    }

    private static int content(byte[] input, int at) {
        int first = input[at + 1] & 0xff;
        return at + 2 + (first > 0x80 ? first & 0x7f : 0);
    }

    private static int length(byte[] input, int at) {
        int first = input[at + 1] & 0xff;
        int length = first <= 0x80 ? first : 0;
        for (int i = 0; first > 0x80 && i < Math.min(first & 0x7f, 3) && at + 2 + i < input.length; i++) {
            length = length << 8 | input[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] times(byte[] inner, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(inner);
        }
        return out.toByteArray();
    }

    private static byte[] nested(byte[] inner, int tag, int depth) {
        byte[] out = inner;
        for (int i = 0; i < depth && out.length < 60_000; i++) {
            out = wrapped(tag, out, new Random(i + 1L));
        }
        return out;
    }

    /** Mostly with the right length. */
    private static byte[] wrapped(int tag, byte[] content, Random random) {
        int said = random.nextInt(12) == 0 ? random.nextInt(1 << 24) : content.length;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (said > 0x7f || random.nextInt(12) == 0) {
            out.write(0x83);
            out.write(said >>> 16);
            out.write(said >>> 8);
        }
        out.write(said);
        out.writeBytes(content);
        return out.toByteArray();
    }
}
