package io.millrace.livepeer.call;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.OfferMapping;
import io.millrace.livepeer.mapping.PaymentMapping;
import io.millrace.livepeer.mapping.SegmentMapping;
import io.millrace.livepeer.mapping.WireHeader;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.NoAnswerException;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.web.WebResponse;
import io.millrace.livepeer.wire.PaymentResult;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The calls to one orchestrator that go over HTTP: a segment, and payment without one. */
final class SegmentCalls {

    private static final int OK = 200;
    private static final Duration LEAST_WHOLE = Duration.ofSeconds(8);
    private static final Duration LEAST_STATUS = Duration.ofSeconds(2);
    /** An offer, or the words of a refusal; in bytes. */
    private static final long MAX_ANSWER = 1 << 20;
    private static final int MAX_TEXT = 500;

    private final Destination peer;
    private final WebClient web;
    private final Wallet wallet;
    private final InstantSource clock;

    SegmentCalls(Destination peer, WebClient web, Wallet wallet, InstantSource clock) {
        this.peer = peer;
        this.web = web;
        this.wallet = wallet;
        this.clock = clock;
    }

    Submission submit(
            Optional<AuthToken> token,
            JobSpec spec,
            Payload.Transcode payload,
            Bytes segment,
            Payment payment,
            Deadline deadline) {
        String description = WireHeader.encode(
                SegmentMapping.toWire(payload, spec, token, Keccak256.of(segment), wallet::sign));
        Map<String, String> headers = Map.of(
                "Livepeer-Segment", description,
                "Livepeer-Payment", header(payment),
                // of any segment, whatever its container: the name the network has for it
                "Content-Type", "video/MP2T");
        try {
            WebResponse response =
                    post("/segment", headers, segment, confirmation(payload.duration(), deadline, clock));
            return response.status() == OK
                    ? new RemoteAccepted(peer, payload, response, web)
                    : refusal(response, deadline);
        } catch (IOException e) {
            NoAnswerException none = e instanceof NoAnswerException its ? its : null;
            String message = none != null && none.isLate()
                    ? "header timeout: " + peer + " did not confirm the segment in time"
                    : peer + " could not be reached: " + e.getMessage();
            if (none != null && none.isSent()) {
                // the payment may have arrived: nobody can tell
                throw new Fault(Fault.Consequence.SUSPEND_PEER, message, e);
            }
            return new Submission.NotSent(message);
        }
    }

    /** The balance that is credited is named by the manifest of the message (go-livepeer: segment_rpc.go, Payment). */
    Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline) {
        String description = WireHeader.encode(
                SegmentMapping.credentials(balance, JobSpec.anything(), token, wallet::sign));
        Map<String, String> headers = Map.of("Livepeer-Segment", description, "Livepeer-Payment", header(payment));
        try {
            WebResponse response = post("/payment", headers, Bytes.EMPTY, deadline);
            if (response.status() != OK) {
                return refusal(response, deadline);
            }
            return OfferMapping.fromWire(
                    PaymentResult.parseFrom(response.body(MAX_ANSWER, deadline).unsafeArray()).getInfo());
        } catch (InvalidProtocolBufferException | Malformed e) {
            throw new Fault(
                    Fault.Consequence.SUSPEND_PEER, peer + " answered what is no offer: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE, peer + " could not be paid: " + e.getMessage(), e);
        }
    }

    /**
     * When the status is due. The network gives a segment four times its length, and at least 8 s, and
     * its status half its length, and at least 2 s; of a stretched deadline the status has the same share.
     */
    static Deadline confirmation(Duration length, Deadline deadline, InstantSource clock) {
        long whole = Math.max(LEAST_WHOLE.toMillis(), 4 * length.toMillis());
        long status = Math.max(LEAST_STATUS.toMillis(), length.toMillis() / 2);
        long share = deadline.remaining(clock).toMillis() * status / whole;
        return Deadline.in(Duration.ofMillis(Math.max(share, LEAST_STATUS.toMillis())), clock)
                .orEarlier(deadline);
    }

    private WebResponse post(String path, Map<String, String> headers, Bytes body, Deadline deadline)
            throws IOException {
        return web.post(peer.below(path), headers, body, deadline);
    }

    private static Refusal refusal(WebResponse response, Deadline deadline) {
        try (response) {
            String text = response.body(MAX_ANSWER, deadline).utf8().strip();
            return ErrorTexts.refusal(response.status(), text.substring(0, Math.min(text.length(), MAX_TEXT)));
        } catch (IOException e) {
            return ErrorTexts.refusal(response.status(), "");
        }
    }

    /** Without anything to say it is empty, as off-chain. */
    static String header(Payment payment) {
        return payment.equals(Payment.NONE) ? "" : WireHeader.encode(PaymentMapping.toWire(payment));
    }
}
