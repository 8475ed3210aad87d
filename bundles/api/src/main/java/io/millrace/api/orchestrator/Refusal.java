package io.millrace.api.orchestrator;

import io.millrace.api.value.Fault.Consequence;

/**
 * An expected "no", with its reason. The transport gives it the status and text of the wire.
 *
 * @param reason from a closed vocabulary
 * @param message for a person
 */
public record Refusal(Reason reason, String message) implements Quote, Submission, LiveOpening {

    /** Why not, and what the caller does next. */
    public enum Reason {
        /** As many sessions as allowed are running. */
        CAPPED(Consequence.BUSY),
        /** The session's queue, or the node's memory, is full. */
        BUSY(Consequence.BUSY),
        /** The node finishes what it has and takes nothing new. */
        DRAINING(Consequence.BUSY),
        /** A needed capability is missing. */
        INCOMPATIBLE(Consequence.RETRY_ELSEWHERE),
        /** No pipeline is there now, or the part that pays or is paid is missing. */
        UNAVAILABLE(Consequence.SUSPEND_PEER),
        /** The request's parameters are wrong. */
        MALFORMED(Consequence.SUSPEND_PEER),
        /** The signature is not the sender's. */
        SIGNATURE(Consequence.SUSPEND_PEER),
        /** No token came with the job. */
        TOKEN_MISSING(Consequence.RENEW_OFFER),
        /** The token is not one of ours. */
        TOKEN_INVALID(Consequence.RENEW_OFFER),
        /** The token was ours, too long ago. */
        TOKEN_EXPIRED(Consequence.RENEW_OFFER),
        /** The payment makes no sense: recipient, sender, random number or signature are wrong. */
        PAYMENT(Consequence.SUSPEND_PEER),
        /** The terms of the tickets have expired. */
        PAYMENT_EXPIRED(Consequence.RENEW_OFFER),
        /** A ticket's nonce was seen, or too many were. New terms begin with new nonces. */
        PAYMENT_NONCE(Consequence.RENEW_OFFER),
        /** The expected price is not the one that holds for the session. */
        PAYMENT_PRICE(Consequence.RENEW_OFFER),
        /** The balance after this payment does not cover the work. */
        PAYMENT_BALANCE(Consequence.RENEW_OFFER),
        /** The sender's deposit or reserve is missing, too small or being unlocked. */
        PAYMENT_RESERVE(Consequence.RETRY_ELSEWHERE),
        /** The orchestrator is not active in this round and cannot be paid. */
        PAYMENT_INACTIVE(Consequence.SUSPEND_PEER),
        /** The body is not what its hash says. */
        BODY_MISMATCH(Consequence.SUSPEND_PEER),
        /** The body is over the limit. */
        BODY_TOO_LARGE(Consequence.SUSPEND_PEER),
        /** The body broke off, or came too slowly. */
        BODY_UNREADABLE(Consequence.SUSPEND_PEER);

        private final Consequence consequence;

        Reason(Consequence consequence) {
            this.consequence = consequence;
        }

        /** What the caller does next. */
        public Consequence consequence() {
            return consequence;
        }

        /** Whether the peer is merely full: never counted as a fault of its own. */
        public boolean isBusy() {
            return consequence == Consequence.BUSY;
        }
    }
}
