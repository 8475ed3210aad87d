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
 * {@link #LIFE}, and before that, the oldest session's first, where there are too many, they take more than a
 * {@link #SHARE} of the budget or memory is short. Thread-safe.
 */
public class ExpiringObjectStore implements ObjectStore {

    /** How long a client may take to fetch. */
    static final Duration LIFE = Duration.ofMinutes(10);

    /** Sessions at once. */
    static final int MOST = 1000;

    /** The part of the budget, one quarter, that results may take: what nobody fetches keeps no work out. */
    static final int SHARE = 4;

    private final Budget budget;
    private final MemoryObjectStore objects;
    private final InstantSource clock;
    private final Map<SessionId, Instant> until = new LinkedHashMap<>();

    /** An empty store. */
    public ExpiringObjectStore(Budget budget, InstantSource clock) {
        this.budget = budget;
        this.objects = new MemoryObjectStore(budget, clock);
        this.clock = clock;
    }

    @Override
    public synchronized String put(SessionId session, String name, Bytes data) {
        expire();
        until.computeIfAbsent(session, one -> clock.instant().plus(LIFE));
        while (until.size() > MOST || until.size() > 1 && isMore(data)) {
            dropOldest(session);
        }
        if (isMore(data)) {
            throw new Fault(
                    Fault.Consequence.BUSY,
                    "the results of one request take more than a quarter of the memory that this node has for work");
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

    private boolean isMore(Bytes data) {
        return objects.held() + data.size() > budget.limit() / SHARE;
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

    /** Forgets what is too old; to be called from time to time, since nobody may come for the rest. */
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

    /** Lets all of it go. Nothing is put in after that. */
    public synchronized void close() {
        until.clear();
        objects.close();
    }
}
