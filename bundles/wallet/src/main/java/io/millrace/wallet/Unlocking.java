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

    /** One at a time, for each takes 256 MB. */
    private final Object turn = new Object();

    /** Loaded with the first account, in its turn. */
    private Optional<Curve> curve = Optional.empty();

    private LockedAccount wanted;
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
        wanted = account;
        return Thread.ofPlatform().name("millrace-wallet-unlock").daemon().start(() -> unlock(account));
    }

    private void unlock(LockedAccount account) {
        synchronized (turn) {
            if (!isWanted(account)) {
                return;
            }
            try {
                curve = curve.or(() -> Optional.of(curves.get()));
                show(account, account.unlock(curve.get()));
            } catch (UnusableKeystore e) {
                failed(account, e.getMessage());
            } catch (RuntimeException | Error e) {
                LOG.error("The account is not unlocked.", e);
            }
        }
    }

    private synchronized boolean isWanted(LockedAccount account) {
        return account == wanted;
    }

    private synchronized void failed(LockedAccount account, String why) {
        if (isWanted(account)) {
            KeystoreWalletComponent.report(
                    offered.map(now -> "stays " + now.wallet().address()).orElse("is none"), why);
        }
    }

    private synchronized void show(LockedAccount account, KeystoreWallet wallet) {
        if (!isWanted(account)) {
            wallet.close();
            return;
        }
        Optional<Offered> before = offered;
        offered = Optional.of(new Offered(wallet, offer.apply(wallet)));
        LOG.info("Account {} is unlocked, from {}.", wallet.address().checksummed(), account.file().file());
        before.ifPresent(Offered::end);
    }

    /** Withdraws the wallet and wipes its key. What is being unlocked is wiped when that is done. */
    @Override
    public synchronized void close() {
        wanted = null;
        offered.ifPresent(Offered::end);
        offered = Optional.empty();
    }
}
