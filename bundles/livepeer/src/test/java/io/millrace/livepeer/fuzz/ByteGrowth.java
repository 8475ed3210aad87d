package io.millrace.livepeer.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Bytes without a structure: cut, changed, and pieces of them repeated. */
public final class ByteGrowth implements Fuzz.Growth {

    @Override
    public byte[] of(byte[] input, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(input, random.nextInt(input.length + 1));
            case 1 -> {
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case 2 -> repeated(input, random);
            default -> {
                byte[] bytes = input.clone();
                for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                yield bytes;
            }
        };
    }

    private static byte[] repeated(byte[] input, Random random) {
        int from = random.nextInt(input.length + 1);
        int length = random.nextInt(Math.min(64, input.length - from) + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, 0, from);
        for (int n = 1 << random.nextInt(11); n > 0; n--) {
            out.write(input, from, length);
        }
        out.write(input, from, input.length - from);
        return out.toByteArray();
    }
}
