package io.millrace.livepeer.byoc;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Identity;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.web.WebResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The calls to one orchestrator for a job that a third party's capability does. */
public final class ProcessCalls {

    private static final int OK = 200;
    private static final int MAX_TOKEN_BYTES = 64 << 10;
    private static final int MAX_TEXT = 500;
    /** An orchestrator keeps to the time of the job; its answer has a little more to get here. */
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(30);

    private final Destination peer;
    private final WebClient web;
    private final Identity identity;
    private final InstantSource clock;

    /** Calls {@code peer}, in the name of {@code identity}. */
    public ProcessCalls(Destination peer, WebClient web, Identity identity, InstantSource clock) {
        this.peer = peer;
        this.web = web;
        this.identity = identity;
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
        Map<String, String> headers = Map.of(
                "Livepeer-Eth-Address", WireJson.header(Sender.of(identity).toWire()),
                "Livepeer-Capability", capability);
        try (WebResponse response =
                web.get(peer.below("/process/token"), headers, deadline)) {
            String text = response.body(MAX_TOKEN_BYTES, deadline).utf8().strip();
            if (response.status() != OK) {
                return new Refusal(Refusal.Reason.INCOMPATIBLE, shown(text, response));
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

    /** Has the job done. The wire answers with the result only: the wait for it is here. */
    public Submission submit(Payload.Request job, Bytes body, Deadline deadline) {
        JobRequest request = JobRequest.of(job.model(), deadline.remaining(clock), identity);
        Map<String, String> headers = Map.of(
                JobRequest.HEADER,
                request.toHeader(),
                "Content-Type",
                job.contentType().isEmpty() ? "application/octet-stream" : job.contentType());
        try (WebResponse response = web.post(
                peer.below(JobRequest.PATH + job.path()),
                headers,
                body,
                Deadline.in(deadline.remaining(clock).plus(MARGIN), clock))) {
            return new Answered(completion(response, deadline));
        } catch (IOException e) {
            return new Submission.NotSent(peer + " gave no answer: " + e.getMessage());
        }
    }

    private Completion completion(WebResponse response, Deadline deadline) throws IOException {
        Bytes body = response.body(
                WebClient.MAX_OBJECT, Deadline.in(deadline.remaining(clock).plus(MARGIN), clock));
        return switch (response.status() / 100) {
            case 2 -> Answered.done(response.header("Content-Type"), body);
            // the job is at fault: every orchestrator would say so
            case 4 -> Answered.failed(Failure.Kind.INPUT, shown(body.utf8(), response));
            default -> Answered.failed(Failure.Kind.PEER, shown(body.utf8(), response));
        };
    }

    private static String shown(String text, WebResponse response) {
        String line = text.strip();
        return line.isEmpty() ? "status " + response.status() : line.substring(0, Math.min(line.length(), MAX_TEXT));
    }
}
