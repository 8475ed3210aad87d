package io.millrace.livepeer.web;

import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Refusal;
import java.io.IOException;

/** A body that was not read to its end, for a reason of this node: its size, its pace, or no memory for it. */
public class BodyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Refusal.Reason reason;

    BodyException(Refusal.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What the sender is told. */
    public Refusal.Reason reason() {
        return reason;
    }

    /** Whether this node had no memory for it. */
    public boolean isBusy() {
        return reason == Refusal.Reason.BUSY;
    }

    /** What a body's reader answers when reading {@code what} failed. */
    public static Body.Read.Rejected rejected(String what, IOException cause) {
        Refusal.Reason reason =
                cause instanceof BodyException known ? known.reason() : Refusal.Reason.BODY_UNREADABLE;
        return new Body.Read.Rejected(new Refusal(reason, what + " was not read: " + cause.getMessage()));
    }
}
