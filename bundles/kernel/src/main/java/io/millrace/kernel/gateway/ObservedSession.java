package io.millrace.kernel.gateway;

import io.millrace.api.job.LivePorts;
import io.millrace.api.orchestrator.LiveSession;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import java.util.concurrent.atomic.AtomicBoolean;

/** A live session whose end is told, once. */
final class ObservedSession implements LiveSession {

    private final LiveSession session;
    private final Runnable ended;
    private final AtomicBoolean told = new AtomicBoolean();

    ObservedSession(LiveSession session, Runnable ended) {
        this.session = session;
        this.ended = ended;
    }

    @Override
    public ManifestId manifest() {
        return session.manifest();
    }

    @Override
    public SessionId session() {
        return session.session();
    }

    @Override
    public LivePorts ports() {
        return session.ports();
    }

    @Override
    public void close() {
        try {
            session.close();
        } finally {
            if (told.compareAndSet(false, true)) {
                ended.run();
            }
        }
    }
}
