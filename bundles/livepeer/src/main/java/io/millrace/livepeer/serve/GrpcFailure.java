package io.millrace.livepeer.serve;

/** Ends a call over gRPC with a status. */
final class GrpcFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient GrpcStatus status;

    GrpcFailure(int code, String message) {
        super(message, null, false, false);
        this.status = new GrpcStatus(code, message);
    }

    GrpcStatus status() {
        return status;
    }
}
