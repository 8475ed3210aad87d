package io.millrace.arbitrum;

import io.millrace.api.network.Directory;
import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.Notice;
import io.millrace.api.value.Registration;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Discovery on the chain as a component. */
@Component(
        service = Directory.class,
        immediate = true,
        configurationPid = PoolDirectoryComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PoolDirectoryConfiguration.class)
public final class PoolDirectoryComponent implements Directory {

    static final String PID = "io.millrace.arbitrum.directory";

    /** How soon a read that failed, as at the start, is tried again. */
    private static final int RETRY_SECONDS = 10;

    private final Optional<PoolDirectory> directory;
    private final ScheduledExecutorService reader;
    private final Registration rounds;

    /** Begins to read, unless it is disabled. */
    @Activate
    public PoolDirectoryComponent(
            PoolDirectoryConfiguration configuration,
            @Reference ChainAccount account,
            @Reference Settlement settlement) {
        Path folder = Path.of(configuration.directory().strip());
        if (configuration.enabled() && !folder.isAbsolute()) {
            throw new IllegalArgumentException(PID + ": directory is an absolute path, not '" + folder + "'");
        }
        if (configuration.readMinutes() < 1 || configuration.readMinutes() > 1440) {
            throw new IllegalArgumentException(
                    PID + ": readMinutes is from 1 to 1440, not " + configuration.readMinutes());
        }
        directory = configuration.enabled()
                ? Optional.of(new PoolDirectory(account, folder.resolve("pool.json"), InstantSource.system()))
                : Optional.empty();
        reader = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("arbitrum-directory").factory());
        if (directory.isEmpty()) {
            rounds = () -> {};
            return;
        }
        PoolDirectory pool = directory.get();
        reader.execute(() -> first(pool));
        reader.scheduleWithFixedDelay(
                pool::refresh, configuration.readMinutes(), configuration.readMinutes(), TimeUnit.MINUTES);
        rounds = settlement.watch(notice -> {
            if (notice instanceof Notice.NewRound) {
                reader.execute(pool::refresh);
            }
        });
    }

    private void first(PoolDirectory pool) {
        pool.refresh();
        if (pool.listings().isEmpty()) {
            reader.schedule(() -> first(pool), RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public List<Listing> listings() {
        return directory.map(PoolDirectory::listings).orElse(List.of());
    }

    @Override
    public Registration watch(Runnable changed) {
        return directory.map(pool -> pool.watch(changed)).orElse(() -> {});
    }

    @Deactivate
    void close() {
        rounds.close();
        reader.shutdownNow();
    }
}
