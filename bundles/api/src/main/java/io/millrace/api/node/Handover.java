package io.millrace.api.node;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps state for a short time while an instance is replaced: the instance leaves it when it is deactivated, and the
 * next one of its kind takes it when it is activated, before it serves. What must outlive an update and belongs to no
 * session goes through here, for example what viewers are being shown.
 *
 * <p>The state is made of values of the JDK and of this API, in maps, collections and optionals. An object of one of
 * the bundle's own classes would keep the bundle's earlier version in memory. The bundle alone decides on the form; a
 * version that cannot read what it finds begins anew. Thread-safe.
 */
@ProviderType
public interface Handover {

    /**
     * Leaves state for the next instance. State of the same kind that nobody took is forgotten.
     *
     * @param kind who takes it, such as the component's PID
     * @throws IllegalArgumentException when a value is of a class that is neither the JDK's nor the API's
     */
    void leave(String kind, Map<String, Object> state);

    /** Takes what was left less than a minute ago; empty when nothing was. */
    Map<String, Object> take(String kind);
}
