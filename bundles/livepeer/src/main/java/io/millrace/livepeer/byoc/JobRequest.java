package io.millrace.livepeer.byoc;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capabilities.Model;
import io.millrace.api.value.Capability;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.EventStream;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;

/**
 * The content of the header that describes a job.
 *
 * @param id the client's own name for the job, mostly empty
 * @param request JSON for whoever does the job, at least {@code {}}
 * @param parameters JSON for whoever carries it, at least {@code {}}
 * @param capability the capability's name
 * @param timeoutSeconds how long the work may take
 * @param sender who signed {@code request} followed by {@code parameters}
 */
record JobRequest(
        String id, String request, String parameters, String capability, long timeoutSeconds, Sender sender) {

    static final String HEADER = "Livepeer";
    /** Where a capability is below a node. */
    static final String PATH = "/process/request/";
    /** The longest time-out, which is longer than any work for which a client waits over one connection. */
    static final long MAX_TIMEOUT_SECONDS = 3600;

    private static final int MAX_NAME = 256;
    private static final String NOTHING = "{}";
    private static final String NO_HEADER = "the request has no Livepeer header: it says what the job is, in base64 of JSON"
            + " with capability, request, parameters and timeout_seconds";
    private static final String NO_TIMEOUT = "no timeout_seconds set with request, timeout_seconds is required";

    /** A job of this node's, signed. */
    static JobRequest of(String capability, Duration timeout, Wallet wallet) {
        long seconds = Math.clamp(Math.ceilDiv(timeout.toMillis(), 1000), 1, MAX_TIMEOUT_SECONDS);
        return new JobRequest(
                "", NOTHING, NOTHING, capability, seconds, Sender.of(wallet, NOTHING + NOTHING));
    }

    /**
     * Reads a header.
     *
     * @throws Malformed with the text of the network where it has one
     */
    static JobRequest ofHeader(String header) throws Malformed {
        if (header == null || header.isEmpty()) {
            throw new Malformed(NO_HEADER);
        }
        JsonObject object = WireJson.ofHeader(header);
        long timeout = WireJson.number(object, "timeout_seconds");
        if (timeout == 0) {
            throw new Malformed(NO_TIMEOUT);
        }
        if (timeout < 0) {
            throw new Malformed("timeout_seconds is " + timeout + ", it must be more than 0");
        }
        return new JobRequest(
                WireJson.text(object, "id"),
                WireJson.text(object, "request"),
                WireJson.text(object, "parameters"),
                WireJson.text(object, "capability"),
                Math.min(timeout, MAX_TIMEOUT_SECONDS),
                new Sender(WireJson.text(object, "sender"), WireJson.text(object, "sig")));
    }

    static boolean lacksTimeout(Malformed cause) {
        return cause.getMessage().equals(NO_TIMEOUT);
    }

    String toHeader() {
        return WireJson.header(WireJson.PROVIDER
                .createObjectBuilder()
                .add("id", id)
                .add("request", request)
                .add("parameters", parameters)
                .add("capability", capability)
                .add("capability_url", "")
                .add("sender", sender.address())
                .add("sig", sender.signature())
                .add("timeout_seconds", timeoutSeconds)
                .build());
    }

    /**
     * Where to ask {@code peer} for {@code path}.
     *
     * @throws Malformed when that is no path of an address
     */
    static Destination at(Destination peer, String path) throws Malformed {
        try {
            return peer.below(PATH + path);
        } catch (IllegalArgumentException e) {
            throw new Malformed("no path of an address: " + e.getMessage());
        }
    }

    /** Whether the name of a capability can be said in a header: visible ASCII, with spaces inside. */
    static boolean isName(String capability) {
        return !capability.isEmpty()
                && capability.length() <= MAX_NAME
                && capability.equals(capability.strip())
                && capability.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    boolean isSigned(Wallet wallet) {
        return sender.signed(request + parameters, wallet);
    }

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }

    JobSpec spec() {
        return needing(capability);
    }

    /** What an orchestrator must offer to be asked for a capability. */
    static JobSpec needing(String capability) {
        return JobSpec.needing(Capabilities.of(Capability.BYOC)
                        .withModels(Map.of(Capability.BYOC, Map.of(capability, new Model(false, 0, "", 0)))))
                .forModel(Capability.BYOC, capability);
    }

    /** The job itself, whose bytes are those of an HTTP request. */
    Job job(HttpServletRequest request, JobBody body) {
        String uri = request.getRequestURI();
        String path = uri.startsWith(PATH) ? uri.substring(PATH.length()) : "";
        String contentType = request.getContentType() == null ? "" : request.getContentType();
        String accept = request.getHeader("Accept");
        boolean streaming = accept != null && accept.contains(EventStream.CONTENT_TYPE);
        return new Job(
                spec(),
                Payload.Request.of(Capability.BYOC, capability)
                        .contentType(contentType)
                        .streaming(streaming)
                        .path(path)
                        .build(),
                body);
    }
}
