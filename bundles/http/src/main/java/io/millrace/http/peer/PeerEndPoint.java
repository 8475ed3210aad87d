package io.millrace.http.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A socket that can be looked at while nobody reads from it, in order to learn that the client has closed it. Jetty
 * does not read from an HTTP/1.1 connection while its request is in work, and so hears of it with the answer only. What
 * a look finds, such as the next request, is kept for the next reader.
 */
public final class PeerEndPoint extends SocketChannelEndPoint {

    /** What a client may send ahead of its turn; after more than that, it is not looked at any further. */
    static final int MOST_KEPT = 16_384;

    private static final int LOOK = 1024;

    private final PeerAddress address;
    private final ReentrantLock reading = new ReentrantLock();
    private ByteBuffer kept = BufferUtil.EMPTY_BUFFER;
    private boolean ended;

    /** Made for a connection that was accepted. */
    public PeerEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
        address = PeerAddress.of(getRemoteSocketAddress());
    }

    /** The socket by which a request came, below TLS. */
    static PeerEndPoint of(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap();
        }
        return (PeerEndPoint) endPoint;
    }

    /** The peer at the other end. */
    public PeerAddress address() {
        return address;
    }

    /**
     * Whether the client has closed its side or reset the connection. To be asked while a request is in work whose body
     * has been read; false when somebody waits for bytes, who then learns it.
     */
    boolean hasEnded() {
        reading.lock();
        try {
            if (!ended && !isFillInterested() && isOpen()) {
                look();
            }
            return ended;
        } finally {
            reading.unlock();
        }
    }

    private void look() {
        try {
            while (kept.remaining() < MOST_KEPT) {
                var found = ByteBuffer.allocate(LOOK);
                int read = getChannel().read(found);
                if (read <= 0) {
                    ended = read < 0;
                    return;
                }
                found.flip();
                kept = ByteBuffer.allocate(kept.remaining() + read).put(kept).put(found).flip();
            }
        } catch (IOException e) {
            ended = true;
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        reading.lock();
        try {
            if (!kept.hasRemaining()) {
                return super.fill(buffer);
            }
            int position = BufferUtil.flipToFill(buffer);
            int count = BufferUtil.put(kept, buffer);
            BufferUtil.flipToFlush(buffer, position);
            if (!kept.hasRemaining()) {
                kept = BufferUtil.EMPTY_BUFFER;
            }
            notIdle();
            return count;
        } finally {
            reading.unlock();
        }
    }

    /** The selector knows nothing of what is kept here. */
    @Override
    protected void needsFillInterest() {
        if (holdsBytes()) {
            Thread.startVirtualThread(getFillInterest()::fillable);
        } else {
            super.needsFillInterest();
        }
    }

    boolean holdsBytes() {
        reading.lock();
        try {
            return kept.hasRemaining();
        } finally {
            reading.unlock();
        }
    }
}
