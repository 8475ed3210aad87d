package io.millrace.ops.metrics;

import io.millrace.ops.bundles.BundlesComponent;
import io.millrace.ops.settings.NodeSettings;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /metrics}. */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/metrics"})
public final class MetricsServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;

    private final transient Scrape scrape;

    @Activate
    public MetricsServlet(
            @Reference NodeView node,
            @Reference NodeMeters meters,
            @Reference NodeSettings settings,
            @Reference BundlesComponent bundles) {
        this(node, meters, () -> streamLimit(settings), bundles::counts);
    }

    MetricsServlet(
            NodeView node, NodeMeters meters, IntSupplier streamLimit, Supplier<Map<String, Integer>> bundles) {
        super(node::hosts);
        scrape = new Scrape(node, meters, streamLimit, bundles, nodeId(hostName(), node.status().data()));
    }

    private static int streamLimit(NodeSettings settings) {
        return settings.value("io.millrace.kernel.gateway", "maxSessions").map(Integer::parseInt).orElse(0);
    }

    @Override
    protected boolean isPublic() {
        return true;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(
                response,
                HttpServletResponse.SC_OK,
                Exposition.CONTENT_TYPE,
                scrape.text().getBytes(StandardCharsets.UTF_8));
    }

    /** The same after each start, and another for each node of a host: nodes have a data folder each. */
    static String nodeId(String host, String data) {
        if (data.isEmpty()) {
            return host;
        }
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, bytes.length);
        return host + "-" + String.format("%08x", sum.getValue());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
