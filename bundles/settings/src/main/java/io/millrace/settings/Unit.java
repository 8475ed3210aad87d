package io.millrace.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keys end with the unit of their value. */
final class Unit {

    /** The longer ending first. */
    private static final Map<String, String> BY_ENDING = new LinkedHashMap<>();

    static {
        BY_ENDING.put("BytesPerSecond", "bytes a second");
        BY_ENDING.put("Megabytes", "megabytes");
        BY_ENDING.put("Bytes", "bytes");
        BY_ENDING.put("Millis", "milliseconds");
        BY_ENDING.put("Seconds", "seconds");
        BY_ENDING.put("Minutes", "minutes");
        BY_ENDING.put("Hours", "hours");
        BY_ENDING.put("Days", "days");
        BY_ENDING.put("Pixels", "pixels");
        BY_ENDING.put("Percent", "percent");
        BY_ENDING.put("Segments", "segments");
        BY_ENDING.put("Wei", "wei");
    }

    private Unit() {}

    static Optional<String> of(String key) {
        return BY_ENDING.entrySet().stream()
                .filter(entry -> key.endsWith(entry.getKey())
                        || key.equals(Character.toLowerCase(entry.getKey().charAt(0)) + entry.getKey().substring(1)))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
