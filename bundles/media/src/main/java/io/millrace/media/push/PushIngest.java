package io.millrace.media.push;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.resource.Budget;
import io.millrace.media.profile.Ladder;
import io.millrace.media.web.PlainAnswer;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** HTTP push on the gateway's HTTP port. */
@Component(
        service = Servlet.class,
        immediate = true, // pushed streams must not end when nobody holds the service for a moment
        configurationPid = PushIngest.PID,
        property = {"millrace.http.server=http", "millrace.http.path=/live/*"})
@Designate(ocd = PushIngest.Settings.class)
public final class PushIngest extends HttpServlet {

    static final String PID = "io.millrace.media.push";

    private static final long serialVersionUID = 1L;
    private static final long SWEEP_SECONDS = 5;

    private final transient PushStreams streams;
    private final transient Ladder ladder;
    private final transient Budget budget;
    private final transient InstantSource clock = InstantSource.system();
    private final transient ScheduledExecutorService watchdog;
    private transient volatile Serving serving;

    /** What an operator may set. */
    @ObjectClassDefinition(name = "Millrace HTTP push", description = "Segments pushed by HTTP to /live/.")
    public @interface Settings {

        /** Whether pushes are taken. */
        @AttributeDefinition(
                name = "Enabled",
                description = "Whether segments are taken by HTTP. Whoever reaches the port can push, so switch it off,"
                        + " or guard it, where the port is public. Default true.")
        boolean enabled() default true;

        /** How long a sender waits for its answer. */
        @AttributeDefinition(
                name = "Answer time",
                description = "Longest wait for the renditions of a segment, in seconds, before 503 is answered; 15"
                        + " times the segment's length is added. Default 120. 1 to 3600.",
                min = "1",
                max = "3600")
        int answerSeconds() default 120;

        /** Streams of one address. */
        @AttributeDefinition(
                name = "Streams of one address",
                description = "Streams that one remote address may have open by HTTP push; it may send four times as"
                        + " many segments at once. Beyond that the answer is 503. Addresses of IPv6 count by their"
                        + " first 64 bits. Raise it where many streams come from one machine or through a proxy."
                        + " Default 8. 0 to 10000; 0 means any number.",
                min = "0",
                max = "10000")
        int maxStreamsPerAddress() default 8;
    }

    private record Serving(boolean enabled, PushServlet servlet) {}

    /** Begins to take segments. */
    @Activate
    public PushIngest(
            @Reference StreamGate gate,
            @Reference Ladder ladder,
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget,
            Settings settings) {
        this.ladder = ladder;
        this.budget = budget;
        streams = new PushStreams(gate, clock);
        serving = serving(settings);
        watchdog = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("push-watchdog").factory());
        watchdog.scheduleWithFixedDelay(streams::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    private Serving serving(Settings settings) {
        PushLimits limits = new PushLimits(
                PushLimits.MAX_BODY,
                Duration.ofSeconds(settings.answerSeconds()),
                settings.maxStreamsPerAddress());
        return new Serving(
                settings.enabled(), new PushServlet(streams, ladder, budget, limits, clock, new SecureRandom()));
    }

    /** Takes changed settings for segments that come from now on; streams go on. */
    @Modified
    void change(Settings settings) {
        serving = serving(settings);
    }

    /** Segments in hand are finished; their streams may go on elsewhere within the grace time. */
    @Deactivate
    void stop() {
        watchdog.shutdownNow();
        streams.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Serving now = serving;
        if (now.enabled()) {
            now.servlet().service(request, response);
        } else {
            PlainAnswer.send(response, HttpServletResponse.SC_NOT_FOUND, "404 page not found");
        }
    }
}
