package io.millrace.kernel.store;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what a gateway's clients fetch of their results, who never say that they have it: a session's objects go after
 * {@link #LIFE}, and before that, the oldest session's first, where there are too many or memory is short. Thread-safe.
 */
public class ExpiringObjectStore implements ObjectStore {

    /** How long a client may take to fetch. */
    static final Duration LIFE = Duration.ofMinutes(10);

    /** Sessions at once. */
    static final int MOST = 1000;

    private final MemoryObjectStore objects;
    private final InstantSource clock;
    private final Map<SessionId, Instant> until = new LinkedHashMap<>();

    /** An empty store. */
    public ExpiringObjectStore(Budget budget, InstantSource clock) {
        this.objects = new MemoryObjectStore(budget, clock);
        this.clock = clock;
    }

    @Override
    public synchronized String put(SessionId session, String name, Bytes data) {
        expire();
        until.computeIfAbsent(session, one -> clock.instant().plus(LIFE));
        while (until.size() > MOST) {
            dropOldest(session);
        }
        while (true) {
            try {
                return objects.put(session, name, data);
            } catch (Fault e) {
                if (until.size() == 1) {
                    throw e;
                }
                dropOldest(session);
            }
        }
    }

    private void dropOldest(SessionId besides) {
        drop(until.keySet().stream().filter(one -> !one.equals(besides)).findFirst().orElseThrow());
    }

    @Override
    public synchronized Optional<Bytes> get(String path) {
        expire();
        return objects.get(path);
    }

    @Override
    public synchronized void drop(SessionId session) {
        until.remove(session);
        objects.drop(session);
    }

    /** Forgets what is too old. */
    public synchronized void expire() {
        Instant now = clock.instant();
        for (Iterator<Map.Entry<SessionId, Instant>> each = until.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<SessionId, Instant> session = each.next();
            if (session.getValue().isAfter(now)) {
                return;
            }
            each.remove();
            objects.drop(session.getKey());
        }
    }
}
