package io.millrace.ops.metrics;

import io.millrace.ops.status.Load;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
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

    static void write(Exposition out) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration().ifPresent(cpu -> out.family(
                        "process_cpu_seconds_total", "counter", "CPU time in seconds.")
                .sample("process_cpu_seconds_total", cpu.toNanos() / 1e9));
        info.startInstant().ifPresent(start ->
                out.gauge("process_start_time_seconds", "Start since the epoch in seconds.", start.toEpochMilli() / 1e3));
        Load.now().residentBytes().ifPresent(bytes ->
                out.gauge("process_resident_memory_bytes", "Resident memory in bytes.", bytes));
        read(() -> figure(STATUS, VIRTUAL)).ifPresent(kib ->
                out.gauge("process_virtual_memory_bytes", "Virtual memory in bytes.", kib * KIB));
        read(ProcessGauges::openFiles).ifPresent(files ->
                out.gauge("process_open_fds", "Open file descriptors.", files));
        read(() -> figure(LIMITS, MOST_FILES)).ifPresent(files ->
                out.gauge("process_max_fds", "File descriptors that may be open.", files));
        memory(out);
        collections(out);
        load(out);
        out.gauge(
                "jvm_threads_current",
                "Platform threads that run.",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static void memory(Exposition out) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        Label heap = new Label("area", "heap");
        out.family("jvm_memory_used_bytes", "gauge", "Memory that the JVM uses.");
        out.sample("jvm_memory_used_bytes", memory.getHeapMemoryUsage().getUsed(), heap);
        out.sample("jvm_memory_used_bytes", memory.getNonHeapMemoryUsage().getUsed(), new Label("area", "nonheap"));
        out.family("jvm_memory_max_bytes", "gauge", "Memory that the JVM may use.");
        out.sample("jvm_memory_max_bytes", memory.getHeapMemoryUsage().getMax(), heap);
    }

    private static void collections(Exposition out) {
        String name = "jvm_gc_collection_seconds";
        out.family(name, "summary", "Time that the JVM collected garbage.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Label gc = new Label("gc", collector.getName());
            out.sample(name + "_sum", collector.getCollectionTime() / 1e3, gc);
            out.sample(name + "_count", collector.getCollectionCount(), gc);
        }
    }

    /** Of the whole machine, in processes that want to run; the platform may not tell. */
    private static void load(Exposition out) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        double average = system.getSystemLoadAverage();
        if (average >= 0) {
            out.gauge("millrace_system_load1", "Load average of the machine over a minute.", average);
        }
        out.gauge("millrace_cpus", "Processors that the node may use.", system.getAvailableProcessors());
    }

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
