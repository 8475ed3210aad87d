package io.millrace.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.millrace.api.value.Bytes;
import io.millrace.wallet.curve.TestCurves;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dump of the heap shows while an account is unlocked. */
class HeapTest {

    @TempDir
    Path folder;

    @Test
    void neitherTheKeyNorThePasswordIsInTheHeap() throws Exception {
        // Both are built here of what is not in the heap as such.
        byte[] password = flipped("}qllq3+}plm{*fgpzs+f".getBytes(StandardCharsets.US_ASCII));
        Path file = NewAccount.create(TestCurves.NATIVE, folder, password, Instant.EPOCH);
        Path secret = Files.write(folder.resolve("password"), password);
        byte[] hidden = flipped(password);
        Arrays.fill(password, (byte) 0);
        LockedAccount account = LockedAccount.of(file.toString(), "", "file:" + secret, "").orElseThrow();
        byte[] hiddenKey = flipped(account.file().decrypt(Files.readAllBytes(secret)));
        KeystoreWallet wallet = account.unlock(TestCurves.NATIVE);
        byte[] control = "this is found in the heap".getBytes(StandardCharsets.US_ASCII);

        Path dump = folder.resolve("heap.hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
        byte[] heap = Files.readAllBytes(dump);

        assertTrue(count(heap, flipped(control)) > 0, "the search finds what is there");
        assertEquals(0, count(heap, hidden), "the password");
        assertEquals(0, count(heap, hiddenKey), "the key");
        assertEquals(65, wallet.sign(Bytes.wrap(new byte[32])).size());
        assertEquals(25, control.length);
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] flipped = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            flipped[i] = (byte) ~bytes[i];
        }
        return flipped;
    }

    /** How often that is there whose bits are all turned round. */
    private static int count(byte[] heap, byte[] flipped) {
        int count = 0;
        for (int at = 0; at + flipped.length <= heap.length; at++) {
            int i = 0;
            while (i < flipped.length && heap[at + i] == (byte) ~flipped[i]) {
                i++;
            }
            count += i == flipped.length ? 1 : 0;
        }
        return count;
    }
}
