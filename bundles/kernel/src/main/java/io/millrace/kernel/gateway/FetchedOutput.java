package io.millrace.kernel.gateway;

import io.millrace.api.orchestrator.Output;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;

/** A result that is already here. */
record FetchedOutput(Output of, Bytes data) implements Output {

    @Override
    public String name() {
        return of.name();
    }

    @Override
    public String location() {
        return of.location();
    }

    @Override
    public long units() {
        return of.units();
    }

    @Override
    public String contentType() {
        return of.contentType();
    }

    @Override
    public Bytes fetch(Deadline deadline) {
        return data;
    }
}
