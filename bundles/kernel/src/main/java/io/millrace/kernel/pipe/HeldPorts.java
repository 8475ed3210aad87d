package io.millrace.kernel.pipe;

import io.millrace.api.job.LivePorts;
import io.millrace.api.job.MediaPart;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.MessageSink;
import io.millrace.api.value.MessageSource;

/** Ports of a live session whose end is told; more than once, when they are closed more than once. */
public final class HeldPorts implements LivePorts {

    private final LivePorts ports;
    private final Runnable ended;

    /** Tells {@code ended} when the ports are closed. */
    public HeldPorts(LivePorts ports, Runnable ended) {
        this.ports = ports;
        this.ended = ended;
    }

    @Override
    public MessageSink<MediaPart> media() {
        return ports.media();
    }

    @Override
    public MessageSource<MediaPart> result() {
        return ports.result();
    }

    @Override
    public MessageSink<Bytes> signals() {
        return ports.signals();
    }

    @Override
    public MessageSource<Bytes> notices() {
        return ports.notices();
    }

    @Override
    public void close() {
        try {
            ports.close();
        } finally {
            ended.run();
        }
    }
}
