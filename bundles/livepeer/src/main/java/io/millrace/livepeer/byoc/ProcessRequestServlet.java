package io.millrace.livepeer.byoc;

import io.millrace.api.gateway.JobGate;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.serve.PlainText;
import io.millrace.livepeer.web.BodyReader;
import io.millrace.livepeer.web.ClientWatch;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code POST /process/request/...} of a gateway: a client's job for a third party's capability. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=http", "millrace.http.path=/process/request/*"})
public final class ProcessRequestServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient JobGate gate;
    private final transient Budget heap;
    private final transient JobAnswer answer;
    private final transient InstantSource clock = Clock.systemUTC();

    /** Jobs go in through {@code gate}. */
    @Activate
    public ProcessRequestServlet(@Reference JobGate gate, @Reference(target = "(resource=heap)") Budget heap) {
        this.gate = gate;
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
            check(job);
        } catch (Malformed e) {
            new PlainText(400, e.getMessage()).send(response);
            return;
        }
        try (ClientWatch _ = ClientWatch.of(request)) {
            serve(job, request, response);
        }
    }

    private void serve(JobRequest job, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Deadline deadline = Deadline.in(job.timeout(), clock);
        Completion completion;
        try (Budget.Charge charge = heap.open("job")) {
            JobBody body = new JobBody(request, BodyReader.of(charge, deadline, clock));
            completion = gate.request(job.job(request, body), deadline);
            if (body.rejected().isPresent()) {
                JobAnswer.refuse(body.rejected().get(), response);
                return;
            }
        }
        answer.send(completion, deadline, response);
    }

    private static void check(JobRequest job) throws Malformed {
        if (job.capability().isEmpty()) {
            throw new Malformed("no capability set with request, capability is required");
        }
        if (!JobRequest.isName(job.capability())) {
            throw new Malformed("the name of a capability has at most 256 characters of visible ASCII");
        }
        WireJson.object(job.request(), "Unable to unmarshal job request err=");
        JsonObject parameters = WireJson.object(job.parameters(), "Unable to unmarshal job parameters err=");
        JsonValue chosen = parameters.getOrDefault("orchestrators", JsonValue.EMPTY_JSON_OBJECT);
        if (!chosen.equals(JsonValue.EMPTY_JSON_OBJECT)) {
            throw new Malformed("orchestrators cannot be included or excluded by a job here:"
                    + " name those of the gateway in io.millrace.kernel.gateway.orchestrators");
        }
    }
}
