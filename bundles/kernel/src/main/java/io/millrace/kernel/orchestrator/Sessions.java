package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.orchestrator.Refusal.Reason;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.Threads;
import io.millrace.kernel.event.KernelEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The sessions of this orchestrator. A session has one queue, which one thread works through, job after job. A request
 * has a session of its own, which ends with it, since gateways hand in many at once under one token. All sessions are guarded by the monitor of this object; pipelines and listeners are called without it. Thread-safe.
 */
final class Sessions {

    /** Ended sessions whose results are kept, as a multiple of the sessions allowed. */
    private static final int ENDED_FACTOR = 4;

    /** After so long without a job a session makes way for another one, when there is no room else. */
    static final Duration QUIET = Duration.ofSeconds(15);

    private final LocalOrchestrator.Parts parts;
    private final Map<SessionId, Session> sessions = new LinkedHashMap<>();

    /** What is done once the monitor is free: pipelines and listeners are told of sessions that have ended. */
    private final List<Runnable> after = new ArrayList<>();

    /** No new session is let in. */
    private boolean shut;

    /** No new job is let in, of no session. */
    private boolean draining;

    /** The node stops: a job that was let in before and is accepted now is given up at once. */
    private volatile boolean closed;

    /** What became of a job that asked to be let in: a place at a {@link Session}, or none. */
    sealed interface Admission permits Session, Denied {}

    /** It is not let in. */
    record Denied(Refusal refusal) implements Admission {}

    Sessions(LocalOrchestrator.Parts parts) {
        this.parts = parts;
    }

    /** Why a session that has not begun would not be let in, for segments or for a {@code single} request. */
    synchronized Optional<Refusal> objection(boolean single) {
        if (shut) {
            return Optional.of(draining());
        }
        return single || hasRoom(false) || longestIdle().isPresent() ? Optional.empty() : Optional.of(capped());
    }

    /**
     * Lets a job in, which holds a place until {@link #accept}, {@link #goLive} or {@link #leave}. A session that is
     * full refuses it as busy. When as many sessions run as are allowed, the one makes way that has been idle longest:
     * at once when none of its jobs has succeeded, else after {@link #QUIET}.
     */
    Admission admit(SessionId id) {
        return admit(id, false);
    }

    /** Lets a request in, under a session that it has for itself. */
    Admission admitRequest(SessionId fresh) {
        return admit(fresh, true);
    }

    private Admission admit(SessionId id, boolean single) {
        Admission admission = tryToAdmit(id, single);
        finish();
        return admission;
    }

    private synchronized Admission tryToAdmit(SessionId id, boolean single) {
        Session session = sessions.get(id);
        if (draining || shut && (session == null || !session.open)) {
            return new Denied(draining());
        }
        if (session != null && session.counts()) {
            if (session.jobs() > parts.settings().get().queue()) {
                return new Denied(new Refusal(Reason.BUSY, "the queue of the session is full"));
            }
        } else if (!hasRoom(single)) {
            Optional<Session> idle = single ? Optional.empty() : longestIdle();
            if (idle.isEmpty()) {
                return new Denied(capped());
            }
            end(idle.get(), "made way for another session");
        }
        session = sessions.computeIfAbsent(id, key -> new Session(key, single, reservations(key), now()));
        session.admitted++;
        session.lastActivity = now();
        return session;
    }

    private boolean hasRoom(boolean single) {
        OrchestratorSettings settings = parts.settings().get();
        return sessions.values().stream()
                        .filter(session -> session.single == single && session.counts())
                        .count()
                < (single ? settings.maxRequests() : settings.maxSessions());
    }

    /** A gateway that has segments hands one in every few seconds. */
    private boolean isQuiet(Session session) {
        return !now().isBefore(session.lastActivity.plus(QUIET));
    }

    private Optional<Session> longestIdle() {
        return sessions.values().stream()
                .filter(session -> session.open && session.idle() && (!session.useful || isQuiet(session)))
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
        synchronized (this) {
            session.admitted--;
            session.lastActivity = now();
            settleDown(session);
        }
        finish();
    }

    /** A job that was let in is accepted: it waits for its turn. */
    void accept(JobRun job) {
        Session session = job.session;
        boolean begins;
        Optional<Thread> thread = Optional.empty();
        synchronized (this) {
            begins = begin(session);
            if (session.thread == null) {
                session.take(job);
                session.thread = Threads.virtual().name("session-" + session.id).unstarted(() -> work(session, job));
                thread = Optional.of(session.thread);
            } else {
                session.waiting.add(job);
            }
        }
        announce(begins, session, job.manifest());
        thread.ifPresent(Thread::start);
        if (closed) {
            job.stop();
        }
    }

    /** A live session that was let in begins; false when one of its name runs already. */
    boolean goLive(LiveRun live) {
        Session session = live.session;
        boolean begins;
        synchronized (this) {
            if (find(session, live.manifest()).isPresent()) {
                return false;
            }
            begins = begin(session);
            session.live.add(live);
        }
        announce(begins, session, live.manifest());
        Threads.virtual().name("live-" + session.id).start(live::run);
        if (closed) {
            live.end();
        }
        return true;
    }

    /** Whether the session was not open before, and is told of. */
    private boolean begin(Session session) {
        session.admitted--;
        session.open = true;
        session.lastActivity = now();
        // of a request it is told that it was served, which says all
        boolean begins = !session.announced && !session.single;
        session.announced |= begins;
        return begins;
    }

    private void announce(boolean begins, Session session, ManifestId manifest) {
        if (begins) {
            parts.events().happened(new KernelEvents.SessionStarted(session.id, manifest));
        }
    }

    /** On the session's own thread. */
    private void work(Session session, JobRun first) {
        for (JobRun job = first; job != null; job = next(session)) {
            job.run();
        }
        finish();
    }

    /** Ends the job that ran and takes the next one; without one, null, and the thread ends. */
    private synchronized JobRun next(Session session) {
        session.served++;
        session.useful |= session.running.succeeded();
        session.lastActivity = now();
        session.take(session.waiting.poll());
        // an interrupt that is pending now was meant for the job that ran
        Thread.interrupted();
        if (session.running == null) {
            session.thread = null;
            if (session.single) {
                session.open = false;
                session.ending = "answered";
            }
            settleDown(session);
        }
        notifyAll();
        return session.running;
    }

    /** Something of a session is over. Once a session has ended and nothing of it is left, it is closed. */
    private void settleDown(Session session) {
        notifyAll();
        if (session.open || !session.idle()) {
            return;
        }
        after.add(session.reservations::close);
        if (session.announced) {
            NodeEvent ended = new KernelEvents.SessionEnded(session.id, session.served, session.ending);
            after.add(() -> parts.events().happened(ended));
        }
        if (session.begun == 0) {
            sessions.remove(session.id);
        }
        session.reservations = reservations(session.id);
        session.announced = false;
        session.served = 0;
    }

    /** Closes what has ended, without the monitor. */
    private void finish() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(after);
            after.clear();
        }
        all.forEach(Runnable::run);
    }

    /** Ends a session once its work is finished; its results stay for a while. Live sessions end now. */
    void end(SessionId id, String reason) {
        List<LiveRun> live = List.of();
        synchronized (this) {
            Session session = sessions.get(id);
            if (session != null && session.open) {
                live = List.copyOf(session.live);
                session.lastActivity = now();
                end(session, reason);
            }
        }
        live.forEach(LiveRun::end);
        finish();
    }

    private void end(Session session, String reason) {
        session.open = false;
        session.ending = reason;
        settleDown(session);
    }

    /** Takes a job that was given up out of the queue, or interrupts it. */
    void drop(JobRun job) {
        Session session = job.session;
        boolean waited;
        synchronized (this) {
            waited = session.waiting.remove(job);
            if (waited) {
                settleDown(session);
            } else if (session.running == job && !job.finishing) {
                session.thread.interrupt();
            }
        }
        if (waited) {
            job.over();
        }
        finish();
    }

    /** On the thread of a running job: from now on it is not interrupted any more. */
    synchronized void finish(JobRun job) {
        job.finishing = true;
        Thread.interrupted();
    }

    /** A live session is over. */
    void leave(LiveRun live) {
        Session session = live.session;
        synchronized (this) {
            session.live.remove(live);
            session.served++;
            session.useful |= live.succeeded();
            session.lastActivity = now();
            settleDown(session);
        }
        finish();
    }

    /** The live session of this name that runs under a session. */
    synchronized Optional<LiveRun> live(SessionId id, ManifestId manifest) {
        return Optional.ofNullable(sessions.get(id)).flatMap(session -> find(session, manifest));
    }

    /** For what a live session under this one is paid that has this balance. */
    synchronized Optional<JobSpec> paidBy(SessionId id, BalanceId balance) {
        return Optional.ofNullable(sessions.get(id)).flatMap(session -> session.live.stream()
                .map(LiveRun::spec)
                .filter(spec -> LiveRun.balance(spec).equals(balance))
                .map(LiveSpec::spec)
                .findFirst());
    }

    private static Optional<LiveRun> find(Session session, ManifestId manifest) {
        return session.live.stream()
                .filter(live -> live.manifest().equals(manifest))
                .findFirst();
    }

    /** Gives back what sessions hold at a pipeline that has left. */
    void vacate(Pipeline pipeline) {
        List<Reservations> all;
        synchronized (this) {
            all = sessions.values().stream().map(session -> session.reservations).toList();
        }
        all.forEach(each -> each.vacate(pipeline));
    }

    /** Gives late jobs up, ends idle sessions and forgets old results. Called twice a second. */
    void sweep() {
        List<JobRun> late = new ArrayList<>();
        List<LiveRun> idle = new ArrayList<>();
        synchronized (this) {
            OrchestratorSettings settings = parts.settings().get();
            Instant since = now().minus(settings.sessionIdle());
            Instant before = now().minus(settings.retention());
            for (Session session : List.copyOf(sessions.values())) {
                session.work().stream().filter(JobRun::isLate).forEach(late::add);
                session.live.stream().filter(live -> !live.lastMessage().isAfter(since)).forEach(idle::add);
                if (session.open && session.idle() && !session.lastActivity.isAfter(since)) {
                    end(session, "idle");
                }
                if (session.isOver() && !session.lastActivity.isAfter(before)) {
                    forget(session);
                }
            }
            forgetMoreThan((long) ENDED_FACTOR * settings.maxSessions(), false);
            forgetMoreThan((long) ENDED_FACTOR * settings.maxRequests(), true);
        }
        late.forEach(JobRun::giveUpLate);
        idle.forEach(LiveRun::end);
        finish();
    }

    private void forgetMoreThan(long most, boolean single) {
        List<Session> over = sessions.values().stream()
                .filter(session -> session.single == single && session.isOver())
                .toList();
        over.stream().limit(Math.max(0, over.size() - most)).forEach(this::forget);
    }

    /** With the monitor, so that results of a session that comes back meanwhile stay. */
    private void forget(Session session) {
        sessions.remove(session.id);
        parts.store().drop(session.id);
    }

    /** Sessions that run now; a single request is none that an operator knows. */
    synchronized List<SessionStatus> status() {
        return sessions.values().stream()
                .filter(session -> session.open && !session.single)
                .map(s -> new SessionStatus(s.id.value(), s.since, s.served, s.waiting.size()))
                .toList();
    }

    /** Whether new sessions are refused. */
    synchronized boolean isShut() {
        return shut;
    }

    /** Lets no new sessions in, and with {@code jobs} no new jobs either. */
    synchronized void shut(boolean jobs) {
        shut = true;
        draining |= jobs;
    }

    /** Waits until each session is so; whether that was by the deadline. */
    synchronized boolean await(Predicate<Session> state, Deadline deadline) {
        try {
            return Threads.await(
                    this,
                    deadline.remaining(parts.clock()),
                    () -> sessions.values().stream().allMatch(state));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives everything up: the node stops. Results go at once. */
    void close() {
        List<JobRun> jobs = new ArrayList<>();
        List<LiveRun> live = new ArrayList<>();
        synchronized (this) {
            shut = true;
            draining = true;
            closed = true;
            for (Session session : List.copyOf(sessions.values())) {
                jobs.addAll(session.work());
                live.addAll(session.live);
                end(session, "the node stops");
                parts.store().drop(session.id);
            }
        }
        jobs.forEach(JobRun::stop);
        live.forEach(LiveRun::end);
        finish();
    }
}
