package io.millrace.ops.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processor time and memory that the process uses.
 *
 * @param cpu time of all processors together since the start; empty where the platform does not tell
 * @param processors how many it may use
 * @param residentBytes memory; empty where the platform does not tell
 */
public record Load(Optional<Duration> cpu, int processors, OptionalLong residentBytes) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final long KIB = 1024;

    public static Load now() {
        return new Load(
                ProcessHandle.current().info().totalCpuDuration(),
                Runtime.getRuntime().availableProcessors(),
                resident());
    }

    private static OptionalLong resident() {
        try {
            Matcher matcher = RESIDENT.matcher(Files.readString(STATUS));
            return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1)) * KIB) : OptionalLong.empty();
        } catch (IOException notThisPlatform) {
            return OptionalLong.empty();
        }
    }

    /** For JSON; what is not known is null. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("cpuMillis", cpu.map(Duration::toMillis));
        map.put("processors", processors);
        map.put("residentBytes", residentBytes.isPresent() ? residentBytes.getAsLong() : null);
        return map;
    }
}
