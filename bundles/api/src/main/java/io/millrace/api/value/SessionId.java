package io.millrace.api.value;

/** The name of a session between a gateway and an orchestrator, made by the orchestrator. */
public record SessionId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
