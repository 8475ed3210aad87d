package io.millrace.ops.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A strict reader of the text format: what is not in the grammar fails. */
final class PrometheusText {

    private static final Pattern COMMENT =
            Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

    final Map<String, String> types = new TreeMap<>();

    /** Values by {@code name{labels}}, labels in order of their names. */
    final Map<String, Double> samples = new LinkedHashMap<>();

    PrometheusText(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        text.lines().forEach(this::line);
    }

    private void line(String line) {
        Matcher comment = COMMENT.matcher(line);
        if (comment.matches()) {
            if (comment.group(1).equals("TYPE") && types.put(comment.group(2), comment.group(3)) != null) {
                throw new AssertionError("a second family " + line);
            }
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("neither comment nor sample: " + line);
        }
        String family = sample.group(1).replaceAll("_(bucket|sum|count)$", "");
        if (!types.containsKey(sample.group(1)) && !List.of("histogram", "summary").contains(types.getOrDefault(family, ""))) {
            throw new AssertionError("a sample without its family: " + line);
        }
        Map<String, String> labels = sample.group(3) == null ? Map.of() : labels(sample.group(3));
        double value = sample.group(4).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(sample.group(4));
        if (samples.put(sample.group(1) + labels, value) != null) {
            throw new AssertionError("twice: " + line);
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (label.find() && label.start() == end) {
            labels.put(label.group(1), label.group(2).replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\"));
            end = label.end();
        }
        if (end != text.length()) {
            throw new AssertionError("bad labels: " + text);
        }
        return labels;
    }

    /** The value of a sample with these labels beside the node's own. */
    double value(String name, String... labels) {
        Map<String, String> all = new TreeMap<>(Map.of("node_id", "host", "node_type", "bctr"));
        for (int i = 0; i < labels.length; i += 2) {
            all.put(labels[i], labels[i + 1]);
        }
        Double value = samples.get(name + all);
        if (value == null) {
            throw new AssertionError("no " + name + all + " among " + samples.keySet().stream()
                    .filter(key -> key.startsWith(name)).toList());
        }
        return value;
    }
}
