package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.SessionId;
import java.util.Map;
import java.util.regex.Pattern;

/** A result in the object store. */
record KeptOutput(ObjectStore store, String name, String location, long units, String contentType)
        implements Output {

    /** By the extension that a pipeline gives to what it makes, where it names no media type. */
    private static final Map<String, String> MEDIA_TYPES = Map.ofEntries(
            Map.entry(".ts", "video/mp2t"),
            Map.entry(".mp4", "video/mp4"),
            Map.entry(".json", "application/json"),
            Map.entry(".txt", "text/plain; charset=utf-8"),
            Map.entry(".vtt", "text/vtt; charset=utf-8"),
            Map.entry(".html", "text/html; charset=utf-8"),
            Map.entry(".png", "image/png"),
            Map.entry(".jpg", "image/jpeg"),
            Map.entry(".svg", "image/svg+xml"),
            Map.entry(".webp", "image/webp"),
            Map.entry(".wav", "audio/wav"),
            Map.entry(".mp3", "audio/mpeg"));

    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9._-]");

    /**
     * Keeps an artifact of a segment as {@code name/number.extension} of its session.
     *
     * @param index its place among the artifacts of the job
     * @throws Fault when there is no room
     */
    static KeptOutput ofSegment(ObjectStore store, SessionId session, long number, int index, Artifact artifact) {
        return keep(store, session, fit(artifact.name(), index) + "/" + number + artifact.extension(), artifact);
    }

    /**
     * Keeps an artifact of a request under its own name, in a folder of its own: gateways of the network name what they
     * fetch by the last part of its address.
     *
     * @throws Fault when there is no room
     */
    static KeptOutput ofRequest(ObjectStore store, SessionId session, int index, Artifact artifact) {
        return keep(store, session, index + "/" + fit(artifact.name(), index) + artifact.extension(), artifact);
    }

    private static KeptOutput keep(ObjectStore store, SessionId session, String path, Artifact artifact) {
        String mediaType = artifact.mediaType().isEmpty()
                ? MEDIA_TYPES.getOrDefault(artifact.extension(), "application/octet-stream")
                : artifact.mediaType();
        return new KeptOutput(
                store, artifact.name(), store.put(session, path, artifact.data()), artifact.units(), mediaType);
    }

    /** The name itself where it may be part of an address; else what may be of it, behind the index. */
    private static String fit(String name, int index) {
        boolean fits = !name.isEmpty() && !UNFIT.matcher(name).find() && !name.startsWith(".");
        return fits ? name : index + "_" + UNFIT.matcher(name).replaceAll("_");
    }

    @Override
    public Bytes fetch(Deadline deadline) {
        return store.get(location)
                .orElseThrow(() -> new Fault(
                        Fault.Consequence.RETRY_ELSEWHERE, location + " is no longer kept: its session ended"));
    }
}
