package io.millrace.http;

import io.millrace.api.node.Endpoint;
import java.net.URI;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The service that stands for an open socket. A factory's, since it exists only while the socket is open. */
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
