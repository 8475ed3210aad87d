package io.millrace.wallet.curve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A key that is closed is gone. */
class WipedKeyTest {

    private static final byte[] SECRET = secret();

    private static byte[] secret() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 0x5a);
        return secret;
    }

    /** Looks at its memory when that is given back. */
    private static final class Watched implements Arena {

        private final Arena arena = Arena.ofShared();
        private MemorySegment memory;
        private byte[] left;

        @Override
        public MemorySegment allocate(long size, long alignment) {
            memory = arena.allocate(size, alignment);
            return memory;
        }

        @Override
        public MemorySegment.Scope scope() {
            return arena.scope();
        }

        byte[] now() {
            return memory.toArray(ValueLayout.JAVA_BYTE);
        }

        @Override
        public void close() {
            left = now();
            arena.close();
        }
    }

    @Test
    void closingOverwritesTheNativeMemoryBeforeItIsGivenBack() {
        Watched memory = new Watched();
        Curve.SigningKey key = ((NativeCurve) TestCurves.NATIVE).key(SECRET, memory);
        assertArrayEquals(SECRET, memory.now());
        key.close();
        assertArrayEquals(new byte[32], memory.left);
        key.close();
    }

    @Test
    void whatIsNoKeyIsWipedToo() {
        Watched memory = new Watched();
        byte[] none = new byte[32];
        Arrays.fill(none, (byte) 0xff);
        assertThrows(
                IllegalArgumentException.class, () -> ((NativeCurve) TestCurves.NATIVE).key(none, memory));
        assertArrayEquals(new byte[32], memory.left);
    }

    @Test
    void aClosedKeySignsNothing() {
        for (Curve curve : List.of(TestCurves.NATIVE, TestCurves.JAVA)) {
            Curve.SigningKey key = curve.key(SECRET);
            key.close();
            assertThrows(IllegalStateException.class, () -> key.sign(new byte[32]), curve.name());
        }
    }

    @Test
    void noTextOfAKeyShowsIt() {
        for (Curve curve : List.of(TestCurves.NATIVE, TestCurves.JAVA)) {
            String text = curve.key(SECRET) + " " + curve;
            assertFalse(text.contains("5a5a"), text);
        }
    }

    @Test
    void closingWaitsForSignaturesThatAreBeingMade() throws Exception {
        byte[] digest = new byte[32];
        byte[] right;
        try (Curve.SigningKey key = TestCurves.NATIVE.key(SECRET)) {
            right = key.sign(digest);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 50; round++) {
                Curve.SigningKey key = TestCurves.NATIVE.key(SECRET);
                CountDownLatch signing = new CountDownLatch(4);
                List<Future<Integer>> wrong = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    wrong.add(threads.submit(() -> signUntilClosed(key, digest, right, signing)));
                }
                signing.await();
                key.close();
                for (Future<Integer> each : wrong) {
                    assertEquals(0, each.get());
                }
            }
        }
    }

    private static int signUntilClosed(Curve.SigningKey key, byte[] digest, byte[] right, CountDownLatch signing) {
        int wrong = 0;
        try {
            while (true) {
                wrong += Arrays.equals(right, key.sign(digest)) ? 0 : 1;
                signing.countDown();
            }
        } catch (IllegalStateException e) {
            signing.countDown();
            return wrong;
        }
    }
}
