package io.millrace.api.publish;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.SessionId;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Results that a peer fetches by path. Bounded: a directory keeps its newest objects, and a session's
 * objects go when it is dropped.
 */
@ConsumerType
public interface ObjectStore {

    /**
     * Keeps an object.
     *
     * @param name path below the session, such as {@code 720p/17.ts}
     * @return the path to fetch it by: {@code <session>/<name>}
     * @throws io.millrace.api.value.Fault with the consequence BUSY when there is no room
     */
    String put(SessionId session, String name, Bytes data);

    /** The object at this path. */
    Optional<Bytes> get(String path);

    /** Forgets a session's objects. */
    void drop(SessionId session);
}
