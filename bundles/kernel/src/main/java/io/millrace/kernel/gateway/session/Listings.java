package io.millrace.kernel.gateway.session;

import io.millrace.api.network.Directory;
import io.millrace.api.network.Directory.Listing;
import io.millrace.api.value.Registration;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.CallFailed;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all directories list. One that fails lists nobody; the others go on. */
public final class Listings {

    /** How long a directory may take: it answers from memory, as it ought to. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Leased<Directory> directories;
    private final Foreign foreign;
    private final Map<Directory, Registration> watched = Collections.synchronizedMap(new IdentityHashMap<>());

    /** Of all that are there. */
    public Listings(Leased<Directory> directories, Foreign foreign) {
        this.directories = directories;
        this.foreign = foreign;
    }

    /** Has {@code changed} run when this directory says that its listings have changed. */
    public void watch(Directory directory, Runnable changed) {
        directories.take(directory).ifPresent(lease -> {
            try (lease) {
                watched.put(directory, foreign.call(lease, LIMIT, its -> its.watch(changed)));
            } catch (CallFailed e) {
                // said already; its listings are read again now and then all the same
            }
        });
    }

    /** The directory leaves. */
    public void unwatch(Directory directory) {
        Registration registration = watched.remove(directory);
        if (registration != null) {
            directories.take(directory).ifPresent(lease -> {
                try (lease) {
                    foreign.tell(lease.provider(), LIMIT, registration::close);
                }
            });
        }
    }

    /** Everybody who is listed, each address once, with the highest trust that a directory gives it. */
    List<Listing> all() {
        Map<URI, Listing> all = new LinkedHashMap<>();
        for (Lease<Directory> lease : directories.takeAll(directory -> true)) {
            try (lease) {
                for (Listing listing : foreign.call(lease, LIMIT, directory -> List.copyOf(directory.listings()))) {
                    all.merge(listing.address(), listing, (a, b) -> a.trust() >= b.trust() ? a : b);
                }
            } catch (CallFailed e) {
                // said already
            }
        }
        return List.copyOf(all.values());
    }
}
