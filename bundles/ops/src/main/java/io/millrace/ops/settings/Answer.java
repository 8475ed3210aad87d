package io.millrace.ops.settings;

import java.util.Map;

/**
 * What became of a change.
 *
 * @param outcome whether it is done
 * @param text a sentence for whoever asked: what is now, or why not and what to do
 * @param problems what is wrong with each value, by key
 */
record Answer(Outcome outcome, String text, Map<String, String> problems) {

    enum Outcome {
        DONE,
        UNKNOWN,
        /** The value is not allowed, or a component does not take it. */
        REFUSED,
        FAILED
    }

    static Answer done(String text) {
        return new Answer(Outcome.DONE, text, Map.of());
    }

    static Answer unknown(String text) {
        return new Answer(Outcome.UNKNOWN, text, Map.of());
    }

    static Answer failed(String text) {
        return new Answer(Outcome.FAILED, text, Map.of());
    }
}
