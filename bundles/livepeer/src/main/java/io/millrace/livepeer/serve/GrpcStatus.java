package io.millrace.livepeer.serve;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * How a call over gRPC ended.
 *
 * @param code of gRPC
 * @param message for the peer, empty when all is well
 */
record GrpcStatus(int code, String message) {

    static final GrpcStatus OK = new GrpcStatus(0, "");
    static final int CANCELLED = 1;
    static final int UNKNOWN = 2;
    static final int INVALID_ARGUMENT = 3;
    static final int PERMISSION_DENIED = 7;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int UNIMPLEMENTED = 12;
    static final int INTERNAL = 13;

    /** The fields that end the response. */
    Map<String, String> trailers() {
        Map<String, String> trailers = new HashMap<>();
        trailers.put("grpc-status", Integer.toString(code));
        if (!message.isEmpty()) {
            trailers.put("grpc-message", encoded());
        }
        return trailers;
    }

    /** What is no printable ASCII, and the percent sign, as %XX. */
    private String encoded() {
        StringBuilder text = new StringBuilder();
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                text.append((char) b);
            } else {
                text.append(String.format("%%%02X", b));
            }
        }
        return text.toString();
    }
}
