package io.millrace.api.node;

import java.net.URI;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A socket that is open, registered as a service for as long as it is: the marker that readiness is
 * wired from. Names in use: {@code http}, {@code rtmp}, {@code service}, {@code admin}.
 */
@ConsumerType
public interface Endpoint {

    /** What it is for. */
    String name();

    /** Where to reach it. */
    URI uri();
}
