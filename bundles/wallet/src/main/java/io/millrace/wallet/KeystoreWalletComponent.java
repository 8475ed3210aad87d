package io.millrace.wallet;

import io.millrace.wallet.curve.Curves;
import io.millrace.wallet.keystore.UnusableKeystore;
import java.nio.file.InvalidPathException;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured account. Its wallet is a service as soon as it is unlocked, see {@link UnlockedWallet}. */
@Component(
        service = {},
        immediate = true,
        configurationPid = KeystoreWalletComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WalletSettings.class)
public final class KeystoreWalletComponent {

    static final String PID = "io.millrace.wallet";

    private static final Logger LOG = LoggerFactory.getLogger(KeystoreWalletComponent.class);

    private final Unlocking unlocking;

    /** Begins to unlock it. Settings that cannot be right whatever the password is are an error at once. */
    @Activate
    public KeystoreWalletComponent(
            WalletSettings settings,
            @Reference(target = "(component.factory=" + UnlockedWallet.FACTORY + ")")
                    ComponentFactory<UnlockedWallet> wallets) {
        Optional<LockedAccount> account = checked(settings);
        unlocking = new Unlocking(
                Curves::load,
                wallet -> wallets.newInstance(new Hashtable<>(Map.of(UnlockedWallet.WALLET, wallet)))::dispose);
        account.ifPresent(unlocking::begin);
    }

    private static Optional<LockedAccount> checked(WalletSettings settings) {
        try {
            return locked(settings);
        } catch (IllegalArgumentException e) {
            report("is none", e.getMessage());
            throw e;
        }
    }

    private static Optional<LockedAccount> locked(WalletSettings settings) {
        try {
            return LockedAccount.of(
                    settings.keystore().strip(),
                    settings.account().strip(),
                    settings.password().strip(),
                    settings.orchestratorAccount().strip());
        } catch (UnusableKeystore e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'keystore' is no path. Correct it", e);
        }
    }

    /** The account before stays until the new one is unlocked; unusable settings are refused and change nothing. */
    @Modified
    void change(WalletSettings settings) {
        locked(settings).ifPresentOrElse(unlocking::begin, unlocking::close);
    }

    /** One line for the operator. */
    static void report(String account, String why) {
        LOG.error(
                "The account of this node {}: {}. It is tried again at the next start, or when its configuration {}"
                        + " changes.",
                account,
                why,
                PID);
    }

    @Deactivate
    void close() {
        unlocking.close();
    }
}
