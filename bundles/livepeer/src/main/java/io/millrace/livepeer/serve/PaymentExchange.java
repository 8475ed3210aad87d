package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.OfferMapping;
import io.millrace.livepeer.mapping.SegmentRequest;
import io.millrace.livepeer.wire.PaymentResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/** Payment without a segment. */
final class PaymentExchange {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Orchestrator orchestrator;
    private final Wallet wallet;
    private final InstantSource clock;

    PaymentExchange(Orchestrator orchestrator, Wallet wallet, InstantSource clock) {
        this.orchestrator = orchestrator;
        this.wallet = wallet;
        this.clock = clock;
    }

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (SegmentCall.read(request, wallet)) {
            case SegmentCall.Refused refused -> refused.answer().send(response);
            case SegmentCall.Credible call -> {
                SegmentRequest segment = call.segment();
                Quote quote = orchestrator.credit(
                        segment.token(),
                        new BalanceId(segment.payload().manifest().value()),
                        call.payment(),
                        Deadline.in(LIMIT, clock));
                switch (quote) {
                    case Offer offer -> answer(offer, response);
                    case Refusal refusal -> refuse(refusal, response);
                }
            }
        }
    }

    private static void answer(Offer offer, HttpServletResponse response) throws IOException {
        byte[] body = PaymentResult.newBuilder().setInfo(OfferMapping.toWire(offer)).build().toByteArray();
        response.setContentType("application/octet-stream");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static void refuse(Refusal refusal, HttpServletResponse response) throws IOException {
        switch (Refusals.answer(refusal)) {
            case Refusals.Answer.Status status -> status.answer().send(response);
            case Refusals.Answer.Result result -> new PlainText(400, refusal.message()).send(response);
        }
    }
}
