package io.millrace.ops.metrics;

import java.util.Arrays;
import java.util.List;

/** A histogram: how many values were below each bound, their sum and their number. */
final class Histogram extends Family<Histogram.Spread> {

    private final double[] bounds;

    Histogram(String name, String help, double[] bounds, String... labels) {
        super(name, "histogram", help, List.of(labels), () -> new Spread(new long[bounds.length + 1]));
        this.bounds = bounds;
    }

    void observe(double value, String... labels) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        series(labels).add(bucket, value);
    }

    @Override
    void write(Exposition out, String name, Label[] labels, Spread one) {
        long[] counts;
        double sum;
        synchronized (one) {
            counts = one.counts.clone();
            sum = one.sum;
        }
        long upToHere = 0;
        for (int i = 0; i < counts.length; i++) {
            upToHere += counts[i];
            double bound = i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY;
            Label[] withBound = Arrays.copyOf(labels, labels.length + 1);
            withBound[labels.length] = new Label("le", Exposition.number(bound));
            out.sample(name + "_bucket", upToHere, withBound);
        }
        out.sample(name + "_sum", sum, labels);
        out.sample(name + "_count", upToHere, labels);
    }

    static final class Spread {
        private final long[] counts;
        private double sum;

        private Spread(long[] counts) {
            this.counts = counts;
        }

        private synchronized void add(int bucket, double value) {
            counts[bucket]++;
            sum += value;
        }
    }
}
