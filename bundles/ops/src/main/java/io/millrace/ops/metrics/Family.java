package io.millrace.ops.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * All series of one name. Thread-safe. Bounded: label values beyond {@link #SERIES} series are counted
 * together as {@value #REST}, so that names chosen by strangers cannot fill the memory.
 */
abstract class Family<S> {

    static final int SERIES = 200;

    static final int VALUE = 200;

    static final String REST = "other";

    private final String name;
    private final String type;
    private final String help;
    private final List<String> labelNames;
    private final Supplier<S> fresh;
    private final Map<List<String>, S> series = new ConcurrentHashMap<>();

    Family(String name, String type, String help, List<String> labelNames, Supplier<S> fresh) {
        this.name = name;
        this.type = type;
        this.help = help;
        this.labelNames = labelNames;
        this.fresh = fresh;
        if (labelNames.isEmpty()) {
            series.put(List.of(), fresh.get());
        }
    }

    final S series(String... values) {
        if (values.length != labelNames.size()) {
            throw new IllegalArgumentException(name + " has the labels " + labelNames);
        }
        List<String> key = Arrays.stream(values).map(Family::shortened).toList();
        S known = series.get(key);
        if (known != null) {
            return known;
        }
        synchronized (series) {
            List<String> bounded = series.size() < SERIES ? key : key.stream().map(value -> REST).toList();
            return series.computeIfAbsent(bounded, ignored -> fresh.get());
        }
    }

    final void write(Exposition out) {
        if (series.isEmpty()) {
            return;
        }
        out.family(name, type, help);
        series.forEach((values, one) -> {
            Label[] labels = new Label[values.size()];
            Arrays.setAll(labels, i -> new Label(labelNames.get(i), values.get(i)));
            write(out, name, labels, one);
        });
    }

    abstract void write(Exposition out, String name, Label[] labels, S one);

    private static String shortened(String value) {
        return value.length() <= VALUE ? value : value.substring(0, VALUE);
    }
}
