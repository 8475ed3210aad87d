package io.millrace.livepeer.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.WireHeader;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * gRPC over a servlet: a message of at most 4 MiB in, one or a stream of them out, the status in the trailers. Written
 * out here because peers act on the exact status texts of their own library, some of which a gRPC server
 * for servlets cannot be made to say; and because a call that is one blocking method returns its thread,
 * its lease and its buffers in every case.
 */
final class GrpcCall {

    /** One method of a service. */
    @FunctionalInterface
    interface Method {

        /** Answers the request, still in its bytes. */
        MessageLite call(byte[] request) throws GrpcFailure;
    }

    /** One method of a service that answers with a stream of messages. */
    @FunctionalInterface
    interface Stream {

        /** Reads the message, which is forgotten before the first answer. */
        Answers open(byte[] message, HttpServletRequest request) throws GrpcFailure;
    }

    /** The messages of a stream. */
    @FunctionalInterface
    interface Answers {

        /** Sends them until there are no more. */
        void send(Sink sink) throws GrpcFailure, IOException;
    }

    /** Where messages go. */
    interface Sink {

        /** Tells the client that the stream is open. */
        void open() throws IOException;

        /** Sends one, and waits until it is on its way. */
        void send(MessageLite message) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GrpcCall.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MAX_MESSAGE = 4 << 20;
    private static final int PREFIX = 5;

    private final Map<String, Method> methods;
    private final Map<String, Stream> streams;
    private final Budget heap;
    private final InstantSource clock;
    private final FailureLog failures;

    /** Calls of {@code methods}, whose messages are charged to {@code heap} while they are here. */
    GrpcCall(Map<String, Method> methods, Budget heap, InstantSource clock) {
        this(methods, Map.of(), heap, clock);
    }

    /** The same, and calls of {@code streams}. */
    GrpcCall(Map<String, Method> methods, Map<String, Stream> streams, Budget heap, InstantSource clock) {
        this.methods = methods;
        this.streams = streams;
        this.heap = heap;
        this.clock = clock;
        this.failures = new FailureLog(LOG, clock);
    }

    /** Whether a request is one of gRPC at all: only HTTP/2 carries it. */
    static boolean isOne(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.startsWith("application/grpc") && request.getProtocol().startsWith("HTTP/2");
    }

    /** Answers with the method that the path {@code /service/method} names. */
    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isOne(request)) {
            PlainText.NOT_FOUND.send(response);
            return;
        }
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            new PlainText(405, "invalid gRPC request method \"" + request.getMethod() + "\"").send(response);
            return;
        }
        AtomicReference<GrpcStatus> status = new AtomicReference<>(GrpcStatus.OK);
        response.setHeader("Content-Type", "application/grpc");
        response.addHeader("Trailer", "Grpc-Status");
        response.addHeader("Trailer", "Grpc-Message");
        response.addHeader("Trailer", "Grpc-Status-Details-Bin");
        response.setTrailerFields(() -> status.get().trailers());
        try {
            answer(request, response);
        } catch (GrpcFailure e) {
            status.set(e.status());
        } catch (RuntimeException e) {
            failures.failed("A gRPC call broke down.", request.getRequestURI(), e);
            status.set(new GrpcStatus(GrpcStatus.INTERNAL, "internal error"));
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws GrpcFailure, IOException {
        String path = path(request.getRequestURI());
        Answers answers;
        try (Budget.Charge charge = heap.open("call")) {
            byte[] message = message(request, BodyReader.of(charge, Deadline.in(LIMIT, clock), clock));
            Method method = methods.get(path);
            if (method != null) {
                response.getOutputStream().write(frame(method.call(message).toByteArray()));
                return;
            }
            answers = streams.get(path).open(message, request);
        }
        answers.send(new Sink() {
            @Override
            public void open() throws IOException {
                response.flushBuffer();
            }

            @Override
            public void send(MessageLite next) throws IOException {
                response.getOutputStream().write(frame(next.toByteArray()));
                response.flushBuffer();
            }
        });
    }

    /** The same path if there is a method of that name. */
    private String path(String path) throws GrpcFailure {
        int slash = path.lastIndexOf('/');
        if (slash <= 0) {
            throw new GrpcFailure(GrpcStatus.UNIMPLEMENTED, "malformed method name: \"" + path + "\"");
        }
        if (methods.containsKey(path) || streams.containsKey(path)) {
            return path;
        }
        String service = path.substring(1, slash);
        boolean known = methods.keySet().stream().anyMatch(name -> name.startsWith("/" + service + "/"));
        throw new GrpcFailure(
                GrpcStatus.UNIMPLEMENTED,
                known
                        ? "unknown method " + path.substring(slash + 1) + " for service " + service
                        : "unknown service " + service);
    }

    private static byte[] message(HttpServletRequest request, BodyReader reader) throws IOException, GrpcFailure {
        InputStream in = request.getInputStream();
        byte[] prefix = part(reader, in, PREFIX);
        if (prefix.length < PREFIX) {
            throw new GrpcFailure(GrpcStatus.UNKNOWN, prefix.length == 0 ? "EOF" : "unexpected EOF");
        }
        long length = Integer.toUnsignedLong(
                (prefix[1] & 0xff) << 24 | (prefix[2] & 0xff) << 16 | (prefix[3] & 0xff) << 8 | prefix[4] & 0xff);
        if (length > MAX_MESSAGE) {
            throw new GrpcFailure(
                    GrpcStatus.RESOURCE_EXHAUSTED,
                    "grpc: received message larger than max (" + length + " vs. " + MAX_MESSAGE + ")");
        }
        byte[] message = part(reader, in, (int) length);
        if (message.length < length) {
            throw new GrpcFailure(GrpcStatus.UNKNOWN, "unexpected EOF");
        }
        if (prefix[0] != 0) {
            throw compressed(request.getHeader("grpc-encoding"));
        }
        return message;
    }

    private static byte[] part(BodyReader reader, InputStream in, int length) throws IOException, GrpcFailure {
        try {
            return reader.part(in, length).unsafeArray();
        } catch (BodyException e) {
            throw new GrpcFailure(
                    GrpcStatus.UNKNOWN,
                    e.isBusy() ? Refusals.ofQuote(new Refusal(e.reason(), e.getMessage())) : e.getMessage());
        }
    }

    private static GrpcFailure compressed(String encoding) {
        return encoding == null || encoding.isEmpty() || encoding.equals("identity")
                ? new GrpcFailure(GrpcStatus.INTERNAL, "grpc: compressed flag set with identity or empty encoding")
                : new GrpcFailure(
                        GrpcStatus.UNIMPLEMENTED,
                        "grpc: Decompressor is not installed for grpc-encoding \"" + encoding + "\"");
    }

    /** The message that a request consists of. */
    static <M extends MessageLite> M parse(Parser<M> parser, byte[] request) throws GrpcFailure {
        try {
            return parser.parseFrom(request);
        } catch (InvalidProtocolBufferException e) {
            throw new GrpcFailure(
                    GrpcStatus.INTERNAL, "grpc: error unmarshalling request: " + WireHeader.NO_MESSAGE);
        }
    }

    private static byte[] frame(byte[] message) {
        byte[] frame = new byte[PREFIX + message.length];
        frame[1] = (byte) (message.length >>> 24);
        frame[2] = (byte) (message.length >>> 16);
        frame[3] = (byte) (message.length >>> 8);
        frame[4] = (byte) message.length;
        System.arraycopy(message, 0, frame, PREFIX, message.length);
        return frame;
    }
}
