package io.millrace.arbitrum.devnet;

import io.millrace.api.node.NodeControl;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.Wei;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.parsson.JsonProviderImpl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local chain as a component: orchestrators are registered, gateways have funds, rounds go on by themselves. Once all
 * is there it writes {@code devnet.json}, and the node is ready.
 */
@Component(
        service = NodeControl.class,
        immediate = true,
        configurationPid = DevnetComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DevnetConfiguration.class)
public final class DevnetComponent implements NodeControl {

    static final String PID = "io.millrace.arbitrum.devnet";

    private static final Logger LOG = LoggerFactory.getLogger(DevnetComponent.class);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final long CHAIN_ID = 31337;
    private static final int FIRST_GATEWAY = 10;
    private static final int MOST = 9;
    private static final Wei ETHER = new Wei(BigInteger.TEN.pow(18));
    private static final int REWARD_CUT = 100_000;
    private static final int FEE_SHARE = 50_000;

    private final DevnetConfiguration configuration;
    private final Path folder;
    private final List<URI> orchestrators = new ArrayList<>();
    private volatile Optional<String> obstacle = Optional.of("the local chain is made; npm may bring its tools");
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("devnet").unstarted(this::run);

    /** Begins to bring the chain up. */
    @Activate
    public DevnetComponent(DevnetConfiguration configuration) throws IOException {
        this.configuration = configuration;
        folder = Path.of(configuration.directory().strip());
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException(PID + ": directory is no absolute path: " + folder);
        }
        for (String uri : String.join(",", configuration.orchestrators()).split(",")) {
            if (!uri.isBlank()) {
                orchestrators.add(URI.create(uri.strip()));
            }
        }
        if (orchestrators.size() > MOST || configuration.gateways() < 0 || configuration.gateways() > MOST) {
            throw new IllegalArgumentException(
                    PID + ": at most " + MOST + " orchestrators and " + MOST + " gateways have accounts");
        }
        Files.createDirectories(folder);
        Files.deleteIfExists(state());
        thread.start();
    }

    private Path tools() {
        return configuration.tools().isBlank()
                ? folder.resolve("tools")
                : Path.of(configuration.tools().strip());
    }

    private Path state() {
        return folder.resolve("devnet.json");
    }

    private void run() {
        try (LocalChain chain = LocalChain.start(
                DevnetTools.installed(tools()),
                new LocalChain.Options(
                        configuration.port(), CHAIN_ID, configuration.blockSeconds(), configuration.roundBlocks()))) {
            settle(chain);
            obstacle = Optional.empty();
            LOG.info("The local chain is at {}, its contracts are found from {}", chain.url(), chain.controller());
            while (!stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                chain.initializeRound();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (stopped.getCount() > 0) {
                obstacle = Optional.of("there is no local chain: " + e.getMessage());
                LOG.error("There is no local chain: {}", e.getMessage(), e instanceof DevnetTools.Missing ? null : e);
            }
        }
    }

    /** Registers and funds, and waits until the orchestrators are active, which is a round later. */
    private void settle(LocalChain chain) throws IOException {
        JsonBuilderFactory json = new JsonProviderImpl().createBuilderFactory(Map.of());
        JsonArrayBuilder registered = json.createArrayBuilder();
        for (int i = 0; i < orchestrators.size(); i++) {
            DevAccount account = DevAccount.of(1 + i);
            chain.register(account, LocalChain.lpt(500), REWARD_CUT, FEE_SHARE, orchestrators.get(i));
            registered.add(json.createObjectBuilder()
                    .add("address", account.address().checksummed())
                    .add("keystore", keystore("orchestrator-" + (i + 1), account))
                    .add("serviceUri", orchestrators.get(i).toString()));
        }
        JsonArrayBuilder funded = json.createArrayBuilder();
        for (int i = 0; i < configuration.gateways(); i++) {
            DevAccount account = DevAccount.of(FIRST_GATEWAY + i);
            chain.fund(account, ETHER, ETHER);
            funded.add(json.createObjectBuilder()
                    .add("address", account.address().checksummed())
                    .add("keystore", keystore("gateway-" + (i + 1), account)));
        }
        chain.nextRound();
        String text = json.createObjectBuilder()
                .add("url", chain.url().toString())
                .add("chainId", chain.chainId())
                .add("controller", chain.controller().checksummed())
                .add("ticketBroker", chain.contract("TicketBroker").checksummed())
                .add("orchestrators", registered)
                .add("gateways", funded)
                .build()
                .toString();
        Path draft = Files.writeString(folder.resolve("devnet.json.new"), text);
        Files.move(draft, state(), StandardCopyOption.ATOMIC_MOVE);
    }

    private String keystore(String name, DevAccount account) throws IOException {
        Path file = folder.resolve("keystore").resolve(name + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, DevKeystore.of(account));
        return file.toString();
    }

    @Override
    public List<StreamStatus> streams() {
        return List.of();
    }

    @Override
    public List<SessionStatus> sessions() {
        return List.of();
    }

    @Override
    public List<String> obstacles() {
        return obstacle.stream().toList();
    }

    @Override
    public boolean endStream(ManifestId manifest) {
        return false;
    }

    @Override
    public boolean letEnd(Deadline deadline) {
        return true;
    }

    @Override
    public boolean drain(Deadline deadline) {
        return true;
    }

    @Deactivate
    void stop() throws IOException, InterruptedException {
        stopped.countDown();
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
        Files.deleteIfExists(state());
    }
}
