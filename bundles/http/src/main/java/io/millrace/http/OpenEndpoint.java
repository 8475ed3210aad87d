package io.millrace.http;

import io.millrace.api.node.Endpoint;
import java.net.URI;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * A service that exists only while a socket is open, and tells the rest of the node its address. It comes from a
 * component factory, since a component without one would exist all the time.
 */
@Component(service = Endpoint.class, factory = OpenEndpoint.FACTORY)
public final class OpenEndpoint implements Endpoint {

    static final String FACTORY = "io.millrace.http.endpoint";
    static final String NAME = "name";
    static final String URI = "uri";

    private final String name;
    private final URI uri;

    /** Made for a socket that has just been opened. */
    @Activate
    public OpenEndpoint(Map<String, Object> properties) {
        name = (String) properties.get(NAME);
        uri = java.net.URI.create((String) properties.get(URI));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public URI uri() {
        return uri;
    }
}
