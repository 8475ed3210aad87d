package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.Threads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The sessions of this orchestrator. A session has one queue, which one thread works through, job after job. One lock
 * guards all sessions; pipelines and listeners are called after it was released. Thread-safe.
 */
final class Sessions {

    /** Ended sessions whose results are kept, as a multiple of the sessions allowed. */
    private static final int ENDED_FACTOR = 4;

    private final LocalOrchestrator.Parts parts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<SessionId, Session> sessions = new LinkedHashMap<>();

    /** No new session is let in. */
    private boolean shut;

    /** No new job is let in, of no session. */
    private boolean draining;

    /** The node stops: what is let in after all is given up at once. */
    private boolean closed;

    /** What became of a job that asked to be let in. */
    sealed interface Admission {

        /** It is let in, and holds a place until {@link #accept}, {@link #goLive} or {@link #leave}. */
        record Granted(Session session) implements Admission {}

        /** It is not. */
        record Denied(Refusal refusal) implements Admission {}
    }

    /** What is left to do, without the lock, for a session that has ended and whose last job is over. */
    private record Closing(Reservations reservations, Optional<NodeEvent> event) {}

    Sessions(LocalOrchestrator.Parts parts) {
        this.parts = parts;
    }

    /** Why a session that has not begun would not be let in. */
    Optional<Refusal> objection() {
        lock.lock();
        try {
            return shut
                    ? Optional.of(draining())
                    : hasRoom() || idleForNothing().isPresent() ? Optional.empty() : Optional.of(capped());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a job in. A session that is full refuses it as busy. When as many sessions run as are allowed, the one
     * makes way that has been idle longest without a job that succeeded.
     */
    Admission admit(SessionId id) {
        Optional<Closing> madeWay = Optional.empty();
        lock.lock();
        try {
            Session session = sessions.get(id);
            if (draining || shut && (session == null || !session.open)) {
                return new Admission.Denied(draining());
            }
            if (session == null || !session.counts()) {
                Optional<Session> idle = hasRoom() ? Optional.empty() : idleForNothing();
                if (!hasRoom() && idle.isEmpty()) {
                    return new Admission.Denied(capped());
                }
                madeWay = idle.flatMap(each -> end(each, "made way for another session"));
            } else if (session.jobs() > parts.settings().get().queue()) {
                return new Admission.Denied(new Refusal(Reason.BUSY, "the queue of the session is full"));
            }
            if (session == null) {
                session = new Session(id, reservations(id), now());
                sessions.put(id, session);
            }
            session.admitted++;
            session.lastActivity = now();
            return new Admission.Granted(session);
        } finally {
            lock.unlock();
            madeWay.ifPresent(this::finish);
        }
    }

    private boolean hasRoom() {
        return counting() < parts.settings().get().maxSessions();
    }

    private long counting() {
        return sessions.values().stream().filter(Session::counts).count();
    }

    private Optional<Session> idleForNothing() {
        return sessions.values().stream()
                .filter(session -> session.counts() && session.idle() && !session.useful)
                .min(Comparator.comparing(session -> session.lastActivity));
    }

    private static Refusal capped() {
        return new Refusal(Reason.CAPPED, "as many sessions as allowed are running");
    }

    private static Refusal draining() {
        return new Refusal(Reason.DRAINING, "this orchestrator finishes what it has and takes nothing new");
    }

    private Reservations reservations(SessionId id) {
        return new Reservations(id, parts.roster());
    }

    private Instant now() {
        return parts.clock().instant();
    }

    /** A job that was let in is not accepted. */
    void leave(Session session) {
        Optional<Closing> closing;
        lock.lock();
        try {
            session.admitted--;
            session.lastActivity = now();
            closing = settleDown(session);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closing.ifPresent(this::finish);
    }

    /** A job that was let in is accepted: it waits for its turn. */
    void accept(Session session, JobRun job, ManifestId manifest) {
        boolean begins;
        boolean starts;
        boolean stops;
        Thread thread;
        lock.lock();
        try {
            stops = closed;
            begins = begin(session);
            session.waiting.add(job);
            starts = session.thread == null;
            thread = session.thread;
            if (starts) {
                thread = Threads.virtual().name("session-" + session.id).unstarted(() -> work(session));
                session.thread = thread;
            }
        } finally {
            lock.unlock();
        }
        announce(begins, session, manifest);
        if (starts) {
            thread.start();
        }
        if (stops) {
            job.stop();
        }
    }

    /** A live session that was let in begins; false when one of its name runs already. */
    boolean goLive(Session session, LiveRun live) {
        boolean begins;
        boolean stops;
        lock.lock();
        try {
            stops = closed;
            if (find(session, live.manifest()).isPresent()) {
                return false;
            }
            begins = begin(session);
            session.live.add(live);
        } finally {
            lock.unlock();
        }
        announce(begins, session, live.manifest());
        Threads.virtual().name("live-" + session.id).start(live::run);
        if (stops) {
            live.end();
        }
        return true;
    }

    private boolean begin(Session session) {
        session.admitted--;
        session.open = true;
        session.lastActivity = now();
        boolean begins = !session.announced;
        session.announced = true;
        return begins;
    }

    private void announce(boolean begins, Session session, ManifestId manifest) {
        if (begins) {
            parts.events().happened(new NodeEvent.SessionStarted(session.id, manifest));
        }
    }

    /** On the session's own thread. */
    private void work(Session session) {
        Optional<JobRun> job = next(session);
        while (job.isPresent()) {
            job.get().run();
            job = next(session);
        }
    }

    /** Ends the job that ran and takes the next one; without one, the thread ends. */
    private Optional<JobRun> next(Session session) {
        Optional<Closing> closing = Optional.empty();
        lock.lock();
        try {
            if (session.running != null) {
                session.served++;
                session.useful |= session.running.succeeded();
                session.lastActivity = now();
            }
            session.running = session.waiting.poll();
            // an interrupt was meant for the job that ran: only that of a running job is interrupted, under the lock
            Thread.interrupted();
            if (session.running == null) {
                session.thread = null;
                closing = settleDown(session);
            } else {
                session.running.number = session.begun++;
            }
            changed.signalAll();
            return Optional.ofNullable(session.running);
        } finally {
            lock.unlock();
            closing.ifPresent(this::finish);
        }
    }

    /** With the lock: what is to be done for a session that has ended, once nothing of it is left. */
    private Optional<Closing> settleDown(Session session) {
        if (session.open || !session.idle()) {
            return Optional.empty();
        }
        Optional<NodeEvent> event = session.announced
                ? Optional.of(new NodeEvent.SessionEnded(session.id, session.served, session.ending))
                : Optional.empty();
        if (session.begun == 0 && !session.announced) {
            sessions.remove(session.id);
        }
        session.announced = false;
        session.served = 0;
        Closing closing = new Closing(session.reservations, event);
        session.reservations = reservations(session.id);
        return Optional.of(closing);
    }

    private void finish(Closing closing) {
        closing.reservations.close();
        closing.event.ifPresent(parts.events()::happened);
    }

    /** Ends a session once its work is finished; its results stay for a while. Live sessions end now. */
    void end(SessionId id, String reason) {
        Optional<Closing> closing = Optional.empty();
        List<LiveRun> live = List.of();
        lock.lock();
        try {
            Session session = sessions.get(id);
            if (session != null && session.open) {
                live = List.copyOf(session.live);
                closing = end(session, reason);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        live.forEach(LiveRun::end);
        closing.ifPresent(this::finish);
    }

    private Optional<Closing> end(Session session, String reason) {
        session.open = false;
        session.ending = reason;
        session.lastActivity = now();
        return settleDown(session);
    }

    /** Takes a job that was settled out of the queue, or interrupts it. */
    void drop(Session session, JobRun job) {
        boolean waited;
        Optional<Closing> closing = Optional.empty();
        lock.lock();
        try {
            waited = session.waiting.remove(job);
            if (session.running == job && job.isInterruptible()) {
                session.thread.interrupt();
            } else if (waited) {
                closing = settleDown(session);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (waited) {
            job.over();
        }
        closing.ifPresent(this::finish);
    }

    /** The end of a live session. */
    void leave(Session session, LiveRun live) {
        Optional<Closing> closing;
        lock.lock();
        try {
            session.live.remove(live);
            session.served++;
            session.useful |= live.succeeded();
            session.lastActivity = now();
            closing = settleDown(session);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closing.ifPresent(this::finish);
    }

    /** The live session of this name that runs under a session. */
    Optional<LiveRun> live(SessionId id, ManifestId manifest) {
        lock.lock();
        try {
            return Optional.ofNullable(sessions.get(id)).flatMap(session -> find(session, manifest));
        } finally {
            lock.unlock();
        }
    }

    private static Optional<LiveRun> find(Session session, ManifestId manifest) {
        return session.live.stream()
                .filter(live -> live.manifest().equals(manifest))
                .findFirst();
    }

    /** Gives back what sessions hold at a pipeline that has left. */
    void vacate(Pipeline pipeline) {
        List<Reservations> all;
        lock.lock();
        try {
            all = sessions.values().stream().map(session -> session.reservations).toList();
        } finally {
            lock.unlock();
        }
        all.forEach(each -> each.vacate(pipeline));
    }

    /** Gives late jobs up, ends idle sessions and forgets old results. Called twice a second. */
    void sweep() {
        List<JobRun> late = new ArrayList<>();
        List<LiveRun> idle = new ArrayList<>();
        List<Closing> closings = new ArrayList<>();
        lock.lock();
        try {
            OrchestratorSettings settings = parts.settings().get();
            for (Session session : List.copyOf(sessions.values())) {
                session.waiting.stream().filter(JobRun::isLate).forEach(late::add);
                if (session.running != null && session.running.isLate()) {
                    late.add(session.running);
                }
                Instant since = now().minus(settings.sessionIdle());
                session.live.stream().filter(live -> !live.lastMessage().isAfter(since)).forEach(idle::add);
                if (session.open && session.idle() && !session.lastActivity.isAfter(since)) {
                    end(session, "idle").ifPresent(closings::add);
                }
                if (isOver(session) && !session.lastActivity.isAfter(now().minus(settings.retention()))) {
                    forget(session);
                }
            }
            List<Session> over = sessions.values().stream().filter(Sessions::isOver).toList();
            long most = (long) ENDED_FACTOR * settings.maxSessions();
            over.stream().limit(Math.max(0, over.size() - most)).forEach(this::forget);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        late.forEach(JobRun::giveUpLate);
        idle.forEach(LiveRun::end);
        closings.forEach(this::finish);
    }

    private static boolean isOver(Session session) {
        return !session.counts() && session.idle();
    }

    /** With the lock, so that results of a session that comes back meanwhile stay. */
    private void forget(Session session) {
        sessions.remove(session.id);
        parts.store().drop(session.id);
    }

    List<SessionStatus> status() {
        lock.lock();
        try {
            return sessions.values().stream()
                    .filter(session -> session.open)
                    .map(s -> new SessionStatus(s.id.value(), s.since, s.served, s.waiting.size()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Whether new sessions are refused. */
    boolean isShut() {
        lock.lock();
        try {
            return shut;
        } finally {
            lock.unlock();
        }
    }

    /** Lets no new sessions in, and with {@code jobs} no new jobs either. */
    void shut(boolean jobs) {
        lock.lock();
        try {
            shut = true;
            draining |= jobs;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is being read, waits or runs. */
    boolean awaitQuiet(Deadline deadline) {
        return await(() -> sessions.values().stream().allMatch(Session::idle), deadline);
    }

    /** Waits until no session runs. */
    boolean awaitNone(Deadline deadline) {
        return await(() -> sessions.values().stream().allMatch(Sessions::isOver), deadline);
    }

    private boolean await(BooleanSupplier state, Deadline deadline) {
        lock.lock();
        try {
            long nanos = TimeUnit.NANOSECONDS.convert(deadline.remaining(parts.clock()));
            while (!state.getAsBoolean() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return state.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Gives everything up: the node stops. Results go at once. */
    void close() {
        List<JobRun> jobs = new ArrayList<>();
        List<LiveRun> live = new ArrayList<>();
        List<Closing> closings = new ArrayList<>();
        lock.lock();
        try {
            shut = true;
            draining = true;
            closed = true;
            for (Session session : List.copyOf(sessions.values())) {
                jobs.addAll(session.waiting);
                if (session.running != null) {
                    jobs.add(session.running);
                }
                live.addAll(session.live);
                if (session.open) {
                    end(session, "the node stops").ifPresent(closings::add);
                }
                parts.store().drop(session.id);
            }
        } finally {
            lock.unlock();
        }
        jobs.forEach(JobRun::stop);
        live.forEach(LiveRun::end);
        closings.forEach(this::finish);
    }
}
