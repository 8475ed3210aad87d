package io.millrace.api.value;

/**
 * What a sender's balance at an orchestrator is kept for. The network keeps one balance per sender and such a
 * name: the session's name for segments, the capability and model for requests, the stream's name for live
 * sessions (go-livepeer calls it the manifest id of a payment).
 *
 * @param value not empty, at most 256 characters; models have slashes in their names
 */
public record BalanceId(String value) {

    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 256;

    /** Checks the length. */
    public BalanceId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the name of a balance has 1 to " + MAX_LENGTH + " characters");
        }
    }

    /** The balance of a session. */
    public static BalanceId of(SessionId session) {
        return new BalanceId(session.value());
    }

    /** The balance of requests for a model. */
    public static BalanceId of(int capability, String model) {
        return new BalanceId(capability + "_" + model);
    }

    @Override
    public String toString() {
        return value;
    }
}
