package io.millrace.media.rtmp;

import io.millrace.api.node.Endpoint;
import java.net.URI;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * A service that exists only while the RTMP socket is open, and tells the rest of the node its address. It comes from
 * a component factory, since a component without one would exist all the time.
 */
@Component(service = Endpoint.class, factory = OpenRtmp.FACTORY)
public final class OpenRtmp implements Endpoint {

    static final String FACTORY = "io.millrace.media.rtmp.endpoint";
    static final String ADDRESS = "address";

    private final URI uri;

    /** Made for a socket that has just been opened. */
    @Activate
    public OpenRtmp(Map<String, Object> properties) {
        uri = URI.create((String) properties.get(ADDRESS));
    }

    @Override
    public String name() {
        return "rtmp";
    }

    @Override
    public URI uri() {
        return uri;
    }
}
