package io.millrace.kernel.payment;

import io.millrace.api.node.NodeEvents;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.Redemption;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.Leased;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Wallet, ledger and settlement as they are there now. A call that finds one of them missing, as while it is
 * exchanged, parks until its deadline or the longest gap of {@link Leased.Limits}, and then fails. The wallet of
 * nobody, which every node has, is none. Thread-safe.
 */
public final class MoneyPorts {

    /**
     * How long a wallet or a chain that hangs may hold a call: until its deadline, but within these. A call that has
     * little time left is not taken for one that hangs.
     */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Leased<Wallet> wallets;
    private final Leased<Ledger> ledgers;
    private final Leased<Settlement> settlements;
    private final Foreign walletCalls;
    private final Foreign settlementCalls;
    private final NodeEvents events;
    private final InstantSource clock;

    /** Over whoever is bound to these. */
    public MoneyPorts(
            Leased<Wallet> wallets,
            Leased<Ledger> ledgers,
            Leased<Settlement> settlements,
            NodeEvents events,
            InstantSource clock) {
        this.wallets = wallets;
        this.ledgers = ledgers;
        this.settlements = settlements;
        this.walletCalls = new Foreign("wallet", events);
        this.settlementCalls = new Foreign("settlement", events);
        this.events = events;
        this.clock = clock;
    }

    /** Who is told of payments. */
    NodeEvents events() {
        return events;
    }

    /** The clock of everything that is written. */
    InstantSource clock() {
        return clock;
    }

    /** Which of them is missing, and what to do; empty when none is. */
    Optional<String> obstacle() {
        if (ledgers.isEmpty()) {
            return Optional.of("there is no ledger: configure io.millrace.store");
        }
        if (settlements.isEmpty()) {
            return Optional.of("there is no chain: configure io.millrace.arbitrum");
        }
        Optional<Lease<Wallet>> wallet = wallets.takeNow(MoneyPorts::hasAccount);
        wallet.ifPresent(Lease::close);
        return wallet.isPresent()
                ? Optional.empty()
                : Optional.of("there is no wallet with an account: configure io.millrace.wallet");
    }

    private static boolean hasAccount(Wallet wallet) {
        return !wallet.address().equals(Address.NONE);
    }

    /**
     * Asks the wallet.
     *
     * @throws Fault when there is none, or it cannot answer now
     */
    <R> R wallet(Deadline deadline, Function<? super Wallet, ? extends R> question) {
        return ask("wallet", wallets, MoneyPorts::hasAccount, walletCalls, deadline, limit(deadline), question);
    }

    /**
     * Asks the chain.
     *
     * @throws Fault when there is none, or it cannot answer now
     */
    <R> R settlement(Deadline deadline, Function<? super Settlement, ? extends R> question) {
        return chain(deadline, limit(deadline), question);
    }

    /**
     * Redeems a ticket, which takes as long as the chain takes.
     *
     * @throws Fault when there is no chain, or it cannot be reached now
     */
    Redemption redeem(WinningTicket ticket, Deadline deadline) {
        return chain(
                deadline, deadline.remaining(clock).plus(SHORTEST), chain -> chain.redeem(ticket, deadline));
    }

    /**
     * What was paid for a ticket that is used already.
     *
     * @throws Fault when there is no chain, or it cannot be reached now
     */
    Optional<Redemption.Paid> settled(WinningTicket ticket, Deadline deadline) {
        return chain(
                deadline, deadline.remaining(clock).plus(SHORTEST), chain -> chain.settled(ticket, deadline));
    }

    /**
     * Reads or writes the ledger, on the caller's own thread: a write that was given up halfway would be one of which
     * nobody knows whether it counts.
     *
     * @throws Fault when there is none, or it cannot be used now
     */
    <R> R ledger(Deadline deadline, Function<? super Ledger, ? extends R> question) {
        try {
            return ledgers.call(deadline, question);
        } catch (RuntimeException e) {
            throw fault("ledger", e);
        }
    }

    private <R> R chain(Deadline deadline, Duration limit, Function<? super Settlement, ? extends R> question) {
        return ask("chain", settlements, settlement -> true, settlementCalls, deadline, limit, question);
    }

    /** Whatever went wrong on the port's side is one fault; a fault of its own is no misbehaviour. */
    <T, R> R ask(
            String what,
            Leased<T> port,
            Predicate<? super T> suits,
            Foreign calls,
            Deadline deadline,
            Duration limit,
            Function<? super T, ? extends R> question) {
        record Answer<A>(A value, Fault fault) {}
        Answer<R> answer;
        try (Lease<T> lease = port.take(suits, deadline)) {
            answer = calls.call(lease, limit, instance -> {
                try {
                    return new Answer<R>(question.apply(instance), null);
                } catch (Fault e) {
                    return new Answer<R>(null, e);
                }
            });
        } catch (RuntimeException e) {
            throw fault(what, e);
        }
        if (answer.fault() != null) {
            throw answer.fault();
        }
        return answer.value();
    }

    private Duration limit(Deadline deadline) {
        Duration left = deadline.remaining(clock);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left.compareTo(LONGEST) > 0 ? LONGEST : left;
    }

    private static Fault fault(String what, RuntimeException cause) {
        return cause instanceof Fault fault
                ? fault
                : new Fault(Consequence.RETRY_HERE, "the " + what + " cannot be used now: " + cause.getMessage(), cause);
    }
}
