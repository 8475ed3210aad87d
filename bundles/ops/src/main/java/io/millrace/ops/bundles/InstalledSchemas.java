package io.millrace.ops.bundles;

import io.millrace.ops.settings.Schemas;
import io.millrace.settings.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the declarations of each bundle once, and again when it was updated. */
@Component
public final class InstalledSchemas implements Schemas {

    private static final Logger log = LoggerFactory.getLogger(InstalledSchemas.class);

    /** The package of the api by which a component reads secrets. */
    private static final String SECRETS = "io.millrace.api.secret";

    private record Read(long modified, Schema schema, boolean readsSecrets) {}

    private final Framework framework;
    private final Map<Long, Read> byBundle = new ConcurrentHashMap<>();
    private Schema all;
    private long changes = -1;
    private Schema last = Schema.none();

    @Activate
    public InstalledSchemas(@Reference Framework framework) {
        this.framework = framework;
    }

    @Override
    public synchronized Schema now() {
        long current = framework.changes();
        if (all == null || changes != current) {
            changes = current;
            all = read();
        }
        return all;
    }

    private Schema read() {
        List<Bundle> bundles = framework.bundles();
        List<Schema> parts = new ArrayList<>();
        for (Bundle bundle : bundles) {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                parts.add(of(bundle));
            }
        }
        byBundle.keySet().retainAll(bundles.stream().map(Bundle::getBundleId).toList());
        Schema now = Schema.all(parts);
        // Equal ones stay the same object: starting and stopping a bundle changes nothing.
        last = now.equals(last) ? last : now;
        return last;
    }

    private Schema of(Bundle bundle) {
        return byBundle.compute(bundle.getBundleId(), (id, known) ->
                known != null && known.modified == bundle.getLastModified()
                        ? known
                        : new Read(bundle.getLastModified(), declared(bundle), imports(bundle))).schema;
    }

    private static boolean imports(Bundle bundle) {
        String imported = bundle.getHeaders("").get(Constants.IMPORT_PACKAGE);
        return imported != null && imported.contains(SECRETS);
    }

    @Override
    public boolean readsSecrets(String kind) {
        now();
        return byBundle.values().stream()
                .anyMatch(read -> read.readsSecrets && read.schema.kinds().containsKey(kind));
    }

    private static Schema declared(Bundle bundle) {
        List<Schema> parts = new ArrayList<>();
        try {
            Enumeration<String> paths = bundle.getEntryPaths(Schema.FOLDER);
            for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
                URL entry = path.endsWith(".xml") && parts.size() < Schema.MOST_FILES ? bundle.getEntry(path) : null;
                if (entry != null) {
                    try (InputStream in = entry.openStream()) {
                        parts.add(Schema.read(in));
                    }
                }
            }
        } catch (IllegalStateException e) {
            // It was withdrawn meanwhile: nobody asks for its settings any more.
            log.debug("{} is gone", bundle.getSymbolicName(), e);
        } catch (IOException e) {
            log.warn(
                    "the settings of {} are not known, so that they are neither checked nor listed: {}",
                    bundle.getSymbolicName(),
                    e.getMessage());
        }
        return Schema.all(parts);
    }
}
