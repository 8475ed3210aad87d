package io.millrace.arbitrum;

import io.millrace.api.network.Directory;
import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.OrchestratorState;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Registration;
import io.millrace.api.value.Wei;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.parsson.JsonProviderImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orchestrators of the active set, at the addresses that they gave to the registry. They are read from the chain and
 * remembered in a file, so that a gateway that starts again has them at once. Whoever registers chooses the address, so
 * that none of them counts as the operator's own. Thread-safe.
 */
final class PoolDirectory implements Directory {

    private static final Logger LOG = LoggerFactory.getLogger(PoolDirectory.class);

    /** Reading the pool takes several questions for each of up to a hundred orchestrators. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int LONGEST_ADDRESS = 2000;

    private final ChainAccount account;
    private final Path file;
    private final InstantSource clock;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile List<Listing> listings;
    private volatile String lastTrouble = "";

    /** With those of the file until the first {@link #refresh}. */
    PoolDirectory(ChainAccount account, Path file, InstantSource clock) {
        this.account = account;
        this.file = file;
        this.clock = clock;
        listings = remembered(file);
    }

    @Override
    public List<Listing> listings() {
        return listings;
    }

    @Override
    public Registration watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    /** Reads the pool. Throws nothing: what is known stays until it is known better. */
    void refresh() {
        try {
            List<Listing> now = account.pool(Deadline.in(PATIENCE, clock)).stream()
                    .map(PoolDirectory::listing)
                    .flatMap(Optional::stream)
                    .toList();
            lastTrouble = "";
            if (!now.equals(listings)) {
                listings = now;
                remember(now);
                watchers.forEach(Runnable::run);
            }
        } catch (Fault e) {
            trouble("cannot be read: " + e.getMessage());
        } catch (IOException e) {
            trouble("cannot be remembered in " + file + ": " + e);
        }
    }

    /** Said once for as long as it is the same. */
    private void trouble(String what) {
        if (!what.equals(lastTrouble)) {
            lastTrouble = what;
            LOG.warn("The orchestrators on the chain {}; {} that are known are used", what, listings.size());
        }
    }

    private static Optional<Listing> listing(OrchestratorState orchestrator) {
        return listing(orchestrator.serviceUri(), orchestrator.address(), orchestrator.stake());
    }

    /** Empty when the address is none that a gateway can ask. */
    private static Optional<Listing> listing(String address, Address orchestrator, BigInteger stake) {
        try {
            URI uri = new URI(address.strip());
            boolean usable = address.length() <= LONGEST_ADDRESS
                    && uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
            return usable
                    ? Optional.of(Listing.at(uri).account(orchestrator).stake(new Wei(stake)).build())
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private void remember(List<Listing> all) throws IOException {
        JsonBuilderFactory json = new JsonProviderImpl().createBuilderFactory(Map.of());
        JsonArrayBuilder array = json.createArrayBuilder();
        for (Listing listing : all) {
            array.add(json.createObjectBuilder()
                    .add("address", listing.address().toString())
                    .add("account", listing.account().bytes().hex())
                    .add("stake", listing.stake().orElse(Wei.ZERO).amount().toString()));
        }
        String text = json.createObjectBuilder().add("orchestrators", array).build().toString();
        Files.createDirectories(file.getParent());
        Path draft = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A file that cannot be read is as good as none: all of it is on the chain. */
    private static List<Listing> remembered(Path file) {
        try (InputStream in = Files.newInputStream(file);
                JsonReader reader = new JsonProviderImpl().createReader(in)) {
            List<Listing> all = new ArrayList<>();
            for (JsonObject one : reader.readObject().getJsonArray("orchestrators").getValuesAs(JsonObject.class)) {
                listing(
                                one.getString("address"),
                                new Address(Bytes.hex(one.getString("account"))),
                                new BigInteger(one.getString("stake")))
                        .ifPresent(all::add);
            }
            return List.copyOf(all);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read and is made anew from the chain: {}", file, e.toString());
            return List.of();
        }
    }
}
