package io.millrace.itests.framework;

import io.millrace.api.node.Endpoint;
import io.millrace.api.node.NodeControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The node around the test: its settings, its ports, its services. */
final class LiveNode {

    private LiveNode() {}

    /** Whether a socket listens there. */
    static boolean accepts(URI uri) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Changes settings, as the console does. */
    static void set(String pid, Map<String, ?> changed) {
        with(ConfigurationAdmin.class, null, admin -> {
            try {
                Configuration configuration = admin.getConfiguration(pid, "?");
                Dictionary<String, Object> properties = configuration.getProperties();
                Dictionary<String, Object> next = properties == null ? new Hashtable<>() : properties;
                changed.forEach(next::put);
                configuration.update(next);
                return null;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Where a port is open. */
    static URI endpoint(String name) {
        try {
            Collection<ServiceReference<Endpoint>> references =
                    context().getServiceReferences(Endpoint.class, null);
            return references.stream()
                    .map(context()::getService)
                    .filter(endpoint -> endpoint != null && endpoint.name().equals(name))
                    .map(Endpoint::uri)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no endpoint " + name));
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Asks the node. */
    static <R> R control(Function<NodeControl, R> question) {
        return with(NodeControl.class, null, question);
    }

    /** Asks the best service of its kind. */
    static <S, R> R with(Class<S> type, String filter, Function<S, R> question) {
        try {
            ServiceReference<S> reference =
                    context().getServiceReferences(type, filter).iterator().next();
            return question.apply(context().getService(reference));
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static BundleContext context() {
        return FrameworkUtil.getBundle(LiveNode.class).getBundleContext();
    }
}
