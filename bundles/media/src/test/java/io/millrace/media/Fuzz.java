package io.millrace.media;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/**
 * Runs a parser on many inputs that are each made from a number, so that a failure can be run again. The suite runs a
 * fixed number of them; {@code -Dmillrace.fuzz.cases=N} runs N of each instead, for hours where that is wanted, and
 * {@code -Dmillrace.fuzz.first=N} begins with another.
 */
public final class Fuzz {

    private static final long CASES = Long.getLong("millrace.fuzz.cases", 0);
    private static final long FIRST = Long.getLong("millrace.fuzz.first", 0);

    private Fuzz() {}

    /** One input: made with {@code random}, given to the parser, and what must hold asserted. */
    @FunctionalInterface
    public interface Case {

        /** Whether the parser took it. */
        boolean isTaken(Random random) throws Exception;
    }

    /**
     * Runs so many cases; whatever is thrown names the number that it can be run again with. Of many cases at least
     * one in a hundred must be taken: inputs that fail at the first check prove nothing.
     */
    public static void run(int cases, Case test) {
        long count = CASES > 0 ? CASES : cases;
        long taken = 0;
        for (long number = FIRST; number < FIRST + count; number++) {
            try {
                taken += test.isTaken(new Random(number)) ? 1 : 0;
            } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("case " + number + " (-Dmillrace.fuzz.first=" + number + ")", e);
            }
        }
        if (count >= 100 && taken * 100 < count) {
            throw new AssertionError("only " + taken + " of " + count + " cases were taken");
        }
    }

    /** Bytes with some of them changed, parts repeated, left out, moved, and numbers at their limits. */
    public static byte[] mutated(byte[] bytes, Random random, int longest) {
        byte[] now = bytes;
        for (int rounds = 1 + random.nextInt(8); rounds > 0 && now.length > 0; rounds--) {
            int from = random.nextInt(now.length);
            int to = from + 1 + random.nextInt(Math.min(now.length - from, 1 << random.nextInt(12)));
            now = switch (random.nextInt(5)) {
                case 0 -> changed(now, from, random);
                case 1 -> limits(now, from, random);
                case 2 -> spliced(now, from, to, 2 + random.nextInt(1 << random.nextInt(10)), longest);
                case 3 -> spliced(now, from, to, 0, longest);
                default -> joined(Arrays.copyOfRange(now, from, now.length), Arrays.copyOf(now, from));
            };
        }
        return now;
    }

    /** The bytes with {@code [from..to)} in them so many times. */
    public static byte[] spliced(byte[] bytes, int from, int to, int times, int longest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        for (int i = 0; i < times && out.size() < longest; i++) {
            out.write(bytes, from, to - from);
        }
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    private static byte[] changed(byte[] bytes, int at, Random random) {
        byte[] now = bytes.clone();
        now[at] = (byte) random.nextInt();
        return now;
    }

    private static byte[] limits(byte[] bytes, int at, Random random) {
        byte[] now = bytes.clone();
        int value = new int[] {0, -1, 0x7f, 0x80, 1}[random.nextInt(5)];
        Arrays.fill(now, at, Math.min(now.length, at + 1 + random.nextInt(8)), (byte) value);
        return now;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
