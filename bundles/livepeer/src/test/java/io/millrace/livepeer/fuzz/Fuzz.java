package io.millrace.livepeer.fuzz;

import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Feeds a parser with inputs that grow out of good ones. Each case has its seed, so that it can be run again.
 * {@code -Dmillrace.fuzz.cases=N} tries more, {@code -Dmillrace.fuzz.first=N} others.
 */
public final class Fuzz {

    private static final int CASES = Integer.getInteger("millrace.fuzz.cases", 500);
    private static final int FIRST = Integer.getInteger("millrace.fuzz.first", 0);
    /** More than a stranger may send at once to any of these parsers. */
    private static final int MAX_INPUT = 1 << 20;
    private static final int HANGS_SECONDS = 60;

    /** Makes an input into another one. */
    @FunctionalInterface
    public interface Growth {

        /** Another input. */
        byte[] of(byte[] input, Random random);
    }

    /** Reads an input. */
    @FunctionalInterface
    public interface Parsing {

        /** Reads it or refuses it. */
        void of(byte[] input) throws Exception;
    }

    private Fuzz() {}

    /** Whatever is fed is read or refused by one of {@code refusals}; nothing else is thrown, and no case hangs. */
    public static void run(Growth growth, Set<Class<? extends Exception>> refusals, Parsing parsing, byte[]... seeds) {
        ExecutorService worker = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        try {
            for (int i = FIRST; i < FIRST + CASES; i++) {
                int seed = i;
                run(seed, worker.submit(() -> one(seed, growth, refusals, parsing, seeds)));
            }
        } finally {
            worker.shutdownNow();
        }
    }

    private static void run(int seed, Future<Optional<Throwable>> test) {
        Optional<Throwable> wrong;
        try {
            wrong = test.get(HANGS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            wrong = Optional.of(e);
        }
        if (wrong.isPresent()) {
            throw new AssertionError(
                    "again with -Dmillrace.fuzz.cases=1 -Dmillrace.fuzz.first=" + seed, wrong.get());
        }
    }

    private static Optional<Throwable> one(
            int seed, Growth growth, Set<Class<? extends Exception>> refusals, Parsing parsing, byte[][] seeds) {
        Random random = new Random(seed);
        byte[] input = seeds[random.nextInt(seeds.length)];
        for (int n = random.nextInt(4); n >= 0 && input.length < MAX_INPUT; n--) {
            input = growth.of(input, random);
        }
        try {
            parsing.of(input);
            return Optional.empty();
        } catch (Throwable e) {
            return refusals.stream().anyMatch(refusal -> refusal.isInstance(e)) ? Optional.empty() : Optional.of(e);
        }
    }
}
