package io.millrace.kernel.orchestrator;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.lease.CallFailed;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import io.millrace.kernel.lease.Provider;
import io.millrace.kernel.payment.Payee;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Who is paid for the work, and who signs it. Off-chain nobody is paid. On-chain a wallet with an address is needed, and
 * what the payee needs: when one is missing, a call waits for it as {@link Leased} does and is then refused, so that no
 * work is done for free. Thread-safe.
 */
public final class Account {

    private static final System.Logger LOG = System.getLogger(Account.class.getName());

    /** How long a wallet may take; its key may be at a remote signer. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BooleanSupplier onChain;
    private final Payee offChain;
    private final Payee paid;
    private final Leased<Wallet> wallets;
    private final Foreign foreign;
    private final InstantSource clock;

    /**
     * An account.
     *
     * @param onChain whether work has to be paid now
     * @param offChain says the price while nothing is paid
     * @param paid who is paid on-chain
     * @param wallets who signs; the best one does
     */
    public Account(
            BooleanSupplier onChain,
            Payee offChain,
            Payee paid,
            Leased<Wallet> wallets,
            NodeEvents events,
            InstantSource clock) {
        this.onChain = onChain;
        this.offChain = offChain;
        this.paid = paid;
        this.wallets = wallets;
        this.foreign = new Foreign("wallet", events);
        this.clock = clock;
    }

    /** What keeps an on-chain orchestrator from being paid; empty when nothing does. */
    Optional<String> obstacle() {
        return onChain.getAsBoolean()
                ? paid.obstacle().map(what -> "the orchestrator is on-chain (onChain) and " + what)
                : Optional.empty();
    }

    /** The account that is paid and signs, {@link Address#NONE} when there is none. */
    Address address() {
        Optional<Lease<Wallet>> wallet = wallets.takeNow(this::isWanted);
        if (wallet.isEmpty()) {
            return Address.NONE;
        }
        try (Lease<Wallet> lease = wallet.get()) {
            return address(lease.get());
        }
    }

    /** On-chain a wallet without an address is none. */
    private boolean isWanted(Wallet wallet) {
        return !onChain.getAsBoolean() || !address(wallet).equals(Address.NONE);
    }

    private Address address(Wallet wallet) {
        try {
            return foreign.call(wallet, new Provider(wallet.getClass().getName(), 0), LIMIT, Wallet::address);
        } catch (CallFailed e) {
            return Address.NONE;
        }
    }

    /** What is asked of this caller for such a job. */
    Payee.Asked terms(JobSpec spec, Caller caller, Deadline deadline) {
        return ask(payee -> payee.terms(spec, caller), Payee.Asked.No::new, deadline);
    }

    /** Takes the payment of a job; why the job cannot be begun, or empty. */
    Optional<Refusal> receive(JobSpec spec, BalanceId balance, Payment payment, Deadline deadline) {
        return ask(payee -> payee.receive(spec, balance, payment), Optional::of, deadline);
    }

    private <R> R ask(Function<Payee, R> question, Function<Refusal, R> otherwise, Deadline deadline) {
        if (!onChain.getAsBoolean()) {
            return question.apply(offChain);
        }
        try (Lease<Wallet> _ = wallets.take(this::isWanted, deadline)) {
            return question.apply(paid);
        } catch (Fault e) {
            LOG.log(Level.WARNING, "A payment could not be looked at, the work was refused: " + e.getMessage());
            return otherwise.apply(new Refusal(Refusal.Reason.UNAVAILABLE, "payments cannot be taken now"));
        }
    }

    /** Takes what a job cost off the balance. */
    void debit(JobSpec spec, BalanceId balance, Payment payment, long units) {
        (onChain.getAsBoolean() ? paid : offChain).debit(spec, balance, payment, units);
    }

    /**
     * The signature over a result.
     *
     * @throws Fault when the wallet cannot sign now, or an on-chain orchestrator has none
     */
    Bytes sign(Bytes digest) {
        try (Lease<Wallet> lease = wallets.take(this::isWanted, Deadline.in(LIMIT, clock))) {
            return foreign.call(lease, LIMIT, wallet -> wallet.sign(digest));
        } catch (CallFailed e) {
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "the wallet does not sign: " + e.getMessage(), e);
        }
    }

    /** Whether results are signed. */
    boolean signs() {
        return onChain.getAsBoolean() || !address().equals(Address.NONE);
    }
}
