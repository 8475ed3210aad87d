package io.millrace.livepeer.call;

import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Refusal;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Translates the error texts and statuses of a remote orchestrator into refusals and failures. */
final class ErrorTexts {

    private static final String CAPPED = "OrchestratorCapped";
    private static final Set<String> BUSY = Set.of("OrchestratorBusy", CAPPED, "TranscoderBusy");
    /** Every orchestrator would answer the same to the same segment. */
    private static final Set<String> INPUT = Set.of(
            "Unsupported input pixel format",
            "Error initializing filtergraph",
            "Too many outputs",
            "Unsupported input codec",
            "No keyframes in input",
            "Unrecoverable state, restart process",
            "Encoded frames runaway",
            "Decoder not found",
            "Demuxer not found",
            "Encoder not found",
            "Muxer not found",
            "Option not found",
            "Invalid argument",
            "TranscoderInvalidResolution",
            "TranscoderInvalidVideo",
            "TranscoderUnrecognizedFormat",
            "TranscoderUnrecognizedProfile",
            "TranscoderInvalidGOP",
            "TranscoderIncompatibleDevices");

    private static final int MOST_CAUSES = 20;

    private ErrorTexts() {}

    /** An error in place of a result. */
    static Failure failure(String text) {
        if (BUSY.contains(text)) {
            return new Failure(Failure.Kind.BUSY, text);
        }
        return new Failure(INPUT.contains(text) ? Failure.Kind.INPUT : Failure.Kind.PEER, text);
    }

    /** A status other than 200 in answer to a segment or a payment. */
    static Refusal refusal(int status, String text) {
        return new Refusal(reason(status, text), text.isEmpty() ? "status " + status : text);
    }

    /** An error in answer to a request for an offer. */
    static Refusal quoteRefusal(String text) {
        if (text.contains(CAPPED)) {
            return new Refusal(Refusal.Reason.CAPPED, text);
        }
        if (text.contains("sig check failed") || text.startsWith("authentication failed")) {
            return new Refusal(Refusal.Reason.SIGNATURE, text);
        }
        return new Refusal(
                text.contains("insufficient sender reserve") ? Refusal.Reason.PAYMENT_RESERVE : Refusal.Reason.UNAVAILABLE,
                text);
    }

    private static Refusal.Reason reason(int status, String text) {
        return switch (status) {
            case 400 -> text.equals("BadRequest") ? Refusal.Reason.BODY_UNREADABLE : payment(text);
            case 402 -> payment(text);
            case 403 -> forbidden(text);
            case 413 -> Refusal.Reason.BODY_TOO_LARGE;
            default -> Refusal.Reason.UNAVAILABLE;
        };
    }

    /** By the words of go-livepeer: pm/recipient.go, pm/validator.go, pm/sendermonitor.go, core/orchestrator.go. */
    private static Refusal.Reason payment(String text) {
        if (text.contains("TicketParams expired")) {
            return Refusal.Reason.PAYMENT_EXPIRED;
        }
        if (text.contains("invalid ticket senderNonce")) {
            return Refusal.Reason.PAYMENT_NONCE;
        }
        if (text.contains("invalid expected price")) {
            return Refusal.Reason.PAYMENT_PRICE;
        }
        if (text.contains("Insufficient balance")) {
            return Refusal.Reason.PAYMENT_BALANCE;
        }
        if (text.contains("is set to unlock soon") || text.contains("insufficient sender reserve")) {
            return Refusal.Reason.PAYMENT_RESERVE;
        }
        return text.contains("is inactive in round") ? Refusal.Reason.PAYMENT_INACTIVE : Refusal.Reason.PAYMENT;
    }

    private static Refusal.Reason forbidden(String text) {
        return switch (text) {
            case "incompatible capabilities" -> Refusal.Reason.INCOMPATIBLE;
            case "missing auth token" -> Refusal.Reason.TOKEN_MISSING;
            case "invalid auth token" -> Refusal.Reason.TOKEN_INVALID;
            case "expired auth token" -> Refusal.Reason.TOKEN_EXPIRED;
            case "ErrSegSig" -> Refusal.Reason.SIGNATURE;
            case "Forbidden" -> Refusal.Reason.BODY_MISMATCH;
            default -> text.contains(CAPPED) ? Refusal.Reason.CAPPED : Refusal.Reason.MALFORMED;
        };
    }

    /** Why a connection failed, in plain words; empty when something else was the cause. */
    static Optional<String> connection(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MOST_CAUSES && cause.getCause() != null; i++) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        return switch (cause) {
            case UnknownHostException unknown -> Optional.of("the host is not known");
            case ConnectException refused when text.toLowerCase(Locale.ROOT).contains("refused") ->
                Optional.of("connection refused");
            case SocketException other -> Optional.of(text);
            default -> Optional.empty();
        };
    }
}
