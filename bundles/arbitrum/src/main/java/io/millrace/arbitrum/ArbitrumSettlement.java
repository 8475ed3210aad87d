package io.millrace.arbitrum;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.api.value.Wei;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Livepeer's contracts on Arbitrum, or on any chain of the Ethereum kind. {@link Follower} knows the newest block,
 * {@link Reads} asks for what is not known of it, {@link Redeemer} redeems tickets, {@link ArbitrumAccount} is the
 * node's own account, {@link ChainlinkPriceFeed} reads what a currency is worth, {@link Transactions} sends for both.
 */
public class ArbitrumSettlement implements Settlement, AutoCloseable {

    private final Rpc rpc;
    private final Notices notices;
    private final Follower follower;
    private final Chain chain;
    private final Reads reads;
    private final Redeemer redeemer;
    private final ArbitrumAccount account;

    /**
     * What it works with.
     *
     * @param controller the contract that knows the others
     * @param poll how often the newest block is asked for
     * @param maxAge how long after the last answer of a node what is known is still given
     * @param replaceAfter how long a transaction may be in no block before it is replaced by one that offers more
     * @param maxReplacements how often that is done; then it is waited for without an end
     * @param maxGasPrice above which nothing is sent; empty for any price
     */
    public record Settings(
            Rpc.Settings rpc,
            Address controller,
            Duration poll,
            Duration maxAge,
            Duration replaceAfter,
            int maxReplacements,
            Optional<Wei> maxGasPrice) {}

    /** Begins to follow the chain and waits for nothing. Transactions are sent from the wallet that there is then. */
    public ArbitrumSettlement(Settings settings, Supplier<Optional<Wallet>> wallets, InstantSource clock) {
        rpc = new Rpc(settings.rpc(), clock);
        chain = new Chain(rpc);
        notices = new Notices();
        follower = new Follower(chain, settings, notices, clock);
        reads = new Reads(chain, follower, clock);
        Transactions transactions = new Transactions(chain, follower, settings, clock);
        redeemer = new Redeemer(chain, follower, reads, transactions, wallets, clock);
        account = new ArbitrumAccount(chain, follower, reads, transactions, wallets, clock);
    }

    @Override
    public ChainState state(Deadline deadline) {
        return follower.head();
    }

    @Override
    public SenderFunds funds(Address sender, Address claimant, Deadline deadline) {
        return reads.funds(sender, claimant, deadline);
    }

    @Override
    public boolean isActive(Address orchestrator, Deadline deadline) {
        return reads.isActive(orchestrator, deadline);
    }

    @Override
    public Redemption redeem(WinningTicket ticket, Deadline deadline) {
        return redeemer.redeem(ticket, deadline);
    }

    @Override
    public Optional<Redemption.Refused> objection(WinningTicket ticket, Deadline deadline) {
        return redeemer.objection(ticket, deadline);
    }

    @Override
    public Optional<Redemption.Paid> settled(WinningTicket ticket, Deadline deadline) {
        return redeemer.settled(ticket, deadline);
    }

    @Override
    public Registration watch(Consumer<Notice> listener) {
        return notices.watch(listener);
    }

    /** The price feed that this contract is. */
    PriceFeed feed(Address contract) {
        return new ChainlinkPriceFeed(chain, reads, contract);
    }

    /** What the node's account is and does itself. */
    ChainAccount account() {
        return account;
    }

    /** Ends the following. What was sent stays sent. */
    @Override
    public void close() {
        account.close();
        redeemer.close();
        follower.close();
        notices.close();
        rpc.close();
    }
}
