package io.millrace.ops.cli;

import io.millrace.api.network.Directory.Listing;
import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeControl.StreamStatus;
import io.millrace.ops.status.NodeView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Answers what the node is and does. */
final class NodeAnswers {

    /** The release of go-livepeer whose behaviour this node has; scripts compare it. */
    static final String VERSION = "0.9.1";

    private static final String SOURCE = "source";

    private final NodeView node;
    private final StreamCounters tally;
    private final OrchestratorList pool;
    private final Prices prices;

    NodeAnswers(NodeView node, StreamCounters tally, OrchestratorList pool, Prices prices) {
        this.node = node;
        this.tally = tally;
        this.pool = pool;
        this.prices = prices;
    }

    Roles roles() {
        return Roles.of(node.status().role());
    }

    /** All fields of that node's status, in its order. */
    CliAnswer status() {
        Map<String, Object> manifests = new LinkedHashMap<>();
        Map<String, Object> streams = new LinkedHashMap<>();
        for (StreamStatus stream : node.control().map(NodeControl::streams).orElse(List.of())) {
            String name = stream.manifest().value();
            StreamCounters.Bytes bytes = tally.bytes(name);
            manifests.put(name, playlist(stream));
            streams.put(name, fields("SourceBytes", bytes.source(), "TranscodedBytes", bytes.renditions()));
        }
        List<Listing> known = pool.listings();
        return CliAnswer.json(fields(
                "Manifests", manifests,
                "InternalManifests", Map.of(),
                "StreamInfo", streams,
                "OrchestratorPool", known.stream().map(Listing::address).toList(),
                "OrchestratorPoolInfos", roles().gateway() ? known.stream().map(NodeAnswers::orchestrator).toList() : null,
                "Version", VERSION + "-millrace-" + node.status().version(),
                "GolangRuntimeVersion", "java" + Runtime.version(),
                "GOArch", architecture(),
                "GOOS", operatingSystem(),
                "RegisteredTranscodersNumber", 0,
                "RegisteredTranscoders", List.of(),
                "LocalTranscoding", true,
                "BroadcasterPrices", prices.base()));
    }

    CliAnswer isOrchestrator() {
        return CliAnswer.text(Boolean.toString(roles().orchestrator()));
    }

    CliAnswer isRedeemer() {
        return CliAnswer.text(Boolean.toString(roles().redeemer()));
    }

    CliAnswer latestManifest() {
        return CliAnswer.text(tally.latest());
    }

    CliAnswer latestStream() {
        return CliAnswer.text(tally.latest() + "/" + (tally.latest().isEmpty() ? "" : SOURCE));
    }

    CliAnswer latestPlaylist() {
        String playlist = node.control().map(NodeControl::streams).orElse(List.of()).stream()
                .filter(stream -> stream.manifest().value().equals(tally.latest()))
                .findFirst()
                .map(stream -> "&{" + tally.latest() + " " + names(stream) + "}")
                .orElse("<nil>");
        return CliAnswer.text("\n\nLatestPlaylist: " + playlist);
    }

    private static Map<String, Object> orchestrator(Listing listing) {
        return fields("Url", listing.address(), "Score", score(listing.trust()), "Latency", null);
    }

    /** Whole numbers without a fraction, as Go writes them. */
    private static Number score(double trust) {
        return trust == Math.rint(trust) ? (Number) (long) trust : (Number) trust;
    }

    /** A master playlist as that node's library has it; the segments are in the playlists themselves. */
    private static Map<String, Object> playlist(StreamStatus stream) {
        List<Object> variants = new ArrayList<>();
        for (String name : names(stream)) {
            variants.add(fields(
                    "URI", stream.manifest().value() + "/" + name + ".m3u8",
                    "Chunklist", null,
                    "ProgramId", 0,
                    "Bandwidth", 0,
                    "Codecs", "",
                    "Resolution", "",
                    "Audio", "",
                    "Video", "",
                    "Subtitles", "",
                    "Captions", "",
                    "Name", "",
                    "Iframe", false,
                    "Alternatives", null));
        }
        return fields("Variants", variants, "Args", "", "CypherVersion", "");
    }

    private static List<String> names(StreamStatus stream) {
        return Stream.concat(Stream.of(SOURCE), stream.renditions().stream()).toList();
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch", "")) {
            case "aarch64" -> "arm64";
            case "x86_64" -> "amd64";
            case String other -> other;
        };
    }

    private static String operatingSystem() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : name;
    }

    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
