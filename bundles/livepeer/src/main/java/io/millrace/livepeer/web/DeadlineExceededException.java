package io.millrace.livepeer.web;

import io.millrace.api.orchestrator.Refusal;

/** A call did not end within its deadline. */
public final class DeadlineExceededException extends BodyException {

    private static final long serialVersionUID = 1L;

    DeadlineExceededException() {
        super(Refusal.Reason.BODY_UNREADABLE, "not in time");
    }
}
