package io.millrace.launcher.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Java, processors, memory and the limits of the process. */
final class Machine {

    private static final long MIB = 1 << 20;
    private static final long ENOUGH_FILES = 8192;

    /** A job in work takes up to this much memory outside of the heap. */
    private static final long JOB_MIB = 250;

    private Machine() {}

    static List<Finding> java(Patient patient) {
        return List.of(Finding.ok(
                "java",
                Runtime.version() + " (" + System.getProperty("java.vendor") + ") in "
                        + System.getProperty("java.home")));
    }

    /** What "prepare" recorded is named by the jars that it is of. */
    static List<Finding> cache(Patient patient) {
        String cache = System.getProperty("millrace.cache", "");
        return List.of(
                Files.isReadable(Path.of(cache))
                        ? Finding.ok("start", "prepared for this version: " + cache)
                        : Finding.warn(
                                "start",
                                "not prepared for this version, so starts take longer",
                                "bin/millrace prepare"));
    }

    /** Memory and processors as the process may use them: limits of a container count. */
    static List<Finding> memory(Patient patient) {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int processors = system.getAvailableProcessors();
        long total = system.getTotalMemorySize() / MIB;
        String heapText = Optional.ofNullable(System.getenv("MILLRACE_HEAP")).orElse("1g");
        Optional<Long> heap = mebibytes(heapText);
        String says = total + " MB for " + processors + " processors";
        if (heap.isEmpty()) {
            return List.of(Finding.fail(
                    "memory", "MILLRACE_HEAP is '" + heapText + "'", "give it a size such as 512m or 2g"));
        }
        long jobs = patient.has("io.millrace.ffmpeg") ? jobs(patient, processors) : 0;
        long wanted = heap.get() + jobs * JOB_MIB;
        if (total < heap.get()) {
            return List.of(Finding.fail(
                    "memory",
                    says + ", and the heap alone may take " + heap.get() + " MB",
                    "more memory, or a smaller MILLRACE_HEAP"));
        }
        return List.of(
                total < wanted
                        ? Finding.warn(
                                "memory",
                                says + "; under full load a node takes up to " + wanted + " MB (heap " + heap.get() + ", "
                                        + jobs + " jobs at once)",
                                "set concurrency of io.millrace.ffmpeg lower, or give MILLRACE_HEAP less than " + heapText)
                        : Finding.ok("memory", says + "; a node takes up to " + wanted));
    }

    private static long jobs(Patient patient, int processors) {
        try {
            int set = Integer.parseInt(patient.setting("io.millrace.ffmpeg", "concurrency", "0"));
            return set > 0 ? set : processors + 1;
        } catch (NumberFormatException e) {
            return processors + 1;
        }
    }

    private static Optional<Long> mebibytes(String size) {
        String lower = size.toLowerCase(Locale.ROOT);
        try {
            long number = Long.parseLong(lower.replaceFirst("[kmgt]$", ""));
            return Optional.of(switch (lower.charAt(lower.length() - 1)) {
                case 'k' -> number / 1024;
                case 'm' -> number;
                case 'g' -> number * 1024;
                case 't' -> number * 1024 * 1024;
                default -> number / MIB;
            });
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Of the node where it runs, else of this process, which has what a node started here would have. */
    static List<Finding> openFiles(Patient patient) {
        String pid = patient.status().map(status -> "" + status.getInt("pid")).orElse("self");
        Path limits = Path.of("/proc", pid, "limits");
        try {
            String line = Files.readAllLines(limits).stream()
                    .filter(each -> each.startsWith("Max open files"))
                    .findFirst()
                    .orElse("");
            String[] words = line.split("\\s+");
            String limit = words.length > 3 ? words[3] : "unlimited";
            boolean few = !limit.equals("unlimited") && Long.parseLong(limit) < ENOUGH_FILES;
            return List.of(
                    few
                            ? Finding.warn(
                                    "open files",
                                    "at most " + limit + ", and each connection takes one",
                                    "ulimit -n 65536 before the start, or LimitNOFILE=65536 in a systemd unit")
                            : Finding.ok("open files", "at most " + limit));
        } catch (IOException | NumberFormatException e) {
            return List.of(Finding.ok("open files", "the limit cannot be seen on this system"));
        }
    }
}
