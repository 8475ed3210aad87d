package io.millrace.ops.settings;

import java.util.Map;

/**
 * The result of a change of settings.
 *
 * @param outcome whether it is done
 * @param text a sentence for whoever asked: what is now, or why not and what to do
 * @param problems what is wrong with each value, by key
 */
record ChangeResult(Outcome outcome, String text, Map<String, String> problems) {

    enum Outcome {
        DONE,
        UNKNOWN,
        /** The value is not allowed, or a component does not take it. */
        REFUSED,
        FAILED
    }

    static ChangeResult done(String text) {
        return new ChangeResult(Outcome.DONE, text, Map.of());
    }

    static ChangeResult unknown(String text) {
        return new ChangeResult(Outcome.UNKNOWN, text, Map.of());
    }

    static ChangeResult failed(String text) {
        return new ChangeResult(Outcome.FAILED, text, Map.of());
    }
}
