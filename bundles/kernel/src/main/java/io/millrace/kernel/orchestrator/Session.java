package io.millrace.kernel.orchestrator;

import io.millrace.api.value.SessionId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** What is known of one session. The fields that change are guarded by the monitor of {@link Sessions}. */
final class Session implements Sessions.Admission {

    final SessionId id;
    final Instant since;

    /** It is for one request, and ends with it. */
    final boolean single;

    final Queue<JobRun> waiting = new ArrayDeque<>();
    final List<LiveRun> live = new ArrayList<>();
    Reservations reservations;

    /** Works through the queue; null while there is nothing to do. */
    Thread thread;

    JobRun running;

    /** Jobs that were let in and are not accepted yet: their payment is looked at or their body is read. */
    int admitted;

    /** A job was accepted, and the session has not ended since. */
    boolean open;

    /** Its beginning was told to the listeners and its end was not. */
    boolean announced;

    /** Why it ended. */
    String ending = "";

    /** Jobs that are over since the session began. */
    long served;

    /** Whether one of its jobs ever succeeded. */
    boolean useful;

    /** Jobs begun ever. */
    long begun;

    Instant lastActivity;

    Session(SessionId id, boolean single, Reservations reservations, Instant since) {
        this.id = id;
        this.single = single;
        this.reservations = reservations;
        this.since = since;
        this.lastActivity = since;
    }

    /** Whether it is one of the sessions that are allowed at once. */
    boolean counts() {
        return open || admitted > 0;
    }

    /** Whether nothing is being read, waits or runs. */
    boolean idle() {
        return admitted == 0 && running == null && waiting.isEmpty() && live.isEmpty();
    }

    /** Whether nothing is left of it but its results. */
    boolean isOver() {
        return !counts() && idle();
    }

    /** Makes a job the one that runs; null for none. */
    void take(JobRun job) {
        running = job;
        if (job != null) {
            begun++;
        }
    }

    /** The job that runs and those that wait. */
    List<JobRun> work() {
        List<JobRun> all = new ArrayList<>(waiting);
        if (running != null) {
            all.add(running);
        }
        return all;
    }

    /** Jobs that take a place now. One whose result is told makes way, since its gateway may send the next at once. */
    int jobs() {
        return admitted + waiting.size() + (running == null || running.isSettled() ? 0 : 1);
    }
}
