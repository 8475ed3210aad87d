package io.millrace.ops.settings;

/**
 * What became of a change.
 *
 * @param outcome whether it is done
 * @param text a sentence for whoever asked: what is now, or why not and what to do
 */
record Answer(Outcome outcome, String text) {

    /** How it went. */
    enum Outcome {
        DONE,
        /** There is no such setting. */
        UNKNOWN,
        /** The value is not allowed, or a component does not take it. */
        REFUSED,
        /** The file cannot be written. */
        FAILED
    }

    static Answer done(String text) {
        return new Answer(Outcome.DONE, text);
    }

    static Answer unknown(String text) {
        return new Answer(Outcome.UNKNOWN, text);
    }

    static Answer refused(String text) {
        return new Answer(Outcome.REFUSED, text);
    }

    static Answer failed(String text) {
        return new Answer(Outcome.FAILED, text);
    }
}
