package io.millrace.api.orchestrator;

/** What became of a job that was submitted. The difference between the three is money. */
public sealed interface Submission permits Accepted, Refusal, Submission.NotSent {

    /** The peer never answered: a payment that went along was not spent as far as anybody knows. */
    record NotSent(String message) implements Submission {}
}
