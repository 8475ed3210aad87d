package io.millrace.media.rtmp;

import io.millrace.api.resource.Budget;
import io.millrace.media.web.CountedWarnings;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One client, from its handshake to its end, on one thread. */
final class RtmpConnection implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(RtmpConnection.class);

    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());

    private static final AtomicLong COUNT = new AtomicLong();

    /** Longest command or data message, in bytes; those of encoders have some hundred. */
    private static final int MAX_COMMAND = 64 << 10;

    /** Acknowledged at the latest after so many bytes when the client asked for nothing. */
    private static final int USUAL_WINDOW = 2_500_000;

    private static final int PING = 6;
    private static final int PONG = 7;
    private static final int FLV_TAG_HEAD = 11;

    /** A client that was refused may take this long to read why. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** How far a client has come; those that have come less far go first when room is short. */
    enum Stage {
        SILENT,
        GREETED,
        CONNECTED,
        PUBLISHING
    }

    private final Socket socket;
    private final String peer;
    private final PublishAuthorizer authorizer;
    private final RtmpLimits limits;
    private final Budget.Charge charge;
    private final InstantSource clock;
    private final long number = COUNT.incrementAndGet();
    private volatile Instant due;
    private volatile String overdue;
    private volatile String ended;
    private volatile boolean late;

    private CountedInput in;
    private ChunkReader chunks;
    private ChunkWriter out;
    private volatile CommandSession session;
    private int window = USUAL_WINDOW;
    private long acknowledged;
    private boolean published;

    /** @param charge takes what the connection keeps; closed when it ends */
    RtmpConnection(
            Socket socket, PublishAuthorizer authorizer, RtmpLimits limits, Budget.Charge charge, InstantSource clock) {
        this.socket = socket;
        this.peer = socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
        this.authorizer = authorizer;
        this.limits = limits;
        this.charge = charge;
        this.clock = clock;
        until(
                clock.instant().plus(limits.handshake()),
                "it published nothing within " + limits.handshake().toSeconds() + " s");
    }

    Stage stage() {
        CommandSession greeted = session;
        if (greeted == null) {
            return Stage.SILENT;
        }
        return greeted.publication() != null
                ? Stage.PUBLISHING
                : greeted.connected() ? Stage.CONNECTED : Stage.GREETED;
    }

    /** Rises from one connection to the next. */
    long number() {
        return number;
    }

    @Override
    public void run() {
        try (charge; socket) {
            if (!charge.add(CountedInput.BUFFER + ChunkReader.SMALL_MESSAGES)) {
                WARNINGS.warn("memory", "RTMP " + peer + ": closed: there is no memory for another connection");
                return;
            }
            socket.setTcpNoDelay(true);
            in = new CountedInput(socket.getInputStream());
            chunks = new ChunkReader(in, limits.messageBytes(), charge);
            out = new ChunkWriter(socket.getOutputStream());
            CommandSession commands = new CommandSession(out, authorizer, peer);
            try {
                Handshake.answer(in, socket.getOutputStream());
                session = commands;
                serve();
            } catch (RtmpViolation e) {
                WARNINGS.warn("violation", "RTMP " + peer + ": closed: " + e.getMessage());
                commands.close();
                linger();
            } finally {
                commands.close();
            }
        } catch (IOException e) {
            String reason = ended;
            if (late) {
                WARNINGS.warn("late", "RTMP " + peer + ": closed: " + reason);
            } else {
                LOG.atLevel(published ? Level.INFO : Level.DEBUG)
                        .log("RTMP {}: ended: {}", peer, reason == null ? e.getMessage() : reason);
            }
        } catch (RuntimeException e) {
            LOG.error("RTMP {}: closed because of a fault of this node", peer, e);
        }
    }

    /** Ends it when its time is over; called by another thread, again and again. */
    void sweep(Instant now) {
        if (now.isAfter(due)) {
            late = true;
            end(overdue);
        }
    }

    /** Ends it from another thread: what was received is still handed in. */
    void end(String reason) {
        ended = reason;
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("RTMP {}: closing failed", peer, e);
        }
    }

    private void serve() throws IOException, RtmpViolation {
        Message message = chunks.read();
        while (message != null) {
            take(message);
            acknowledge();
            message = chunks.read();
        }
    }

    private void take(Message message) throws IOException, RtmpViolation {
        byte[] payload = message.payload();
        if (payload == null) {
            lost(message.type());
            return;
        }
        switch (message.type()) {
            case Message.SET_CHUNK_SIZE -> chunks.chunkSize(message.int32(0));
            case Message.ABORT -> chunks.abort(message.int32(0));
            case Message.WINDOW_SIZE -> window = Math.max(1, Math.min(USUAL_WINDOW, message.int32(0)));
            case Message.USER_CONTROL -> control(message);
            case Message.AUDIO, Message.VIDEO -> media(message.type(), message.timestamp(), payload);
            case Message.AGGREGATE -> aggregate(message);
            case Message.COMMAND -> command(message, 0);
            case Message.COMMAND_AMF3 -> command(message, amf0(payload));
            case Message.DATA -> data(payload, 0);
            case Message.DATA_AMF3 -> data(payload, amf0(payload));
            case Message.ACKNOWLEDGEMENT, Message.PEER_BANDWIDTH -> {} // nothing here depends on them
            default -> WARNINGS.warn(
                    "type", "RTMP " + peer + ": messages of type " + message.type() + " are passed over");
        }
    }

    /** Messages of AMF3 begin with a zero byte and go on in AMF0; some encoders leave the byte out. */
    private static int amf0(byte[] payload) {
        return payload.length > 0 && payload[0] == 0 ? 1 : 0;
    }

    private void lost(int type) throws RtmpViolation {
        if (type == Message.DATA || type == Message.DATA_AMF3) {
            return;
        }
        boolean media = type == Message.AUDIO || type == Message.VIDEO || type == Message.AGGREGATE;
        if (!media) {
            throw new RtmpViolation("there is no memory for its messages");
        }
        if (session.publication() != null) {
            session.publication().lost();
            until(session.publication().due(), session.publication().overdue());
        }
    }

    private void data(byte[] payload, int from) {
        if (payload.length <= MAX_COMMAND) {
            session.data(payload, from);
        } else {
            LOG.debug("RTMP {}: {} bytes of data are passed over", peer, payload.length);
        }
    }

    private void command(Message message, int from) throws IOException, RtmpViolation {
        if (message.payload().length > MAX_COMMAND) {
            if (session.publication() == null) {
                throw new RtmpViolation("a command has more than " + MAX_COMMAND + " bytes");
            }
            WARNINGS.warn("command", "RTMP " + peer + ": a command of " + message.payload().length
                    + " bytes is passed over");
            return;
        }
        RtmpPublication before = session.publication();
        session.command(message.stream(), message.payload(), from);
        RtmpPublication now = session.publication();
        if (now != null && now != before) {
            published = true;
            now.whenEnding(() -> end("its stream ends here, or another publisher has it now"));
            until(now.due(), now.overdue());
        } else if (now == null && before != null) {
            until(clock.instant().plus(limits.handshake()), "it published nothing more");
        }
    }

    private void media(int type, int timestamp, byte[] payload) throws RtmpViolation {
        RtmpPublication publication = session.publication();
        if (publication == null) {
            return; // what was on its way when publishing ended
        }
        if (type == Message.VIDEO) {
            publication.video(timestamp, payload);
        } else {
            publication.audio(timestamp, payload);
        }
        until(publication.due(), publication.overdue());
    }

    /** Several media messages in one (7.1.6): their times are relative to that of the first. */
    private void aggregate(Message message) throws RtmpViolation {
        byte[] bytes = message.payload();
        int at = 0;
        Integer base = null;
        while (at + FLV_TAG_HEAD <= bytes.length) {
            int type = bytes[at] & 0x1f;
            int size = message.int32(at) & 0xffffff;
            int time = message.int32(at + 4);
            int timestamp = time >>> 8 | time << 24;
            base = base == null ? timestamp : base;
            int from = at + FLV_TAG_HEAD;
            if (size > bytes.length - from) {
                throw new RtmpViolation("an aggregate message ends too early");
            }
            if (type == Message.AUDIO || type == Message.VIDEO) {
                byte[] content = Arrays.copyOfRange(bytes, from, from + size);
                media(type, message.timestamp() + timestamp - base, content);
            }
            at = from + size + 4;
        }
    }

    private void control(Message message) throws IOException, RtmpViolation {
        byte[] payload = message.payload();
        if (payload.length >= 6 && payload[0] == 0 && payload[1] == PING) {
            byte[] pong = Arrays.copyOf(payload, 6);
            pong[1] = PONG;
            out.control(Message.USER_CONTROL, pong);
        }
    }

    /** Some publishers count and stop sending when their bytes are not acknowledged. */
    private void acknowledge() throws IOException {
        if (in.count() - acknowledged >= window / 2) {
            acknowledged = in.count();
            out.control(Message.ACKNOWLEDGEMENT, ChunkWriter.int32((int) acknowledged));
        }
    }

    /** Lets the last answer be read: closing with unread input would throw it away. */
    private void linger() {
        until(clock.instant().plus(LINGER), "it was told why and did not close");
        byte[] rest = new byte[8 << 10];
        try {
            socket.shutdownOutput();
            while (socket.getInputStream().read(rest) >= 0) {
                // thrown away
            }
        } catch (IOException e) {
            LOG.debug("RTMP {}: gone before its end", peer, e);
        }
    }

    private void until(Instant instant, String reason) {
        overdue = reason;
        due = instant;
    }
}
