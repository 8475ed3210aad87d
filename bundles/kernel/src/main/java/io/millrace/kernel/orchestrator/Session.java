package io.millrace.kernel.orchestrator;

import io.millrace.api.job.LivePorts;
import io.millrace.api.value.SessionId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/** What is known of one session. Everything is guarded by the lock of {@link Sessions}. */
final class Session {

    final SessionId id;
    final Queue<Work> waiting = new ArrayDeque<>();
    final Set<LivePorts> live = new HashSet<>();
    final Instant since;
    Work running;
    Seats seats;
    Instant lastActivity;
    long served;

    /** Jobs begun ever, which names results that have no number of their own. */
    long begun;

    /** Its beginning was told. */
    boolean announced;

    /** Why nothing more is expected; null while it counts as one of the sessions that are allowed. */
    String ending;

    /** Its end was told and its reservations were given back; only its results are left. */
    boolean retired;

    Session(SessionId id, Seats seats, Instant since) {
        this.id = id;
        this.seats = seats;
        this.since = since;
        this.lastActivity = since;
    }

    boolean counts() {
        return ending == null;
    }

    boolean idle() {
        return running == null && waiting.isEmpty() && live.isEmpty();
    }
}
