package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.ResultMapping;
import io.millrace.livepeer.mapping.SegmentRequest;
import io.millrace.livepeer.web.BodyReader;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.wire.TranscodeResult;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the request for one segment. The answer comes in two parts: the status 200 as soon as the segment has been
 * received and has the hash that was announced, since a gateway waits two seconds for it, and the result when the
 * work is done.
 */
final class SegmentExchange {

    /** The time a segment's upload may take; the sockets cut slow ones long before. */
    static final Duration UPLOAD = Duration.ofMinutes(5);
    /** How long a gateway may wait for the longest segment, four times its length. */
    static final Duration WORK = Duration.ofMinutes(20);

    private static final Logger LOG = LoggerFactory.getLogger(SegmentExchange.class);
    private static final String BROKEN = "ErrTranscoderUnavailable";

    private final Orchestrator orchestrator;
    private final Wallet wallet;
    private final Optional<WebClient> web;
    private final Budget heap;
    private final InstantSource clock;
    private final FailureLog failures;

    /** An empty {@code web} takes no segments by address. */
    SegmentExchange(
            Orchestrator orchestrator, Wallet wallet, Optional<WebClient> web, Budget heap, InstantSource clock) {
        this.orchestrator = orchestrator;
        this.wallet = wallet;
        this.web = web;
        this.heap = heap;
        this.clock = clock;
        this.failures = new FailureLog(LOG, clock);
    }

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (SegmentCall.read(request, wallet)) {
            case SegmentCall.Refused refused -> refused.answer().send(response);
            case SegmentCall.Credible call -> submit(call, request, response);
        }
    }

    private void submit(SegmentCall.Credible call, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        SegmentRequest segment = call.segment();
        boolean linked = LinkedBody.CONTENT_TYPE.equals(request.getContentType());
        Deadline deadline = Deadline.in(UPLOAD, clock);
        Submission submission;
        try (Budget.Charge charge = heap.open("segment")) {
            BodyReader reader = BodyReader.hashing(charge, deadline, clock);
            Body body = linked
                    ? new LinkedBody(
                            request::getInputStream,
                            BodyReader.of(charge, deadline, clock),
                            reader,
                            segment.hash(),
                            web,
                            deadline)
                    : new UploadedBody(
                            request::getInputStream, request.getContentLengthLong(), reader, segment.hash());
            submission = orchestrator.submit(
                    segment.token(), new Job(segment.spec(), segment.payload(), body), call.payment(), deadline);
        } catch (RuntimeException e) {
            failures.failed(
                    "A segment could not be taken; the gateway was told to go elsewhere.", named(segment), e);
            PlainText.INTERNAL_ERROR.send(response);
            return;
        }
        switch (submission) {
            case Accepted accepted -> answerLater(accepted, segment, request, response);
            case Refusal refusal -> refuse(refusal, linked, segment, response);
            case Submission.NotSent notSent -> PlainText.INTERNAL_ERROR.send(response);
        }
    }

    private static void refuse(
            Refusal refusal, boolean linked, SegmentRequest segment, HttpServletResponse response) throws IOException {
        LOG.debug("Segment {} of {} was refused: {}, {}",
                segment.payload().sequence(), segment.payload().manifest(), refusal.reason(), refusal.message());
        if (linked && isUnread(refusal)) {
            new PlainText(400, "BadRequest").send(response);
            return;
        }
        switch (Refusals.answer(refusal)) {
            case Refusals.Answer.Status status -> status.answer().send(response);
            case Refusals.Answer.Result result -> response.getOutputStream()
                    .write(ResultMapping.error(segment.payload().sequence(), result.error()).toByteArray());
        }
    }

    private static boolean isUnread(Refusal refusal) {
        return refusal.reason() == Refusal.Reason.BODY_UNREADABLE
                || refusal.reason() == Refusal.Reason.BODY_TOO_LARGE;
    }

    /**
     * The container tells of a gateway that leaves only once the request has been handed back to it, so
     * that the gateway sees no answer before: everything from the status on is the other thread's.
     */
    private void answerLater(
            Accepted accepted, SegmentRequest segment, HttpServletRequest request, HttpServletResponse response) {
        String called = request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort();
        Departure departure = new Departure(accepted);
        AsyncContext async;
        try {
            async = request.startAsync();
            async.setTimeout(0);
            departure.watch(request, async);
        } catch (RuntimeException e) {
            accepted.close();
            throw e;
        }
        Thread.ofVirtual().name("segment-" + segment.payload().sequence()).start(() -> {
            if (departure.confirm(response)) {
                departure.answer(async, result(accepted, segment, called).toByteArray());
            } else {
                departure.leave(async);
            }
        });
    }

    private TranscodeResult result(Accepted accepted, SegmentRequest segment, String called) {
        long sequence = segment.payload().sequence();
        try (accepted) {
            Completion completion = accepted.await(Deadline.in(WORK, clock));
            return ResultMapping.toWire(sequence, completion, new ResultUrls(completion, called)::of);
        } catch (RuntimeException e) {
            failures.failed("A segment was taken but its work broke down.", named(segment), e);
            return ResultMapping.error(sequence, BROKEN);
        }
    }

    private static String named(SegmentRequest segment) {
        return "segment " + segment.payload().sequence() + " of " + segment.payload().manifest();
    }
}
