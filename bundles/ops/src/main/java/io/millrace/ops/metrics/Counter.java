package io.millrace.ops.metrics;

import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;

/** A counter, which only grows. */
final class Counter extends Family<DoubleAdder> {

    Counter(String name, String help, String... labels) {
        super(name, "counter", help, List.of(labels), DoubleAdder::new);
    }

    void increment(String... labels) {
        add(1, labels);
    }

    void add(double amount, String... labels) {
        series(labels).add(amount);
    }

    @Override
    void write(Exposition out, String name, Label[] labels, DoubleAdder one) {
        out.sample(name, one.sum(), labels);
    }
}
