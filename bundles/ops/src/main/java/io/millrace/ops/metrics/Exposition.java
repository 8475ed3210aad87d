package io.millrace.ops.metrics;

import java.util.List;
import java.util.stream.Stream;

/**
 * Writes Prometheus' text format 0.0.4. Names go out exactly as they are given: the network's dashboards
 * have counters without {@code _total} and gauges with it.
 */
final class Exposition {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder(16 * 1024);
    private final List<Label> base;

    Exposition(List<Label> base) {
        this.base = base;
    }

    void gauge(String name, String help, double value) {
        family(name, "gauge", help).sample(name, value);
    }

    Exposition family(String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ');
        escape(help, false);
        out.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    void sample(String name, double value, Label... more) {
        sample(name, Stream.concat(base.stream(), Stream.of(more)).toList(), value);
    }

    void sample(String name, List<Label> labels, double value) {
        out.append(name);
        String separator = "{";
        for (Label label : labels) {
            out.append(separator).append(label.name()).append("=\"");
            escape(label.value(), true);
            out.append('"');
            separator = ",";
        }
        out.append(labels.isEmpty() ? " " : "} ").append(number(value)).append('\n');
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private void escape(String text, boolean quoted) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(quoted ? "\\\"" : "\"");
                default -> out.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
