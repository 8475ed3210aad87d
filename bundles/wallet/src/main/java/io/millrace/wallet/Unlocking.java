package io.millrace.wallet;

import io.millrace.api.payment.Wallet;
import io.millrace.wallet.curve.Curve;
import io.millrace.wallet.keystore.UnusableKeystore;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unlocks an account in a thread of its own, and offers its wallet when that is done. Another account takes the place
 * of the one before when it is unlocked, and not at all when it cannot be.
 */
final class Unlocking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Unlocking.class);

    private final Supplier<Curve> curves;
    private final Function<Wallet, Runnable> offer;

    /** One at a time, for each takes 256 MB. Nobody else waits for it. */
    private final Object turn = new Object();

    /** Loaded with the first account, in its turn. */
    private Optional<Curve> curve = Optional.empty();

    /** Accounts that were begun with, and how many of them there were when this was closed last. */
    private long begun;

    private long closed;
    private Optional<Offered> offered = Optional.empty();

    /** A wallet and how it is withdrawn. */
    private record Offered(KeystoreWallet wallet, Runnable withdrawal) {

        void end() {
            withdrawal.run();
            wallet.close();
        }
    }

    /**
     * Nothing is unlocked yet.
     *
     * @param curves loads what signs
     * @param offer makes a wallet known; what it returns withdraws it
     */
    Unlocking(Supplier<Curve> curves, Function<Wallet, Runnable> offer) {
        this.curves = curves;
        this.offer = offer;
    }

    /** Goes over to an account, as soon as it is unlocked. */
    synchronized Thread begin(LockedAccount account) {
        long number = ++begun;
        return Thread.ofPlatform().name("millrace-wallet-unlock").daemon().start(() -> {
            synchronized (turn) {
                unlock(number, account);
            }
        });
    }

    private void unlock(long number, LockedAccount account) {
        try {
            if (isWanted(number)) {
                curve = curve.or(() -> Optional.of(curves.get()));
                show(number, account, account.unlock(curve.get()));
            }
        } catch (UnusableKeystore e) {
            failed(number, e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("The account is not unlocked.", e);
        }
    }

    private synchronized boolean isWanted(long number) {
        return number == begun && number > closed;
    }

    private synchronized void failed(long number, String why) {
        if (isWanted(number)) {
            KeystoreWalletComponent.report(
                    offered.map(now -> "stays " + now.wallet().address()).orElse("is none"), why);
        }
    }

    private void show(long number, LockedAccount account, KeystoreWallet wallet) {
        if (!isWanted(number)) {
            wallet.close();
            return;
        }
        Offered now = new Offered(wallet, offered(wallet));
        LOG.info(
                "Account {} is unlocked, from {}.{}",
                wallet.address().checksummed(),
                account.file().file(),
                account.orchestrator()
                        .map(orchestrator -> " It works for the orchestrator " + orchestrator.checksummed() + ".")
                        .orElse(""));
        // The one before; or this one, if this was closed meanwhile.
        replaced(number, now).ifPresent(Offered::end);
    }

    private Runnable offered(KeystoreWallet wallet) {
        try {
            return offer.apply(wallet);
        } catch (RuntimeException e) {
            wallet.close();
            throw e;
        }
    }

    private synchronized Optional<Offered> replaced(long number, Offered now) {
        if (number <= closed) {
            return Optional.of(now);
        }
        Optional<Offered> before = offered;
        offered = Optional.of(now);
        return before;
    }

    /** Withdraws the wallet and wipes its key. What is being unlocked is wiped when that is done. */
    @Override
    public void close() {
        Optional<Offered> last;
        synchronized (this) {
            closed = begun;
            last = offered;
            offered = Optional.empty();
        }
        last.ifPresent(Offered::end);
    }
}
