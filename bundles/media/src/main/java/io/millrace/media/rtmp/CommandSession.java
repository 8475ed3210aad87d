package io.millrace.media.rtmp;

import io.millrace.media.rtmp.PublishAuthorizer.Admission;
import io.millrace.media.web.CountedWarnings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of one connection (Adobe RTMP 1.0, 7.2): connect, createStream, publish and their kin. */
final class CommandSession {

    private static final Logger LOG = LoggerFactory.getLogger(CommandSession.class);

    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());

    /** What a client cannot go on without; such a command is read as a whole or not at all. */
    private static final Set<String> COMMANDS = Set.of(
            "connect", "createStream", "releaseStream", "FCPublish", "publish", "FCUnpublish", "deleteStream",
            "closeStream", "play", "play2");

    private static final int MEDIA_STREAM = 1;
    private static final int STREAM_BEGIN = 0;

    /** Each side acknowledges after so many bytes. */
    private static final int WINDOW = 2_500_000;

    /** The limit may be changed by either side. */
    private static final byte DYNAMIC = 2;

    private final ChunkWriter out;
    private final PublishAuthorizer authorizer;
    private final String peer;
    private volatile String application;
    private String encoder = "";
    private volatile RtmpPublication publication;

    CommandSession(ChunkWriter out, PublishAuthorizer authorizer, String peer) {
        this.out = out;
        this.authorizer = authorizer;
        this.peer = peer;
    }

    /** Whether the client has said which application it wants. */
    boolean connected() {
        return application != null;
    }

    /** What is being published, or null. */
    RtmpPublication publication() {
        return publication;
    }

    /** Carries out one command message. */
    void command(int stream, byte[] payload, int from) throws IOException, RtmpViolation {
        List<Object> values = AmfReader.readable(payload, from);
        String name = text(values, 0);
        if (COMMANDS.contains(name)) {
            values = AmfReader.readAll(payload, from);
        }
        Object transaction = values.size() > 1 && values.get(1) instanceof Double number ? number : 0.0;
        switch (name) {
            case "connect" -> connect(transaction, values);
            case "createStream" -> out.command(0, AmfWriter.message("_result", transaction, null, MEDIA_STREAM));
            case "releaseStream" -> out.command(0, AmfWriter.message("_result", transaction, null, null));
            case "FCPublish" -> {
                out.command(0, AmfWriter.message("_result", transaction, null, null));
                out.command(0, AmfWriter.message("onFCPublish", 0, null,
                        status("status", "NetStream.Publish.Start", "ready for " + printable(text(values, 3)))));
            }
            case "publish" -> publish(stream, text(values, 3));
            case "FCUnpublish", "deleteStream", "closeStream" -> unpublish(stream, name);
            case "play", "play2" ->
                    refuse(
                            stream,
                            "NetStream.Play.StreamNotFound",
                            "this server is for publishing; play the HLS address");
            default ->
                    WARNINGS.warn(
                            "command", "RTMP " + peer + ": command \"" + printable(name) + "\" is passed over");
        }
    }

    /** Takes a data message. The encoder's name is all that is used, so nothing that is odd in one matters. */
    void data(byte[] payload, int from) {
        for (Object value : AmfReader.readable(payload, from)) {
            if (value instanceof Map<?, ?> metadata && metadata.get("encoder") instanceof String by) {
                encoder = printable(by);
                LOG.debug("RTMP {}: the encoder is {}", peer, encoder);
            }
        }
    }

    /** The publisher has left or is disconnected. */
    void close() {
        if (publication != null) {
            RtmpPublication left = publication;
            publication = null;
            left.close();
            LOG.info("Stream {}: the publisher {} has left", left.name(), peer);
        }
    }

    private void connect(Object transaction, List<Object> values) throws IOException, RtmpViolation {
        if (application != null) {
            throw new RtmpViolation("it connects twice");
        }
        Object given = values.size() > 2 && values.get(2) instanceof Map<?, ?> map ? map.get("app") : null;
        application = given instanceof String text ? text : "";
        out.control(Message.WINDOW_SIZE, ChunkWriter.int32(WINDOW));
        byte[] bandwidth = new byte[5];
        System.arraycopy(ChunkWriter.int32(WINDOW), 0, bandwidth, 0, 4);
        bandwidth[4] = DYNAMIC;
        out.control(Message.PEER_BANDWIDTH, bandwidth);
        out.announceChunkSize();
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("fmsVer", "FMS/3,0,1,123");
        server.put("capabilities", 31);
        Map<String, Object> status = status("status", "NetConnection.Connect.Success", "Connection succeeded.");
        status.put("objectEncoding", 0);
        out.command(0, AmfWriter.message("_result", transaction, server, status));
    }

    private void publish(int stream, String name) throws IOException, RtmpViolation {
        if (application == null) {
            throw new RtmpViolation("it publishes before it connects");
        }
        if (publication != null) {
            refuse(stream, "NetStream.Publish.BadName", "one stream for each connection");
            return;
        }
        StreamName wanted;
        try {
            wanted = StreamName.of(application, name);
        } catch (IllegalArgumentException e) {
            refuse(stream, "NetStream.Publish.BadName", e.getMessage());
            return;
        }
        switch (authorizer.admit(wanted, peer)) {
            case Admission.Refused refused -> refuse(stream, refused.code(), refused.text());
            case Admission.Admitted admitted -> {
                publication = admitted.publication();
                begin(stream);
                LOG.info("Stream {}: published from {} over RTMP", publication.name(), peer);
            }
        }
    }

    private void begin(int stream) throws IOException {
        byte[] begun = new byte[6];
        begun[1] = STREAM_BEGIN;
        System.arraycopy(ChunkWriter.int32(stream), 0, begun, 2, 4);
        out.control(Message.USER_CONTROL, begun);
        String text = publication.name() + " is published.";
        out.command(stream, AmfWriter.message("onStatus", 0, null, status("status", "NetStream.Publish.Start", text)));
    }

    private void unpublish(int stream, String command) throws IOException {
        if (publication == null) {
            return;
        }
        String text = publication.name() + " is no longer published.";
        close();
        if (!command.equals("FCUnpublish")) {
            out.command(
                    stream,
                    AmfWriter.message("onStatus", 0, null, status("status", "NetStream.Unpublish.Success", text)));
        }
    }

    private void refuse(int stream, String code, String text) throws IOException, RtmpViolation {
        out.command(stream, AmfWriter.message("onStatus", 0, null, status("error", code, text)));
        throw new RtmpViolation("refused, " + code + ": " + text);
    }

    private static Map<String, Object> status(String level, String code, String description) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("level", level);
        status.put("code", code);
        status.put("description", description);
        return status;
    }

    private static String text(List<Object> values, int index) {
        return values.size() > index && values.get(index) instanceof String text ? text : "";
    }

    /** Fit for a log line. */
    private static String printable(String text) {
        String head = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return head.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
