package io.millrace.livepeer.call;

import io.millrace.api.orchestrator.Output;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.WebClient;

/** A rendition that is fetched from an orchestrator, or from the store where the orchestrator put it. */
final class RemoteOutput implements Output {

    private final String name;
    private final Destination address;
    private final long units;
    private final WebClient web;

    RemoteOutput(String name, Destination address, long units, WebClient web) {
        this.name = name;
        this.address = address;
        this.units = units;
        this.web = web;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String location() {
        return address.toString();
    }

    @Override
    public long units() {
        return units;
    }

    @Override
    public Bytes fetch(Deadline deadline) {
        return web.download(address, deadline);
    }
}
