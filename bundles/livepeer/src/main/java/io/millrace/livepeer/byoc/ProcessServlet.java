package io.millrace.livepeer.byoc;

import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Wallet;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.serve.PlainText;
import io.millrace.livepeer.web.BodyReader;
import io.millrace.livepeer.web.ClientWatch;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /process/request/...}: a job for a third party's capability, under a session of its own. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/process/request/*"})
public final class ProcessServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ProcessServlet.class);
    private static final PlainText NO_CAPACITY = new PlainText(503, "No capacity available for capability");

    private final transient Orchestrator orchestrator;
    private final transient Wallet wallet;
    private final transient Budget heap;
    private final transient JobAnswer answer;
    private final transient InstantSource clock = Clock.systemUTC();

    /** Serves {@code orchestrator}; {@code wallet} verifies callers. */
    @Activate
    public ProcessServlet(
            @Reference Orchestrator orchestrator,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Wallet wallet,
            @Reference(target = "(resource=heap)") Budget heap) {
        this.orchestrator = orchestrator;
        this.wallet = wallet;
        this.heap = heap;
        this.answer = new JobAnswer(heap);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("POST")) {
            new PlainText(405, "Method not allowed").send(response);
            return;
        }
        JobRequest job;
        try {
            job = JobRequest.ofHeader(request.getHeader(JobRequest.HEADER));
        } catch (Malformed e) {
            LOG.debug("A job was refused: {}", e.getMessage());
            refuse(JobRequest.lacksTimeout(e) ? e.getMessage() : "Could not verify job creds", response);
            return;
        }
        if (!job.isSigned(wallet)) {
            refuse("Could not verify job creds", response);
            return;
        }
        try {
            WireJson.object(job.request(), "Unable to unmarshal job request details err=");
        } catch (Malformed e) {
            refuse(e.getMessage(), response);
            return;
        }
        serve(job, request, response);
    }

    private static void refuse(String text, HttpServletResponse response) throws IOException {
        new PlainText(400, text).send(response);
    }

    private void serve(JobRequest job, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Deadline deadline = Deadline.in(job.timeout(), clock);
        switch (orchestrator.quote(job.spec(), Caller.ANONYMOUS, deadline)) {
            case Refusal refusal -> NO_CAPACITY.send(response);
            case Offer offer when !job.spec().needs().orElseThrow().compatibleWith(offer.capabilities()) ->
                NO_CAPACITY.send(response);
            case Offer offer -> {
                AuthToken token = offer.token();
                try (ClientWatch _ = ClientWatch.of(request)) {
                    submit(token, job, request, response, deadline);
                } finally {
                    orchestrator.end(token, deadline);
                }
            }
        }
    }

    private void submit(
            AuthToken token,
            JobRequest job,
            HttpServletRequest request,
            HttpServletResponse response,
            Deadline deadline)
            throws IOException {
        Submission submission;
        try (Budget.Charge charge = heap.open("job")) {
            JobBody body = new JobBody(request, BodyReader.of(charge, deadline, clock));
            submission = orchestrator.submit(Optional.of(token), job.job(request, body), Payment.NONE, deadline);
        }
        response.setHeader("Livepeer-Balance", "0");
        switch (submission) {
            case Accepted accepted -> {
                try (accepted) {
                    answer.send(accepted.await(deadline), deadline, response);
                }
            }
            case Refusal refusal -> JobAnswer.refuse(refusal, response);
            case Submission.NotSent notSent -> new PlainText(500, notSent.message()).send(response);
        }
    }
}
