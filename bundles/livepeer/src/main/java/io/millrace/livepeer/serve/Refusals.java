package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Refusal;

/** Translates refusals into the statuses and texts of the wire. */
public final class Refusals {

    /** As many sessions as allowed; also of a node that takes nothing new, so that a peer asks elsewhere. */
    static final String CAPPED = "OrchestratorCapped";

    private static final String BUSY = "OrchestratorBusy";
    private static final String UNAVAILABLE = "ErrTranscoderUnavailable";
    private static final int FORBIDDEN = 403;
    private static final int BAD_REQUEST = 400;

    /** How a submission is refused. */
    public sealed interface Answer {

        /** At once, by a status. */
        record Status(PlainText answer) implements Answer {}

        /** In the body of a 200: the network knows these only as results of work. */
        record Result(String error) implements Answer {}
    }

    private Refusals() {}

    /** The answer to a segment or a payment. */
    public static Answer answer(Refusal refusal) {
        return switch (refusal.reason()) {
            case CAPPED, DRAINING -> status(FORBIDDEN, CAPPED);
            case INCOMPATIBLE -> status(FORBIDDEN, "incompatible capabilities");
            case SIGNATURE -> status(FORBIDDEN, "ErrSegSig");
            case TOKEN_MISSING -> status(FORBIDDEN, "missing auth token");
            case TOKEN_INVALID -> status(FORBIDDEN, "invalid auth token");
            case TOKEN_EXPIRED -> status(FORBIDDEN, "expired auth token");
            case BODY_MISMATCH -> status(FORBIDDEN, "Forbidden");
            case MALFORMED -> status(FORBIDDEN, refusal.message());
            case PAYMENT_BALANCE -> status(BAD_REQUEST, "Insufficient balance");
            case PAYMENT_EXPIRED -> status(BAD_REQUEST, "TicketParams expired");
            case PAYMENT, PAYMENT_NONCE, PAYMENT_PRICE, PAYMENT_RESERVE, PAYMENT_INACTIVE ->
                status(BAD_REQUEST, refusal.message());
            case BODY_TOO_LARGE, BODY_UNREADABLE -> new Answer.Status(PlainText.INTERNAL_ERROR);
            case BUSY -> new Answer.Result(BUSY);
            case UNAVAILABLE -> new Answer.Result(UNAVAILABLE);
        };
    }

    /** The text for who asked for an offer. */
    static String ofQuote(Refusal refusal) {
        return switch (refusal.reason()) {
            case CAPPED, BUSY, DRAINING -> "Invalid orchestrator request: " + CAPPED;
            case SIGNATURE -> "Invalid orchestrator request: orchestrator req sig check failed";
            case UNAVAILABLE -> UNAVAILABLE;
            default -> refusal.message();
        };
    }

    private static Answer status(int status, String text) {
        return new Answer.Status(new PlainText(status, text));
    }
}
