package io.millrace.media.rtmp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address where encoders are heard, and those that were left for it, whose publishers go on. While it is not open
 * it is tried again by itself. Thread-safe.
 */
final class Listening implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Opener opener;
    private final Function<URI, Runnable> announcer;
    private final Duration firstPause;
    private final List<RtmpServer> retired = new ArrayList<>();
    private ListenAddress address;
    private Open open;
    private boolean closed;

    /** Opens the socket of a server. */
    @FunctionalInterface
    interface Opener {
        RtmpServer open(InetSocketAddress address) throws IOException;
    }

    private record Open(RtmpServer server, Runnable withdrawal) {}

    /**
     * Nothing is open yet.
     *
     * @param announcer tells the node of an open address; what it returns takes that back
     * @param firstPause before the second attempt; it doubles with each, up to half a minute
     */
    Listening(Opener opener, Function<URI, Runnable> announcer, Duration firstPause) {
        this.opener = opener;
        this.announcer = announcer;
        this.firstPause = firstPause;
    }

    /** Listens as soon as that can be. */
    synchronized void begin(ListenAddress wanted) {
        try {
            change(wanted);
        } catch (IllegalStateException e) {
            address = wanted;
            tryAgain(e);
        }
    }

    /**
     * Opens another address, then leaves the one before; the other way round where both are one port.
     *
     * @throws IllegalStateException says why it cannot be opened; the one before is open then
     */
    synchronized void change(ListenAddress wanted) {
        if (wanted.equals(address)) {
            return;
        }
        retired.removeIf(RtmpServer::isOver);
        Open before = open;
        boolean inTheWay = before != null && before.server().port() == wanted.port();
        try {
            if (inTheWay) {
                before.server().retire();
            }
            open(wanted.socketAddress(), wanted);
        } catch (IOException e) {
            if (inTheWay) {
                reopen(before);
            }
            LOG.debug("{} cannot be opened", wanted.text(), e);
            // without its cause, which would be shown instead of what to do
            throw new IllegalStateException("RTMP cannot listen at " + wanted.text() + ": " + e.getMessage()
                    + ". Free the port, or set address of " + RtmpComponent.PID + " to another.");
        }
        address = wanted;
        if (before != null) {
            leave(before);
        }
        notifyAll();
    }

    private void open(InetSocketAddress at, ListenAddress wanted) throws IOException {
        RtmpServer server = opener.open(at);
        URI uri = wanted.uri(server.port());
        open = new Open(server, announcer.apply(uri));
        LOG.info("RTMP ingest ready on {}", uri);
    }

    private void reopen(Open before) {
        leave(before);
        open = null;
        try {
            open(new InetSocketAddress(address.socketAddress().getAddress(), before.server().port()), address);
        } catch (IOException e) {
            tryAgain(e);
        }
    }

    private void leave(Open before) {
        before.withdrawal().run();
        before.server().retire();
        retired.add(before.server());
    }

    private void tryAgain(Exception why) {
        LOG.error("RTMP is not open and is tried again by itself. {}", why.getMessage());
        Thread.ofVirtual().name("rtmp-open").start(this::retry);
    }

    private synchronized void retry() {
        Duration pause = firstPause;
        try {
            while (open == null && !closed) {
                TimeUnit.MILLISECONDS.timedWait(this, pause.toMillis());
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() {
        if (open == null && !closed) {
            try {
                open(address.socketAddress(), address);
            } catch (IOException e) {
                LOG.debug("{} is not open yet", address.text(), e);
            }
        }
    }

    /** Ends all publishers, those at addresses that were left too. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        if (open != null) {
            open.withdrawal().run();
            open.server().close();
            open = null;
        }
        retired.forEach(RtmpServer::close);
    }
}
