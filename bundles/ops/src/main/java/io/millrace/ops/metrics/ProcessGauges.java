package io.millrace.ops.metrics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The process itself, under the usual names. What the platform does not tell is left out. */
final class ProcessGauges {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final long KIB = 1024;

    private ProcessGauges() {}

    static void write(Exposition out, List<Label> base) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration().ifPresent(cpu -> one(
                out, base, "process_cpu_seconds_total", "counter", "CPU time in seconds.", cpu.toNanos() / 1e9));
        info.startInstant().ifPresent(start -> one(
                out,
                base,
                "process_start_time_seconds",
                "gauge",
                "Start since the epoch in seconds.",
                Duration.ofMillis(start.toEpochMilli()).toMillis() / 1e3));
        read(ProcessGauges::resident)
                .ifPresent(bytes -> one(
                        out, base, "process_resident_memory_bytes", "gauge", "Resident memory in bytes.", bytes));
        read(ProcessGauges::openFiles)
                .ifPresent(files -> one(out, base, "process_open_fds", "gauge", "Open file descriptors.", files));
        memory(out, base);
        one(
                out,
                base,
                "jvm_threads_current",
                "gauge",
                "Platform threads that run.",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static void memory(Exposition out, List<Label> base) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        out.family("jvm_memory_used_bytes", "gauge", "Memory that the JVM uses.");
        out.sample("jvm_memory_used_bytes", area(base, "heap"), memory.getHeapMemoryUsage().getUsed());
        out.sample("jvm_memory_used_bytes", area(base, "nonheap"), memory.getNonHeapMemoryUsage().getUsed());
        out.family("jvm_memory_max_bytes", "gauge", "Memory that the JVM may use.");
        out.sample("jvm_memory_max_bytes", area(base, "heap"), memory.getHeapMemoryUsage().getMax());
    }

    private static List<Label> area(List<Label> base, String area) {
        return Stream.concat(base.stream(), Stream.of(new Label("area", area))).toList();
    }

    private static void one(Exposition out, List<Label> base, String name, String type, String help, double value) {
        out.family(name, type, help).sample(name, base, value);
    }

    /** A figure of the platform's that may not be there. */
    private interface Figure {
        OptionalLong read() throws IOException;
    }

    private static OptionalLong read(Figure figure) {
        try {
            return figure.read();
        } catch (IOException notThisPlatform) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong resident() throws IOException {
        Matcher matcher = RESIDENT.matcher(Files.readString(STATUS));
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1)) * KIB) : OptionalLong.empty();
    }

    private static OptionalLong openFiles() throws IOException {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return OptionalLong.of(files.count());
        }
    }
}
