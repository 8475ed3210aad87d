package io.millrace.api.node;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps for a moment what an instance that is replaced leaves to the next one of its kind: an instance
 * leaves it when it is deactivated, its successor takes it when it is activated, before it serves. What
 * must outlive a swap and is nobody's session belongs here: what viewers are being shown, for example.
 *
 * <p>An estate is made of values of the JDK and of this API, in maps, collections and optionals: an
 * object of a bundle's own classes would keep that bundle's earlier version in memory. Its form is
 * between the versions of one bundle; who cannot read what it finds begins anew.
 */
@ProviderType
public interface Estates {

    /**
     * Leaves an estate; one of the same kind that nobody took is forgotten.
     *
     * @param kind whose it is, such as a component's PID
     * @throws IllegalArgumentException when a value is of a class that is neither the JDK's nor the API's
     */
    void leave(String kind, Map<String, Object> estate);

    /** Takes what was left a moment ago; empty when nothing was, or too long ago. */
    Map<String, Object> take(String kind);
}
