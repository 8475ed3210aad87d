package io.millrace.kernel.orchestrator;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Puts what a pipeline made where the gateway fetches it, once it is what was asked for. */
final class Results {

    /** A rendition of fewer bytes holds no picture, says the network. */
    static final int MIN_RENDITION_BYTES = 25;

    /** By the extension that a pipeline gives to what it makes. */
    private static final Map<String, String> MEDIA_TYPES = Map.ofEntries(
            Map.entry("ts", "video/mp2t"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("json", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("vtt", "text/vtt; charset=utf-8"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("webp", "image/webp"),
            Map.entry("wav", "audio/wav"),
            Map.entry("mp3", "audio/mpeg"));

    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9._-]");

    private final ObjectStore store;

    Results(ObjectStore store) {
        this.store = store;
    }

    /** Done, without the next offer; or failed when the artifacts are not what was asked for. */
    Completion keep(Work work, long number, List<Artifact> artifacts) {
        Optional<String> objection = work.payload instanceof Payload.Transcode transcode
                ? objection(transcode, artifacts)
                : Optional.empty();
        if (objection.isPresent()) {
            return Work.failed(Failure.Kind.PEER, objection.get());
        }
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < artifacts.size(); i++) {
            Artifact artifact = artifacts.get(i);
            String file = number + artifact.extension();
            String path =
                    store.put(work.token.session(), directory(artifact.name(), i) + "/" + file, artifact.data());
            outputs.add(new Stored(store, artifact.name(), path, artifact.units()));
        }
        return Completion.Done.of(outputs);
    }

    private static Optional<String> objection(Payload.Transcode asked, List<Artifact> made) {
        if (made.size() != asked.profiles().size()) {
            return Optional.of(Texts.MISMATCHED);
        }
        return made.stream().anyMatch(each -> each.data().size() < MIN_RENDITION_BYTES)
                ? Optional.of(Texts.ZERO)
                : Optional.empty();
    }

    /** The name itself where it fits into an address; else what fits of it behind its place in the job. */
    private static String directory(String name, int index) {
        boolean fits = !name.isEmpty() && !UNFIT.matcher(name).find() && !name.startsWith(".");
        return fits ? name : index + "_" + UNFIT.matcher(name).replaceAll("_");
    }

    private record Stored(ObjectStore store, String name, String location, long units) implements Output {
        @Override
        public String contentType() {
            return MEDIA_TYPES.getOrDefault(
                    location.substring(location.lastIndexOf('.') + 1), "application/octet-stream");
        }

        @Override
        public Bytes fetch(Deadline deadline) {
            return store.get(location)
                    .orElseThrow(() -> new Fault(
                            Fault.Consequence.RETRY_ELSEWHERE, location + " is no longer kept: its session ended"));
        }
    }
}
