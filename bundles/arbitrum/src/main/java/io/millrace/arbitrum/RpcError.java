package io.millrace.arbitrum;

/** What a chain's node answers instead of a result: it was reached, and it refuses. */
public final class RpcError extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String data;

    RpcError(int code, String message, String data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    /** The number of JSON-RPC. */
    int code() {
        return code;
    }

    /** What a contract gave back when it refused, in hexadecimal digits; or empty. */
    String data() {
        return data;
    }

    /** Whether a contract refused, which every node would say. */
    boolean isRevert() {
        return code == 3 || getMessage().contains("revert") || data.startsWith("0x08c379a0");
    }
}
