package io.millrace.livepeer.call;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.SegmentMapping;
import io.millrace.livepeer.mapping.WireHeader;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.NoAnswerException;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.web.WebResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The calls to one orchestrator for an AI job. */
final class AiCalls {

    private static final int OK = 200;

    private final Destination peer;
    private final WebClient web;
    private final Budget heap;
    private final Wallet wallet;
    private final InstantSource clock;

    AiCalls(Destination peer, WebClient web, Budget heap, Wallet wallet, InstantSource clock) {
        this.peer = peer;
        this.web = web;
        this.heap = heap;
        this.wallet = wallet;
        this.clock = clock;
    }

    /** Hands a job over. An orchestrator answers when it is done, or has begun to answer with events. */
    Submission submit(
            Optional<AuthToken> token,
            JobSpec spec,
            Payload.Request job,
            Bytes body,
            Payment payment,
            Deadline deadline) {
        String credentials = WireHeader.encode(SegmentMapping.credentials(
                BalanceId.of(job.capability(), job.model()), spec, token, wallet::sign));
        Map<String, String> headers = Map.of(
                "Livepeer-Segment", credentials,
                "Livepeer-Payment", SegmentCalls.header(payment),
                // of a gateway that fetches results instead of finding them in the answer
                "Authorization", "Livepeer-AI-Worker-1.0",
                "Content-Type", job.contentType());
        String path = "/" + Capability.pipeline(job.capability()).orElseThrow();
        try {
            WebResponse response = web.post(peer.below(path), headers, body, deadline);
            RemoteAnswer answer = new RemoteAnswer(peer, job, response, web, heap, clock);
            return response.status() == OK ? answer : answer.refusal(deadline);
        } catch (IOException e) {
            if (e instanceof NoAnswerException none && none.isSent()) {
                // the payment may have arrived: nobody can tell
                throw new Fault(
                        Fault.Consequence.SUSPEND_PEER, peer + " gave no answer: " + e.getMessage(), e);
            }
            return new Submission.NotSent(peer + " could not be reached: " + e.getMessage());
        }
    }
}
