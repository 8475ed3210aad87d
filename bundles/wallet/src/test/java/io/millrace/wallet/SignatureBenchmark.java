package io.millrace.wallet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.wallet.curve.BareLibrary;
import io.millrace.wallet.curve.TestCurves;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Signatures a second of processor time, on one thread: by libsecp256k1 alone, by the wallet around it, and by the
 * wallet with Bouncy Castle. Not part of the suite:
 *
 * <pre>mvn -pl bundles/wallet test -Dtest=SignatureBenchmark -DexcludedGroups= -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("long")
class SignatureBenchmark {

    private static final int WARM_UP = 100;
    private static final int ROUNDS = 200;
    private static final long ROUND_NANOS = 25_000_000;
    private static final byte[] KEY =
            HexFormat.of().parseHex("7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6");

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static int sink;

    @Test
    void signaturesASecond() throws Throwable {
        KeystoreWallet wallet = new KeystoreWallet(TestCurves.NATIVE, TestCurves.NATIVE.key(KEY));
        KeystoreWallet fallback = new KeystoreWallet(TestCurves.JAVA, TestCurves.JAVA.key(KEY));
        Bytes random = Bytes.wrap(new byte[32]);
        TicketParams params = new TicketParams(
                wallet.address(),
                BigInteger.valueOf(1_200_000_000_000_000L),
                new BigInteger("00006fd91d84bcda58175fdfab3d77a168e2893e4958803b6b57ae84efcbf000", 16),
                Keccak256.of(random),
                BigInteger.ONE,
                BigInteger.valueOf(20_000_040),
                4253,
                Keccak256.of(Bytes.utf8("a block")));
        Ticket ticket = new Ticket(wallet.address(), params, 600);
        Bytes hash = ticket.hash();
        Bytes signature = wallet.sign(hash);
        byte[] digest = Ticket.signedDigest(hash).toArray();
        byte[] bytes = signature.toArray();
        BareLibrary bare = new BareLibrary(digest, bytes, KEY);

        Map<String, IntSupplier> subjects = new LinkedHashMap<>();
        subjects.put("recover, library alone", () -> bare.recover(bytes[64]));
        subjects.put("recover, NativeCurve", () -> TestCurves.NATIVE.recover(digest, bytes)[0]);
        subjects.put("verify, wallet", () -> wallet.verify(wallet.address(), hash, signature) ? 1 : 0);
        subjects.put(
                "hash, verify and draw a ticket",
                () -> wallet.verify(wallet.address(), ticket.hash(), signature) && ticket.wins(signature, random) ? 1 : 0);
        subjects.put("sign, library alone", bare::sign);
        subjects.put("sign, wallet", () -> wallet.sign(hash).size());
        subjects.put("verify, Bouncy Castle", () -> fallback.verify(wallet.address(), hash, signature) ? 1 : 0);
        subjects.put("sign, Bouncy Castle", () -> fallback.sign(hash).size());

        Map<String, double[]> found = measured(subjects);
        found.forEach((name, rates) -> say("%-32s %8.0f a second of processor time", name, median(rates.clone())));
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ratios[round] = found.get("hash, verify and draw a ticket")[round]
                    / found.get("recover, library alone")[round];
        }
        double ratio = median(ratios);
        say("a whole ticket beside the library alone: %.3f (quartiles %.3f and %.3f)",
                ratio, ratios[ROUNDS / 4], ratios[3 * ROUNDS / 4]);
        assertTrue(ratio >= 0.8, "ratio " + ratio);
    }

    /** By short turns, so that whatever else the machine does falls on all of them. */
    private static Map<String, double[]> measured(Map<String, IntSupplier> subjects) {
        Map<String, double[]> rates = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Map.Entry<String, IntSupplier> subject : subjects.entrySet()) {
                double rate = rate(subject.getValue());
                if (round >= 0) {
                    rates.computeIfAbsent(subject.getKey(), _ -> new double[ROUNDS])[round] = rate;
                }
            }
        }
        return rates;
    }

    /** Sorts them. */
    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static double rate(IntSupplier subject) {
        long begin = THREADS.getCurrentThreadCpuTime();
        long now = begin;
        int done = 0;
        while (now - begin < ROUND_NANOS) {
            for (int i = 0; i < 20; i++) {
                sink += subject.getAsInt();
            }
            done += 20;
            now = THREADS.getCurrentThreadCpuTime();
        }
        return done * 1e9 / (now - begin);
    }

    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
