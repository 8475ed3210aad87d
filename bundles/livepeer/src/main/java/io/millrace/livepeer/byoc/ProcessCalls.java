package io.millrace.livepeer.byoc;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.EventStream;
import io.millrace.livepeer.web.NoAnswerException;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.web.WebResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The calls to one orchestrator for a job that a third party's capability does. */
public final class ProcessCalls {

    private static final int OK = 200;
    /** What go-livepeer answers when it has no room: byoc/job_orchestrator.go, processJob. */
    private static final int FULL = 503;
    private static final int MAX_TOKEN_BYTES = 64 << 10;
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(30);

    private final Destination peer;
    private final WebClient web;
    private final Budget heap;
    private final Wallet wallet;
    private final InstantSource clock;

    /** Calls {@code peer}, in the name of {@code wallet}. */
    public ProcessCalls(Destination peer, WebClient web, Budget heap, Wallet wallet, InstantSource clock) {
        this.peer = peer;
        this.web = web;
        this.heap = heap;
        this.wallet = wallet;
        this.clock = clock;
    }

    /** The capability of a third party that a job needs; empty when it needs none. */
    public static Optional<String> capability(JobSpec spec) {
        return spec.needs()
                .filter(needs -> needs.has(Capability.BYOC))
                .flatMap(needs -> needs.models().getOrDefault(Capability.BYOC, Map.of()).keySet().stream()
                        .findFirst());
    }

    /** Whether an offer came from {@link #quote}: there is no session to end then. */
    public static boolean isOurs(AuthToken token) {
        return token.token().isEmpty();
    }

    /** Asks for an offer. */
    public Quote quote(String capability, Deadline deadline) {
        if (!JobRequest.isName(capability)) {
            return new Refusal(Refusal.Reason.INCOMPATIBLE, "the name of the capability does not go into a header");
        }
        Map<String, String> headers = Map.of(
                "Livepeer-Eth-Address", WireJson.header(Sender.of(wallet).toWire()),
                "Livepeer-Capability", capability);
        try (WebResponse response =
                web.get(peer.below("/process/token"), headers, deadline)) {
            String text = response.body(MAX_TOKEN_BYTES, deadline).utf8().strip();
            if (response.status() != OK) {
                return new Refusal(
                        response.status() == FULL ? Refusal.Reason.BUSY : Refusal.Reason.INCOMPATIBLE,
                        RemoteJob.text(response, text));
            }
            return JobToken.fromWire(text, capability, clock.instant().plus(TOKEN_LIFE))
                    .<Quote>map(offer -> offer)
                    .orElseGet(() -> new Refusal(Refusal.Reason.INCOMPATIBLE, "no room for " + capability));
        } catch (Malformed e) {
            return new Refusal(Refusal.Reason.UNAVAILABLE, e.getMessage());
        } catch (IOException e) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE, peer + " could not be asked: " + e.getMessage(), e);
        }
    }

    /**
     * Hands a job over. An orchestrator answers when it is done, or has begun to answer with events; it has taken the
     * job as soon as the request is with it.
     */
    public Submission submit(Payload.Request job, Bytes body, Deadline deadline) {
        JobRequest request = JobRequest.of(job.model(), deadline.remaining(clock), wallet);
        Map<String, String> headers = new HashMap<>();
        headers.put(JobRequest.HEADER, request.toHeader());
        headers.put("Content-Type", job.contentType().isEmpty() ? "application/octet-stream" : job.contentType());
        if (job.streaming()) {
            headers.put("Accept", EventStream.CONTENT_TYPE);
        }
        Deadline later = Deadline.in(deadline.remaining(clock).plus(RemoteJob.MARGIN), clock);
        WebResponse response;
        try {
            response = web.post(JobRequest.at(peer, job.path()), headers, body, later);
        } catch (Malformed e) {
            return new Refusal(Refusal.Reason.MALFORMED, e.getMessage());
        } catch (NoAnswerException e) {
            String message = peer + " gave no answer: " + e.getMessage();
            // What may be at work there must not be taken for what never left: it would be done twice.
            return e.isSent() ? new CompletedJob(CompletedJob.failed(unanswered(), message)) : new Submission.NotSent(message);
        } catch (IOException e) {
            return new Submission.NotSent(peer + " was not called: " + e.getMessage());
        }
        return response.status() == FULL ? full(response, later) : new RemoteJob(peer.toString(), response, heap, clock);
    }

    private static Failure.Kind unanswered() {
        return Thread.currentThread().isInterrupted() ? Failure.Kind.CANCELLED : Failure.Kind.BROKEN_OFF;
    }

    private static Refusal full(WebResponse response, Deadline deadline) {
        try (response) {
            return new Refusal(
                    Refusal.Reason.BUSY, RemoteJob.text(response, response.body(MAX_TOKEN_BYTES, deadline).utf8()));
        } catch (IOException e) {
            return new Refusal(Refusal.Reason.BUSY, RemoteJob.text(response, ""));
        }
    }
}
