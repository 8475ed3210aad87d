package io.millrace.livepeer.ai;

import io.millrace.api.gateway.JobGate;
import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.SessionId;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.serve.PlainText;
import io.millrace.livepeer.web.ClientWatch;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AI requests of a gateway's clients, one path for each pipeline. */
@Component(
        service = Servlet.class,
        configurationPid = "io.millrace.livepeer.ai",
        property = {
            "millrace.http.server=http",
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
@Designate(ocd = AiServlet.Settings.class)
public final class AiServlet extends HttpServlet {

    /** What an operator may set. */
    @ObjectClassDefinition(name = "Millrace AI requests", description = "The AI requests of a gateway's clients.")
    public @interface Settings {

        /** Whether requests are taken. */
        @AttributeDefinition(
                name = "Enabled",
                description = "Whether AI requests are taken by HTTP. Whoever reaches the port can send some, which the"
                        + " gateway pays for where it is on-chain, so switch it off, or guard it, where the port is"
                        + " public. Default true.")
        boolean enabled() default true;
    }

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(AiServlet.class);

    /** The longest that a request takes from its end to its answer's end. */
    private static final Duration WORK = Duration.ofMinutes(15);

    /** What stands before the runner's own words when the request is at fault (go-livepeer: ai_process.go). */
    private static final String BAD_REQUEST = "returned 400";

    private final boolean enabled;
    private final transient JobGate gate;
    private final transient ObjectStore results;
    private final transient Budget heap;
    private final transient InstantSource clock = Clock.systemUTC();

    /** Requests go in through {@code gate}; what clients fetch lies in {@code results}. */
    @Activate
    public AiServlet(
            Settings settings,
            @Reference JobGate gate,
            @Reference(target = "(role=gateway)") ObjectStore results,
            @Reference(target = "(resource=heap)") Budget heap) {
        this(settings.enabled(), gate, results, heap);
    }

    AiServlet(boolean enabled, JobGate gate, ObjectStore results, Budget heap) {
        this.enabled = enabled;
        this.gate = gate;
        this.results = results;
        this.heap = heap;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!enabled) {
            PlainText.NOT_FOUND.send(response);
            return;
        }
        AiPipeline pipeline = AiPipeline.at(request.getServletPath()).orElse(null);
        if (pipeline == null || !request.getMethod().equals("POST")) {
            error(405, "AI requests are sent with POST", response);
            return;
        }
        try (ClientWatch _ = ClientWatch.of(request)) {
            serve(pipeline, request, response);
        }
    }

    private void serve(AiPipeline pipeline, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Deadline deadline = Deadline.in(WORK, clock);
        Completion completion;
        try (Budget.Charge charge = heap.open("AI request")) {
            AiRequest its = AiBody.read(pipeline, request, charge, clock).completed();
            Job job = its.job(its.spec());
            completion = gate.request(job, deadline);
        } catch (AiBody.Refused e) {
            error(e.status, e.getMessage(), response);
            return;
        } catch (Malformed e) {
            error(400, e.getMessage(), response);
            return;
        }
        switch (completion) {
            case Completion.Done done -> send(done, pipeline, deadline, response);
            case Completion.Streaming streaming -> AiAnswer.stream(streaming, deadline, response);
            case Completion.Failed failed -> fail(failed.failure(), pipeline, response);
        }
    }

    private void send(Completion.Done done, AiPipeline pipeline, Deadline deadline, HttpServletResponse response)
            throws IOException {
        // the client has not seen the session's name yet: nobody else knows where the results lie
        SessionId session = new SessionId(UUID.randomUUID().toString().replace("-", ""));
        String document;
        try {
            document = AiAnswer.document(done, medium -> "/results/" + kept(session, medium, deadline), heap, deadline);
        } catch (Malformed e) {
            fail(new Failure(Failure.Kind.PEER, "the answer of an orchestrator is of no use: " + e.getMessage()),
                    pipeline, response);
            return;
        } catch (Fault e) {
            fail(new Failure(Failure.Kind.BUSY, e.getMessage()), pipeline, response);
            return;
        }
        AiAnswer.send(document, response);
    }

    private String kept(SessionId session, Output medium, Deadline deadline) {
        // a folder for each: a folder keeps few objects
        String name = AiAnswer.fileName(medium);
        return results.put(session, name.substring(0, name.lastIndexOf('.')) + "/" + name, medium.fetch(deadline));
    }

    /** What is no fault of the request is told to the operator, and to the client in the network's few words. */
    private static void fail(Failure failure, AiPipeline pipeline, HttpServletResponse response) throws IOException {
        if (failure.kind() == Failure.Kind.INPUT) {
            int at = failure.message().indexOf(BAD_REQUEST);
            error(400, at < 0 ? failure.message() : failure.message().substring(at + BAD_REQUEST.length()), response);
            return;
        }
        LOG.info("A request for {} was not answered: {}", pipeline.wireName(), failure.message());
        if (failure.kind() == Failure.Kind.BROKEN_OFF) {
            error(500, "Internal Server Error", response);
        } else {
            error(503, "Service Unavailable Error", response);
        }
    }

    private static void error(int status, String message, HttpServletResponse response) throws IOException {
        String document = WireJson.PROVIDER
                .createObjectBuilder()
                .add("error", WireJson.PROVIDER.createObjectBuilder().add("message", message))
                .build()
                .toString();
        AiAnswer.send(status, document + "\n", response);
    }
}
