package io.millrace.itests.framework;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.gateway.JobGate;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.publish.Publisher;
import io.millrace.testkit.FlowNode;
import io.millrace.testkit.WholeFlowContract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** The whole flow over the real wire: TLS, gRPC and HTTP between the two halves of one node. */
@ExtendWith(InFramework.class)
public class WireFlowIT extends WholeFlowContract {

    private static final long PATIENCE_MILLIS = 60_000;

    @Configuration
    public Option[] node() throws IOException {
        String service = "127.0.0.1:" + Node.freePort();
        return Node.optionsWithout(
                List.of("io.millrace.ffmpeg"),
                "combined",
                "io.millrace.kernel.gateway.orchestrators=https://" + service,
                "io.millrace.kernel.gateway.graceSeconds=0",
                "io.millrace.http~service.address=" + service,
                "io.millrace.http~http.address=127.0.0.1:0",
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.rtmp.address=127.0.0.1:0");
    }

    @Override
    protected FlowNode node(List<Pipeline> pipelines, Publisher publisher, NodeEvents events) {
        BundleContext context = FrameworkUtil.getBundle(WireFlowIT.class).getBundleContext();
        List<ServiceRegistration<?>> registrations = new ArrayList<>();
        pipelines.forEach(pipeline -> registrations.add(context.registerService(Pipeline.class, pipeline, null)));
        registrations.add(context.registerService(Publisher.class, publisher, null));
        registrations.add(context.registerService(NodeEvents.class, events, null));
        StreamGate streams = service(context, StreamGate.class);
        JobGate jobs = service(context, JobGate.class);
        NodeControl control = service(context, NodeControl.class);
        return new FlowNode() {
            @Override
            public StreamGate streams() {
                return streams;
            }

            @Override
            public JobGate jobs() {
                return jobs;
            }

            @Override
            public void close() {
                control.streams().forEach(stream -> control.endStream(stream.manifest()));
                registrations.reversed().forEach(ServiceRegistration::unregister);
            }
        };
    }

    private static <S> S service(BundleContext context, Class<S> type) {
        ServiceTracker<S, S> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        try {
            return tracker.waitForService(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
