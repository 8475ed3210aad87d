package io.millrace.ops.metrics;

import java.util.ArrayList;
import java.util.List;

/** How values are spread. */
final class Histogram extends Family<Histogram.Spread> {

    private final double[] bounds;

    /** With these upper bounds, ascending; the last one, infinity, is added. */
    Histogram(String name, String help, double[] bounds, String... labels) {
        super(name, "histogram", help, List.of(labels), () -> new Spread(new long[bounds.length + 1]));
        this.bounds = bounds;
    }

    /** One value. */
    void observe(double value, String... labels) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        series(labels).add(bucket, value);
    }

    @Override
    void write(Exposition out, String name, List<Label> labels, Spread one) {
        long[] counts;
        double sum;
        synchronized (one) {
            counts = one.counts.clone();
            sum = one.sum;
        }
        long upToHere = 0;
        for (int i = 0; i < counts.length; i++) {
            upToHere += counts[i];
            List<Label> withBound = new ArrayList<>(labels);
            double bound = i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY;
            withBound.add(new Label("le", Exposition.number(bound)));
            out.sample(name + "_bucket", withBound, upToHere);
        }
        out.sample(name + "_sum", labels, sum);
        out.sample(name + "_count", labels, upToHere);
    }

    /** Counts of the buckets and the sum of the values. */
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
