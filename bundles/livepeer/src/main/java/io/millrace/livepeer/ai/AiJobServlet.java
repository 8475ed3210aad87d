package io.millrace.livepeer.ai;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.serve.PlainText;
import io.millrace.livepeer.serve.Refusals;
import io.millrace.livepeer.serve.ResultUrls;
import io.millrace.livepeer.serve.SegmentCall;
import io.millrace.livepeer.web.ClientWatch;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AI jobs that gateways hand in, one path for each pipeline. The headers are those of a segment. A body is read
 * once its headers are signed, before its token, room and payment are looked at: its model and its size stand in it.
 */
@Component(
        service = Servlet.class,
        property = {
            "millrace.http.server=service",
            "millrace.http.path=/text-to-image",
            "millrace.http.path=/image-to-image",
            "millrace.http.path=/image-to-video",
            "millrace.http.path=/upscale",
            "millrace.http.path=/audio-to-text",
            "millrace.http.path=/segment-anything-2",
            "millrace.http.path=/llm",
            "millrace.http.path=/image-to-text",
            "millrace.http.path=/text-to-speech"
        })
public final class AiJobServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(AiJobServlet.class);
    private static final Duration WORK = Duration.ofMinutes(15);
    private static final PlainText FULL = new PlainText(503, "insufficient capacity");

    /** What gateways say that fetch results; older ones want them in the answer (go-livepeer: server/ai_http.go). */
    private static final String FETCHES = "Livepeer-AI-Worker-1.0";

    private final transient Orchestrator orchestrator;
    private final transient Wallet wallet;
    private final transient Budget heap;
    private final transient InstantSource clock = Clock.systemUTC();

    /** Serves {@code orchestrator}; {@code wallet} verifies callers. */
    @Activate
    public AiJobServlet(
            @Reference Orchestrator orchestrator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Wallet wallet,
            @Reference(target = "(resource=heap)") Budget heap) {
        this.orchestrator = orchestrator;
        this.wallet = wallet;
        this.heap = heap;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AiPipeline pipeline = AiPipeline.at(request.getServletPath()).orElse(null);
        if (pipeline == null || !request.getMethod().equals("POST")) {
            new PlainText(405, "Method not allowed").send(response);
            return;
        }
        switch (SegmentCall.read(request, wallet)) {
            case SegmentCall.Refused refused -> refused.answer().send(response);
            case SegmentCall.Credible call -> {
                try (ClientWatch _ = ClientWatch.of(request)) {
                    serve(pipeline, call, request, response);
                }
            }
        }
    }

    private void serve(
            AiPipeline pipeline, SegmentCall.Credible call, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Deadline deadline = Deadline.in(WORK, clock);
        Submission submission;
        try (Budget.Charge charge = heap.open("AI request")) {
            AiRequest its = AiBody.read(pipeline, request, charge, clock);
            if (its.model().isEmpty()) {
                throw new Malformed("the request names no model in '" + pipeline.modelField() + "'");
            }
            JobSpec needs = call.segment().spec();
            Job job = its.job(needs.forModel(pipeline.capability, its.model()));
            submission = orchestrator.submit(call.segment().token(), job, call.payment(), deadline);
        } catch (AiBody.Refused e) {
            new PlainText(e.status, e.getMessage()).send(response);
            return;
        } catch (Malformed e) {
            // what has no length cannot be paid for
            new PlainText(400, e.getMessage().equals(Measures.NO_DURATION) ? "Unable to calculate duration" : e.getMessage())
                    .send(response);
            return;
        }
        switch (submission) {
            case Accepted accepted -> {
                try (accepted) {
                    answer(accepted.await(deadline), deadline, request, response);
                }
            }
            case Refusal refusal -> refuse(refusal, response);
            case Submission.NotSent notSent -> new PlainText(500, notSent.message()).send(response);
        }
    }

    private static void refuse(Refusal refusal, HttpServletResponse response) throws IOException {
        LOG.debug("An AI job was refused: {}, {}", refusal.reason(), refusal.message());
        if (AiBody.isFull(refusal)) {
            FULL.send(response);
            return;
        }
        switch (Refusals.answer(refusal)) {
            case Refusals.Answer.Status status -> status.answer().send(response);
            case Refusals.Answer.Result _ -> FULL.send(response);
        }
    }

    private void answer(
            Completion completion, Deadline deadline, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (completion) {
            case Completion.Done done -> send(done, deadline, request, response);
            case Completion.Streaming streaming -> AiAnswer.stream(streaming, deadline, response);
            case Completion.Failed failed when failed.failure().kind() == Failure.Kind.BUSY -> FULL.send(response);
            case Completion.Failed failed -> new PlainText(500, failed.failure().message()).send(response);
        }
    }

    private void send(
            Completion.Done done, Deadline deadline, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String called = request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort();
        ResultUrls urls = new ResultUrls(done, called);
        boolean fetches = FETCHES.equals(request.getHeader("Authorization"));
        String document;
        try {
            document = AiAnswer.document(
                    done, medium -> fetches ? urls.of(medium) : inline(medium, deadline), heap, deadline);
        } catch (Malformed | Fault e) {
            if (e instanceof Fault fault && fault.consequence() == Fault.Consequence.BUSY) {
                FULL.send(response);
                return;
            }
            LOG.warn("A pipeline's answer to an AI job is of no use: {}", e.getMessage());
            new PlainText(500, "the answer of the pipeline is of no use: " + e.getMessage()).send(response);
            return;
        }
        AiAnswer.send(document, response);
    }

    private static String inline(Output medium, Deadline deadline) {
        return "data:" + medium.contentType() + ";base64,"
                + Base64.getEncoder().encodeToString(medium.fetch(deadline).unsafeArray());
    }
}
