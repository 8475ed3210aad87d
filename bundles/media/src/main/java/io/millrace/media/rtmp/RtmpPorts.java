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
 * The port on which encoders connect, and former ports whose publishers go on. While the port cannot be opened it is
 * tried again. Sockets are opened and closed, and endpoints are registered, without a lock, since the thread that
 * closes this may hold a lock that these calls need. Thread-safe; addresses are changed by one thread at a time.
 */
final class RtmpPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RtmpPorts.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Opener opener;
    private final Function<URI, Runnable> register;
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
     * @param register tells the node of an open address; what it returns takes that back
     * @param firstPause before the second attempt; it doubles with each, up to half a minute
     */
    RtmpPorts(Opener opener, Function<URI, Runnable> register, Duration firstPause) {
        this.opener = opener;
        this.register = register;
        this.firstPause = firstPause;
    }

    /** Listens as soon as that can be. */
    void begin(ListenAddress wanted) {
        try {
            change(wanted);
        } catch (IllegalStateException e) {
            synchronized (this) {
                address = wanted;
            }
            tryAgain(e);
        }
    }

    /**
     * Opens another address, then leaves the one before; the other way round where both are one port.
     *
     * @throws IllegalStateException says why it cannot be opened; the one before is open then
     */
    void change(ListenAddress wanted) {
        Open before;
        synchronized (this) {
            if (wanted.equals(address)) {
                return;
            }
            retired.removeIf(RtmpServer::isOver);
            before = open;
        }
        boolean inTheWay = before != null && before.server().port() == wanted.port();
        try {
            if (inTheWay) {
                before.server().retire();
            }
            install(open(wanted.socketAddress(), wanted), wanted, true);
        } catch (IOException e) {
            if (inTheWay) {
                reopen(before);
            }
            LOG.debug("{} cannot be opened", wanted.text(), e);
            // without its cause, which would be shown instead of what to do
            throw new IllegalStateException("RTMP cannot listen at " + wanted.text() + ": " + e.getMessage()
                    + ". Free the port, or set address of " + RtmpComponent.PID + " to another.");
        }
    }

    private Open open(InetSocketAddress at, ListenAddress wanted) throws IOException {
        RtmpServer server = opener.open(at);
        URI uri = wanted.uri(server.port());
        LOG.info("RTMP ingest ready on {}", uri);
        return new Open(server, register.apply(uri));
    }

    /**
     * Makes a socket the one in use.
     *
     * @param inPlace also where another is in use, or another address was asked for meanwhile
     */
    private void install(Open next, ListenAddress at, boolean inPlace) {
        Open before;
        boolean installed;
        synchronized (this) {
            before = open;
            installed = !closed && (inPlace || before == null && at.equals(address));
            if (installed) {
                open = next;
                address = at;
                notifyAll();
            }
        }
        if (!installed) {
            next.withdrawal().run();
            next.server().close();
        } else if (before != null) {
            leave(before);
        }
    }

    private void reopen(Open before) {
        ListenAddress at;
        synchronized (this) {
            if (closed) {
                return;
            }
            open = null;
            at = address;
        }
        leave(before);
        try {
            install(open(new InetSocketAddress(at.socketAddress().getAddress(), before.server().port()), at), at, false);
        } catch (IOException e) {
            tryAgain(e);
        }
    }

    private void leave(Open before) {
        before.withdrawal().run();
        before.server().retire();
        synchronized (this) {
            if (!closed) {
                retired.add(before.server());
                return;
            }
        }
        before.server().close();
    }

    private void tryAgain(Exception why) {
        LOG.error("RTMP is not open and is tried again by itself. {}", why.getMessage());
        Thread.ofVirtual().name("rtmp-open").start(this::retry);
    }

    private void retry() {
        Duration pause = firstPause;
        ListenAddress wanted;
        while ((wanted = awaitTurn(pause)) != null) {
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
            try {
                install(open(wanted.socketAddress(), wanted), wanted, false);
            } catch (IOException e) {
                LOG.debug("{} is not open yet", wanted.text(), e);
            }
        }
    }

    /** What to open after the pause; null when nothing is to be opened any more. */
    private synchronized ListenAddress awaitTurn(Duration pause) {
        try {
            if (open == null && !closed) {
                TimeUnit.MILLISECONDS.timedWait(this, pause.toMillis());
            }
            return open == null && !closed ? address : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Ends all publishers, also those at former addresses. */
    @Override
    public void close() {
        Open last;
        List<RtmpServer> others;
        synchronized (this) {
            closed = true;
            notifyAll();
            last = open;
            open = null;
            others = List.copyOf(retired);
        }
        if (last != null) {
            last.withdrawal().run();
            last.server().close();
        }
        others.forEach(RtmpServer::close);
    }
}
