package io.millrace.ops.cli;

import io.millrace.api.network.Directory;
import io.millrace.api.network.Directory.Listing;
import io.millrace.ops.settings.NodeSettings;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The orchestrators that a gateway knows: those that the operator named, and those that bundles know. */
final class OrchestratorList {

    private static final String PID = "io.millrace.kernel.gateway";
    private static final String KEY = "orchestrators";
    private static final String SCHEME = "https://";
    private static final int PORT = 8935;

    /** The orchestrator of this very node. */
    private static final String LOOPBACK = "loopback:";

    private final NodeSettings settings;
    private final Supplier<Collection<Directory>> directories;

    OrchestratorList(NodeSettings settings, Supplier<Collection<Directory>> directories) {
        this.settings = settings;
        this.directories = directories;
    }

    List<Listing> listings() {
        Stream<Listing> named = Stream.of(settings.value(PID, KEY).orElse("").split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> Listing.at(address(text)).trust(1).configured(true).build());
        Stream<Listing> known = directories.get().stream().flatMap(directory -> directory.listings().stream());
        return Stream.concat(named, known).distinct().toList();
    }

    /** The setting has been read by the gateway itself: what is in force is an address. */
    private static URI address(String text) {
        if (text.startsWith(LOOPBACK)) {
            return URI.create(LOOPBACK + "local");
        }
        URI uri = URI.create(text.contains("://") ? text : SCHEME + text);
        return uri.getPort() >= 0 ? uri : URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + PORT);
    }
}
