package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Identity;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.ResultMapping;
import io.millrace.livepeer.mapping.SegmentRequest;
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
 * A segment's way in and its results' way out. The answer comes in two parts: status 200 the moment the
 * segment is here and is what its hash says, for which a gateway waits two seconds and no longer, and
 * the result when the work is done.
 */
final class SegmentExchange {

    /** The time a segment's upload may take; the sockets cut slow ones long before. */
    static final Duration UPLOAD = Duration.ofMinutes(5);
    /** How long a gateway may wait for the longest segment, four times its length. */
    static final Duration WORK = Duration.ofMinutes(20);

    private static final Logger LOG = LoggerFactory.getLogger(SegmentExchange.class);
    private static final String BROKEN = "ErrTranscoderUnavailable";

    private final Orchestrator orchestrator;
    private final Identity identity;
    private final Optional<WebClient> web;
    private final InstantSource clock;

    /** An empty {@code web} takes no segments by address. */
    SegmentExchange(Orchestrator orchestrator, Identity identity, Optional<WebClient> web, InstantSource clock) {
        this.orchestrator = orchestrator;
        this.identity = identity;
        this.web = web;
        this.clock = clock;
    }

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (SegmentCall.read(request, identity)) {
            case SegmentCall.Refused refused -> refused.answer().send(response);
            case SegmentCall.Credible call -> submit(call, request, response);
        }
    }

    private void submit(SegmentCall.Credible call, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        SegmentRequest segment = call.segment();
        boolean linked = LinkedBody.CONTENT_TYPE.equals(request.getContentType());
        Deadline deadline = Deadline.in(UPLOAD, clock);
        Body body = linked
                ? new LinkedBody(request::getInputStream, segment.hash(), web, deadline)
                : new UploadedBody(request::getInputStream, request.getContentLengthLong(), segment.hash());
        Submission submission;
        try {
            submission = orchestrator.submit(
                    segment.token(), new Job(segment.spec(), segment.payload(), body), call.payment(), deadline);
        } catch (RuntimeException e) {
            LOG.error("Segment {} of {} could not be taken; the gateway was told to go elsewhere.",
                    segment.payload().sequence(), segment.payload().manifest(), e);
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
            Completion completion = underToken(accepted.await(Deadline.in(WORK, clock)), segment.token());
            return ResultMapping.toWire(sequence, completion, new ResultUrls(completion, called)::of);
        } catch (RuntimeException e) {
            LOG.error("Segment {} of {} was taken but its work broke down.",
                    sequence, segment.payload().manifest(), e);
            return ResultMapping.error(sequence, BROKEN);
        }
    }

    /** The next offer names the token of the request: only a request for an offer makes a new one. */
    private static Completion underToken(Completion completion, Optional<AuthToken> token) {
        if (token.isEmpty()) {
            return completion;
        }
        return switch (completion) {
            case Completion.Done done -> new Completion.Done(
                    done.outputs(), done.signature(), done.next().map(offer -> offer.withToken(token.get())));
            case Completion.Failed failed -> new Completion.Failed(
                    failed.failure(), failed.next().map(offer -> offer.withToken(token.get())));
            case Completion.Streaming streaming -> streaming;
        };
    }
}
