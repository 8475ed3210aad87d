package io.millrace.itests.framework;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a process holds when it is idle.
 *
 * @param threads platform threads by name, numbers left out
 * @param descriptors open files and sockets by what they lead to, numbers left out
 * @param nativeMegabytes resident memory without the Java heap
 */
record Footprint(Map<String, Long> threads, Map<String, Long> descriptors, long nativeMegabytes) {

    /** More than a server keeps a connection on which nothing happens: {@code idleTimeoutSeconds}, 120. */
    private static final Duration SETTLING = Duration.ofSeconds(150);
    private static final long MEGABYTE = 1 << 20;
    private static final long KILOBYTE = 1 << 10;

    /** As it is now, after a collection. */
    static Footprint now() {
        System.gc();
        return new Footprint(liveThreads(), openFiles(), resident() - heap());
    }

    /** As it is once it holds no more than {@code before} and the allowance, or after a while. */
    static Footprint settled(Footprint before, long allowedMegabytes) {
        Footprint[] last = {now()};
        Wait.within(SETTLING, () -> {
            last[0] = now();
            return last[0].moreThreadsThan(before).isEmpty()
                    && last[0].moreDescriptorsThan(before).isEmpty()
                    && last[0].nativeMegabytes <= before.nativeMegabytes + allowedMegabytes;
        });
        return last[0];
    }

    /** Threads that are there now and were not before. */
    Map<String, Long> moreThreadsThan(Footprint before) {
        return more(threads, before.threads);
    }

    /** Files and sockets that are open now and were not before. */
    Map<String, Long> moreDescriptorsThan(Footprint before) {
        return more(descriptors, before.descriptors);
    }

    private static Map<String, Long> more(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> more = new TreeMap<>(now);
        more.replaceAll((name, count) -> count - before.getOrDefault(name, 0L));
        more.values().removeIf(count -> count <= 0);
        return more;
    }

    private static Map<String, Long> liveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName().replaceAll("[0-9a-fx]*[0-9]+", "#"))
                // the virtual threads' carriers and the pool's spare ones come and go by themselves
                .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("VirtualThread"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> openFiles() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.flatMap(Footprint::target)
                    .map(target -> target.replaceAll("[0-9]+", "#"))
                    .collect(Collectors.groupingBy(target -> target, TreeMap::new, Collectors.counting()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            // it was the one of this listing, or was closed meanwhile
            return Stream.empty();
        }
    }

    private static long resident() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow()
                    * KILOBYTE
                    / MEGABYTE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        return memory.getHeapMemoryUsage().getCommitted() / MEGABYTE;
    }
}
