package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.job.Failure;
import io.millrace.api.job.LivePorts;
import io.millrace.api.job.Payload;
import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.kernel.Threads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The sessions of this orchestrator: one job at a time each, a few behind it, and an end. One lock
 * guards them all; nothing foreign is called while it is held, but afterwards.
 */
final class Sessions {

    /** How long a pipeline may take to give a job up before its session goes on without it. */
    static final Duration GIVING_UP = Duration.ofSeconds(5);

    /** Ended sessions whose results are kept, as a multiple of the sessions allowed. */
    private static final int RETIRED_FACTOR = 4;

    private final Supplier<Terms> terms;
    private final InstantSource clock;
    private final Roster roster;
    private final Worker worker;
    private final ObjectStore store;
    private final NodeEvents events;
    private final Endings endings;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final Map<SessionId, Session> sessions = new LinkedHashMap<>();
    private long heldBytes;
    private int uploads;

    Sessions(
            Supplier<Terms> terms,
            InstantSource clock,
            Roster roster,
            Worker worker,
            ObjectStore store,
            NodeEvents events,
            Function<AuthToken, Optional<Offer>> next) {
        this.terms = terms;
        this.clock = clock;
        this.roster = roster;
        this.worker = worker;
        this.store = store;
        this.events = events;
        this.endings = new Endings(events, clock, next);
    }

    /** Runs with the lock, then what it asked to be done without it. */
    private <R> R locked(Function<List<Runnable>, R> step) {
        List<Runnable> afterwards = new ArrayList<>();
        lock.lock();
        try {
            return step.apply(afterwards);
        } finally {
            quiet.signalAll();
            lock.unlock();
            afterwards.forEach(Runnable::run);
        }
    }

    /** Whether a job of this session, new or not, would find room. */
    boolean hasRoom(SessionId id) {
        return locked(afterwards -> allowed(id));
    }

    /** Whether one more session would find room. */
    boolean hasRoom() {
        return locked(afterwards -> counting() < terms.get().maxSessions());
    }

    /** Whether this session has begun and not ended. */
    boolean isRunning(SessionId id) {
        return locked(afterwards -> {
            Session session = sessions.get(id);
            return session != null && session.counts();
        });
    }

    private boolean allowed(SessionId id) {
        Session session = sessions.get(id);
        return session != null && session.counts() || counting() < terms.get().maxSessions();
    }

    private long counting() {
        return sessions.values().stream().filter(Session::counts).count();
    }

    /** A body begins to be read; false when more are on their way than could ever be queued. */
    boolean beginUpload() {
        return locked(afterwards -> {
            if (uploads >= terms.get().maxSessions() * (terms.get().queue() + 1)) {
                return false;
            }
            uploads++;
            return true;
        });
    }

    /** Its end, however it came. */
    void endUpload() {
        locked(afterwards -> uploads--);
    }

    /** Queues a job. One that finds no room is settled at once, as the wire has said 200 already. */
    void enqueue(Work work, ManifestId manifest) {
        locked(afterwards -> {
            SessionId id = work.token.session();
            if (!allowed(id)) {
                return work.settle(Work.failed(Failure.Kind.BUSY, Texts.CAPPED));
            }
            if (heldBytes + work.input.size() > terms.get().maxWaitingBytes()) {
                return work.settle(Work.failed(Failure.Kind.BUSY, Texts.BUSY));
            }
            Session session = enter(id, manifest, afterwards);
            if (session.running != null && session.waiting.size() >= places(session)) {
                return work.settle(Work.failed(Failure.Kind.BUSY, Texts.BUSY));
            }
            heldBytes += work.input.size();
            session.waiting.add(work);
            startNext(session);
            return true;
        });
    }

    /** A job whose end is told already makes way: its gateway may send the next one at once. */
    private int places(Session session) {
        return terms.get().queue() + (session.running.isSettled() ? 1 : 0);
    }

    private Session enter(SessionId id, ManifestId manifest, List<Runnable> afterwards) {
        Session session =
                sessions.computeIfAbsent(id, key -> new Session(key, new Seats(key, roster), clock.instant()));
        if (session.retired) {
            session.retired = false;
            session.seats = new Seats(id, roster);
        }
        if (!session.announced) {
            session.announced = true;
            afterwards.add(() -> events.happened(new NodeEvent.SessionStarted(id, manifest)));
        }
        session.ending = null;
        session.lastActivity = clock.instant();
        return session;
    }

    private void startNext(Session session) {
        Work work = session.running == null ? session.waiting.poll() : null;
        if (work != null) {
            Seats seats = session.seats;
            long begun = session.begun++;
            long number = work.payload instanceof Payload.Transcode transcode ? transcode.sequence() : begun;
            session.running = work;
            work.startedAt = clock.instant();
            work.thread = Threads.virtual()
                    .name("session-" + session.id)
                    .start(() -> finish(session, work, seats, worker.work(work, number, seats)));
        }
    }

    private void finish(Session session, Work work, Seats seats, Worker.Outcome outcome) {
        endings.settle(work, outcome);
        endings.report(work, outcome);
        locked(afterwards -> {
            if (session.running == work) {
                session.served++;
                ended(session, work);
                settleDown(session, afterwards);
            } else {
                afterwards.add(seats::close);
            }
            return true;
        });
    }

    private void ended(Session session, Work work) {
        session.running = null;
        heldBytes -= work.input.size();
        session.lastActivity = clock.instant();
        startNext(session);
    }

    /** Ends what ended by itself or was ended, once its work is finished. */
    private void settleDown(Session session, List<Runnable> afterwards) {
        if (session.ending != null && session.idle() && !session.retired) {
            session.retired = true;
            session.announced = false;
            Seats seats = session.seats;
            afterwards.add(seats::close);
            NodeEvent end = new NodeEvent.SessionEnded(session.id, session.served, session.ending);
            session.served = 0;
            afterwards.add(() -> events.happened(end));
        }
    }

    /** Ends a session once its work is finished; its results stay for a while. */
    void end(SessionId id, String reason) {
        locked(afterwards -> {
            Session session = sessions.get(id);
            if (session != null && session.ending == null) {
                session.ending = reason;
                session.lastActivity = clock.instant();
                settleDown(session, afterwards);
            }
            return true;
        });
    }

    /** Gives a job up that waits or runs. */
    void cancel(Work work) {
        locked(afterwards -> {
            Session session = sessions.get(work.token.session());
            if (session != null && session.waiting.remove(work)) {
                heldBytes -= work.input.size();
                settleDown(session, afterwards);
                giveUp(work, Failure.Kind.CANCELLED, Texts.STOPPED, afterwards);
            } else if (session != null && session.running == work) {
                giveUp(work, Failure.Kind.CANCELLED, Texts.STOPPED, afterwards);
            }
            return true;
        });
    }

    /** Settled before its thread is interrupted: what the pipeline makes of that no longer counts. */
    private void giveUp(Work work, Failure.Kind kind, String text, List<Runnable> afterwards) {
        Worker.Outcome outcome = Worker.Outcome.failed(kind, text);
        Thread thread = work.thread;
        afterwards.add(() -> {
            if (endings.settle(work, outcome)) {
                endings.report(work, outcome);
            }
            if (thread != null) {
                thread.interrupt();
            }
        });
    }

    /** Lets a live session in; false when there is no room for its session. */
    boolean enterLive(SessionId id, ManifestId manifest, LivePorts ports) {
        return locked(afterwards -> {
            if (!allowed(id)) {
                return false;
            }
            enter(id, manifest, afterwards).live.add(ports);
            return true;
        });
    }

    /** The end of a live session. */
    void leaveLive(SessionId id, LivePorts ports) {
        locked(afterwards -> {
            Session session = sessions.get(id);
            if (session != null && session.live.remove(ports)) {
                session.served++;
                session.lastActivity = clock.instant();
                settleDown(session, afterwards);
            }
            return true;
        });
    }

    /** Gives back what sessions hold at a pipeline that has left. */
    void vacate(Pipeline pipeline) {
        locked(afterwards -> {
            for (Session session : sessions.values()) {
                Seats seats = session.seats;
                afterwards.add(() -> seats.vacate(pipeline));
            }
            return true;
        });
    }

    /** What time brings: late jobs are given up, idle sessions end, old results go. Called now and then. */
    void sweep() {
        locked(afterwards -> {
            List.copyOf(sessions.values()).forEach(session -> sweep(session, afterwards));
            List<Session> retired =
                    sessions.values().stream().filter(s -> s.retired).toList();
            long tooMany = retired.size() - (long) RETIRED_FACTOR * terms.get().maxSessions();
            retired.stream().limit(Math.max(0, tooMany)).forEach(session -> forget(session));
            return true;
        });
    }

    private void sweep(Session session, List<Runnable> afterwards) {
        Instant now = clock.instant();
        for (Work late : session.waiting.stream()
                .filter(work -> work.deadline.expired(clock))
                .toList()) {
            session.waiting.remove(late);
            heldBytes -= late.input.size();
            giveUp(late, Failure.Kind.TIMEOUT, Texts.TOO_LONG, afterwards);
        }
        Work running = session.running;
        if (running != null && running.deadline.expired(clock)) {
            giveUp(running, Failure.Kind.TIMEOUT, Texts.TOO_LONG, afterwards);
            if (!now.isBefore(running.deadline.at().plus(GIVING_UP))) {
                session.seats = new Seats(session.id, roster);
                ended(session, running);
            }
        }
        Terms limits = terms.get();
        if (session.ending == null && session.idle() && !now.isBefore(session.lastActivity.plus(limits.sessionIdle()))) {
            session.ending = "idle";
        }
        settleDown(session, afterwards);
        if (session.retired && !now.isBefore(session.lastActivity.plus(limits.retention()))) {
            forget(session);
        }
    }

    /** Under the lock, so that results of a session that comes back meanwhile stay. */
    private void forget(Session session) {
        sessions.remove(session.id);
        store.drop(session.id);
    }

    List<SessionStatus> status() {
        return locked(afterwards -> sessions.values().stream()
                .filter(Session::counts)
                .map(s -> new SessionStatus(s.id.value(), s.since, s.served, s.waiting.size()))
                .toList());
    }

    /** Waits until no body is being read and nothing runs or waits. */
    boolean awaitQuiet(Deadline deadline) {
        return await(this::isQuiet, deadline);
    }

    /** Waits until no session runs. */
    boolean awaitNone(Deadline deadline) {
        return await(() -> isQuiet() && counting() == 0, deadline);
    }

    private boolean await(BooleanSupplier state, Deadline deadline) {
        lock.lock();
        try {
            long nanos = TimeUnit.NANOSECONDS.convert(deadline.remaining(clock));
            while (!state.getAsBoolean() && nanos > 0) {
                nanos = quiet.awaitNanos(nanos);
            }
            return state.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isQuiet() {
        return uploads == 0 && sessions.values().stream().allMatch(Session::idle);
    }

    /** Gives everything up: the node stops. */
    void close() {
        locked(afterwards -> {
            for (Session session : List.copyOf(sessions.values())) {
                List<Work> all = new ArrayList<>(session.waiting);
                session.waiting.clear();
                if (session.running != null) {
                    all.add(session.running);
                }
                all.forEach(work -> {
                    boolean late = work.deadline.expired(clock);
                    giveUp(
                            work,
                            late ? Failure.Kind.TIMEOUT : Failure.Kind.PEER,
                            late ? Texts.TOO_LONG : Texts.STOPPED,
                            afterwards);
                });
                session.live.forEach(ports -> afterwards.add(ports::close));
                Seats seats = session.seats;
                afterwards.add(seats::close);
                store.drop(session.id);
            }
            sessions.clear();
            return true;
        });
    }
}
