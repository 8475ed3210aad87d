package io.millrace.ops.metrics;

import io.millrace.ops.status.Load;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.OperatingSystemMXBean;
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
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern VIRTUAL = Pattern.compile("VmSize:\\s+(\\d+) kB");
    private static final Pattern MOST_FILES = Pattern.compile("Max open files\\s+(\\d+) ");
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
        Load.now()
                .residentBytes()
                .ifPresent(bytes -> one(
                        out, base, "process_resident_memory_bytes", "gauge", "Resident memory in bytes.", bytes));
        read(() -> figure(STATUS, VIRTUAL))
                .ifPresent(kib -> one(
                        out, base, "process_virtual_memory_bytes", "gauge", "Virtual memory in bytes.", kib * KIB));
        read(ProcessGauges::openFiles)
                .ifPresent(files -> one(out, base, "process_open_fds", "gauge", "Open file descriptors.", files));
        read(() -> figure(LIMITS, MOST_FILES))
                .ifPresent(files -> one(
                        out, base, "process_max_fds", "gauge", "File descriptors that may be open.", files));
        memory(out, base);
        collections(out, base);
        load(out, base);
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
        out.sample("jvm_memory_used_bytes", with(base, "area", "heap"), memory.getHeapMemoryUsage().getUsed());
        out.sample("jvm_memory_used_bytes", with(base, "area", "nonheap"), memory.getNonHeapMemoryUsage().getUsed());
        out.family("jvm_memory_max_bytes", "gauge", "Memory that the JVM may use.");
        out.sample("jvm_memory_max_bytes", with(base, "area", "heap"), memory.getHeapMemoryUsage().getMax());
    }

    private static void collections(Exposition out, List<Label> base) {
        String name = "jvm_gc_collection_seconds";
        out.family(name, "summary", "Time that the JVM collected garbage.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            List<Label> labels = with(base, "gc", collector.getName());
            out.sample(name + "_sum", labels, collector.getCollectionTime() / 1e3);
            out.sample(name + "_count", labels, collector.getCollectionCount());
        }
    }

    /** Of the whole machine, in processes that want to run; the platform may not tell. */
    private static void load(Exposition out, List<Label> base) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        double average = system.getSystemLoadAverage();
        if (average >= 0) {
            one(out, base, "millrace_system_load1", "gauge", "Load average of the machine over a minute.", average);
        }
        one(out, base, "millrace_cpus", "gauge", "Processors that the node may use.", system.getAvailableProcessors());
    }

    private static List<Label> with(List<Label> base, String label, String value) {
        return Stream.concat(base.stream(), Stream.of(new Label(label, value))).toList();
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

    private static OptionalLong figure(Path file, Pattern pattern) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(file));
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    private static OptionalLong openFiles() throws IOException {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return OptionalLong.of(files.count());
        }
    }
}
