package io.millrace.launcher.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.doctor.DoctorCommand.Node;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Java, processors, memory, disk, clock and the limits of the process. */
final class Machine {

    private static final long MIB = 1 << 20;
    private static final long ENOUGH_FILES = 8192;

    /** A job in work takes up to this much memory outside of the heap. */
    private static final long JOB_MIB = 250;

    /** Log files, which are the most of it, take up to 120 MB. */
    private static final long NEEDED_MIB = 150;

    private static final long COMFORTABLE_MIB = 1000;

    /** What the native libraries take, unpacked. */
    private static final long NATIVES_MIB = 100;

    private static final String CLOCK = "clock";
    private static final int LIMIT_SECONDS = 5;

    private Machine() {}

    static List<Finding> java(Node node) {
        return List.of(Finding.ok(
                "java",
                Runtime.version() + " (" + System.getProperty("java.vendor") + ") in "
                        + System.getProperty("java.home")));
    }

    /** What "prepare" recorded is named by the jars that it is of. */
    static List<Finding> cache(Node node) {
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
    static List<Finding> memory(Node node) {
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
        long jobs = node.has("io.millrace.ffmpeg") ? jobs(node, processors) : 0;
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

    private static long jobs(Node node, int processors) {
        try {
            int set = Integer.parseInt(node.setting("io.millrace.ffmpeg", "concurrency", "0"));
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
    static List<Finding> openFiles(Node node) {
        String pid = node.status().map(status -> "" + status.getInt("pid")).orElse("self");
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

    /** Folders that must be writable, and the space in them. */
    static List<Finding> disk(Node node) {
        List<Finding> findings = new ArrayList<>();
        Path data = node.data().directory();
        findings.add(folder("data folder", data, NEEDED_MIB, "name another with --data"));
        if (node.has("io.millrace.ffmpeg")) {
            long needed = isEmpty(node.natives()) ? NATIVES_MIB : 0;
            findings.add(folder(
                    "native code", node.natives(), needed, "set cacheDirectory of io.millrace.ffmpeg to another"));
        }
        return findings;
    }

    private static Finding folder(String what, Path folder, long needed, String advice) {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            return Finding.fail(what, existing + " cannot be written", "make it writable for this user, or " + advice);
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace() / MIB;
            String says = folder + ", " + free + " MB free";
            return free < needed
                    ? Finding.fail(what, says, needed + " MB are needed: free some space, or " + advice)
                    : free < COMFORTABLE_MIB ? Finding.warn(what, says, "free some space") : Finding.ok(what, says);
        } catch (IOException e) {
            return Finding.warn(what, folder + ": its free space cannot be seen (" + e.getMessage() + ")", "look at it");
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    /** The clock, as far as this machine alone can tell: no time server is asked. */
    static List<Finding> clock(Node node) throws InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String says = now + " (" + ZoneId.systemDefault() + ")";
        if (now.isBefore(built(node.home()))) {
            return List.of(Finding.fail(
                    CLOCK, says + " is before this version was built", "set it: certificates and tokens depend on it"));
        }
        return List.of(switch (synchronization()) {
            case "yes" -> Finding.ok(CLOCK, says + ", kept right by the system");
            case "no" -> Finding.warn(
                    CLOCK, says + ", and nothing keeps it right", "timedatectl set-ntp true, or install chrony");
            default -> Finding.ok(CLOCK, says + "; whether something keeps it right cannot be seen from here");
        });
    }

    private static Instant built(DistributionFolder home) {
        try {
            return Files.getLastModifiedTime(home.directory().resolve("lib/millrace-distribution.jar"))
                    .toInstant();
        } catch (IOException e) {
            return Instant.MIN;
        }
    }

    /** What systemd says, where it is there: yes, no, or nothing. */
    private static String synchronization() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("timedatectl", "show", "--property=NTPSynchronized", "--value")
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
