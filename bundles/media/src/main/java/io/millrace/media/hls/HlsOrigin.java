package io.millrace.media.hls;

import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.node.Handover;
import io.millrace.api.publish.Publisher;
import io.millrace.api.resource.Budget;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HLS on the gateway's HTTP port. */
@Component(
        service = {Publisher.class, Servlet.class},
        immediate = true, // running streams must not go when nobody holds the service for a moment
        configurationPid = HlsOrigin.PID,
        property = {"millrace.http.server=http", "millrace.http.path=/stream/*"})
@Designate(ocd = HlsOrigin.Settings.class)
public final class HlsOrigin extends HttpServlet implements Publisher {

    static final String PID = "io.millrace.media.hls";

    private static final Logger LOG = LoggerFactory.getLogger(HlsOrigin.class);
    private static final long serialVersionUID = 1L;
    private static final long SWEEP_SECONDS = 5;

    private final transient Handover handover;
    private final transient HlsPublisher publisher;
    private final transient HlsServlet servlet;
    private final transient ScheduledExecutorService sweeper;

    /** What an operator may set. */
    @ObjectClassDefinition(name = "Millrace HLS origin", description = "Playlists and segments below /stream/.")
    public @interface Settings {

        /** Length of playlists. */
        @AttributeDefinition(
                name = "Window",
                description = "Segments listed in a playlist, more where they last less than three target durations;"
                        + " as many again stay readable behind it. Default 6. 3 to 1000.",
                min = "3",
                max = "1000")
        int window() default 6;

        /** Least target duration. */
        @AttributeDefinition(
                name = "Minimum target duration",
                description = "Least EXT-X-TARGETDURATION of a stream, in seconds. It is the length of the first"
                        + " segment, rounded, where that is more, and rises with a longer one. Players stay about"
                        + " three of it behind. Default 2. 1 to 60.",
                min = "1",
                max = "60")
        int targetSeconds() default 2;

        /** Life after the end. */
        @AttributeDefinition(
                name = "Retention",
                description = "How long playlists and segments of an ended stream stay readable, in seconds. Default"
                        + " 60. 0 to 86400.",
                min = "0",
                max = "86400")
        int retentionSeconds() default 60;
    }

    /** Begins to publish. */
    @Activate
    public HlsOrigin(
            @Reference Handover handover,
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget,
            Settings settings) {
        this.handover = handover;
        publisher = new HlsPublisher(limits(settings), budget, InstantSource.system());
        restore();
        servlet = new HlsServlet(publisher);
        sweeper = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("hls-sweeper").factory());
        sweeper.scheduleWithFixedDelay(publisher::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    private static HlsLimits limits(Settings settings) {
        return new HlsLimits(
                settings.window(),
                settings.targetSeconds(),
                Duration.ofSeconds(settings.retentionSeconds()));
    }

    /** Takes changed settings: window and target duration hold for streams that begin from now on. */
    @Modified
    void change(Settings settings) {
        publisher.limits(limits(settings));
    }

    private void restore() {
        Map<String, Object> state = handover.take(PID);
        if (!state.isEmpty()) {
            try {
                publisher.restore(state);
            } catch (HandoverState.UnreadableStateException e) {
                LOG.warn(
                        "What the earlier version of the HLS origin left cannot be read ({}); playlists begin anew",
                        e.getMessage());
            }
        }
    }

    /** Leaves what is shown to the next instance, and forgets it. */
    @Deactivate
    void stop() {
        sweeper.shutdownNow();
        handover.leave(PID, publisher.state());
        publisher.close();
    }

    @Override
    public Publication open(StreamSpec stream) {
        return publisher.open(stream);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        servlet.service(request, response);
    }
}
