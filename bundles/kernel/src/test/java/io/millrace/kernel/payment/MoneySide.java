package io.millrace.kernel.payment;

import io.millrace.api.network.Links;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Wallet;
import io.millrace.kernel.lease.Leased;
import io.millrace.testkit.InMemoryLedger;
import io.millrace.testkit.InMemoryWallet;
import io.millrace.testkit.RecordingEvents;
import java.time.Duration;
import java.time.InstantSource;

/** Wallet, ledger and chain of one role of a node, each of which a test can take away. */
public final class MoneySide {

    private static final Leased.Limits SHORT = new Leased.Limits(Duration.ofSeconds(5), Duration.ofMillis(50), 1000);

    /** Its account. */
    public final InMemoryWallet wallet;

    /** What is written of it. */
    public final InMemoryLedger ledger;

    /** Who is there. */
    public final Leased<Wallet> wallets;

    /** Who is there. */
    public final Leased<Ledger> ledgers;

    /** Who is there. */
    public final Leased<Settlement> settlements;

    /** Who is there. */
    public final Leased<Links> links;

    /** The first three. */
    public final MoneyPorts ports;

    /** All there; the wallet of nobody too, as in every node. */
    public MoneySide(InMemoryWallet wallet, InMemoryLedger ledger, Settlement settlement, InstantSource clock) {
        this.wallet = wallet;
        this.ledger = ledger;
        this.wallets = new Leased<>("wallet", clock, SHORT);
        this.ledgers = new Leased<>("ledger", clock, SHORT);
        this.settlements = new Leased<>("settlement", clock, SHORT);
        this.links = new Leased<>("links", clock, SHORT);
        this.ports = new MoneyPorts(wallets, ledgers, settlements, new RecordingEvents(), clock);
        wallets.bind(new NoWalletComponent(), -1000);
        wallets.bind(wallet, 0);
        ledgers.bind(ledger, 0);
        settlements.bind(settlement, 0);
    }
}
