package io.millrace.kernel.orchestrator;

import io.millrace.api.job.LivePorts;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;

/** The caller's ports of a live session, which tell when they are closed. */
record ClosingPorts(LivePorts ports, Runnable closed) implements LivePorts {

    @Override
    public MessageSink media() {
        return ports.media();
    }

    @Override
    public MessageSource result() {
        return ports.result();
    }

    @Override
    public MessageSink signals() {
        return ports.signals();
    }

    @Override
    public MessageSource notices() {
        return ports.notices();
    }

    @Override
    public void close() {
        ports.close();
        closed.run();
    }
}
