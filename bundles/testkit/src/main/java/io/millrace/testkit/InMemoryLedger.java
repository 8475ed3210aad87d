package io.millrace.testkit;

import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.Closed;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.GasSpent;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Pinned;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.LedgerEntry.SetAside;
import io.millrace.api.payment.LedgerEntry.TermsExpired;
import io.millrace.api.payment.LedgerEntry.TicketReceived;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.LedgerEntry.TicketsSent;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A ledger that lasts as long as the test; {@link #reopened} is what a restart finds. Thread-safe. */
public final class InMemoryLedger implements Ledger {

    private static final BalanceId WHOLE = new BalanceId("all");

    /**
     * One append.
     *
     * @param at when
     * @param entries what
     */
    public record Append(Instant at, List<LedgerEntry> entries) {}

    private record State(Rational amount, Optional<Price> pinnedPrice, Instant lastChange) implements Balance {}

    private record Used(Set<Long> received, long lastSent, BigInteger expirationBlock) implements Nonces {
        static final Used NONE = new Used(Set.of(), 0, BigInteger.ZERO);
    }

    private record Winner(
            WinningTicket ticket,
            int tries,
            boolean inFlight,
            Optional<String> redeemer,
            Optional<String> lastFailure,
            boolean over)
            implements PendingWinner {

        private Winner tried() {
            return new Winner(ticket, tries + 1, true, redeemer, lastFailure, false);
        }

        private Winner failed(String why) {
            return new Winner(ticket, tries, false, redeemer, Optional.of(why), false);
        }

        private Winner handedTo(String whom) {
            return new Winner(ticket, tries, inFlight, Optional.of(whom), lastFailure, false);
        }

        private Winner done() {
            return new Winner(ticket, tries, false, redeemer, lastFailure, true);
        }
    }

    private final List<Append> appends = new ArrayList<>();
    private final Map<BalanceKey, State> balances = new HashMap<>();
    private final Map<Bytes, Used> nonces = new HashMap<>();
    private final Map<Bytes, Winner> winners = new LinkedHashMap<>();
    private boolean full;

    /** The same entries, read again. */
    public synchronized InMemoryLedger reopened() {
        InMemoryLedger again = new InMemoryLedger();
        appends.forEach(append -> again.append(append.at(), append.entries()));
        return again;
    }

    /** Everything that was written, in order. */
    public synchronized List<LedgerEntry> entries() {
        return appends.stream().flatMap(append -> append.entries().stream()).toList();
    }

    /** From now on nothing can, or can again, be written. */
    public synchronized void full(boolean newFull) {
        full = newFull;
    }

    @Override
    public synchronized boolean append(Instant at, List<LedgerEntry> entries) {
        if (full) {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the ledger of the test is full");
        }
        List<Runnable> undo = new ArrayList<>();
        List<LedgerEntry> written = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry instanceof TicketWon won && winners.containsKey(won.ticket().hash())) {
                continue;
            }
            written.add(entry);
            if (!write(at, entry, undo)) {
                undo.reversed().forEach(Runnable::run);
                return false;
            }
        }
        appends.add(new Append(at, List.copyOf(written)));
        return true;
    }

    @Override
    public synchronized Optional<Balance> balance(BalanceKey key) {
        return Optional.ofNullable(balances.get(key));
    }

    @Override
    public synchronized List<BalanceKey> idle(Side side, Instant before, int limit) {
        return balances.entrySet().stream()
                .filter(entry -> entry.getKey().side() == side)
                .filter(entry -> entry.getValue().lastChange().isBefore(before))
                .sorted(Comparator.comparing(entry -> entry.getValue().lastChange()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public synchronized Nonces nonces(Bytes recipientRandHash) {
        return nonces.getOrDefault(recipientRandHash, Used.NONE);
    }

    @Override
    public synchronized List<PendingWinner> winners(Optional<Address> sender, int limit) {
        return winners.values().stream()
                .filter(winner -> !winner.over())
                .filter(winner -> sender.isEmpty()
                        || sender.get().equals(winner.ticket().ticket().sender()))
                .<PendingWinner>map(winner -> winner)
                .sorted(Comparator.comparing(PendingWinner::expirationBlock))
                .limit(limit)
                .toList();
    }

    @Override
    public List<PendingWinner> due(BigInteger block, int limit) {
        return winners(Optional.empty(), Integer.MAX_VALUE).stream()
                .filter(winner -> winner.expirationBlock().compareTo(block) <= 0)
                .limit(limit)
                .toList();
    }

    @Override
    public int waiting(Optional<Address> sender) {
        return winners(sender, Integer.MAX_VALUE).size();
    }

    private record Sums(
            Side side, Address peer, Rational value, Rational work, long winners, Wei faceValue, long redeemed, Wei paid)
            implements Totals {}

    /** Summed up anew each time. */
    @Override
    public synchronized List<Totals> totals() {
        Map<Bytes, WinningTicket> won = new LinkedHashMap<>();
        Map<Bytes, Wei> paid = new HashMap<>();
        Map<BalanceKey, Rational> value = new HashMap<>();
        Map<BalanceKey, Rational> work = new HashMap<>();
        for (LedgerEntry entry : entries()) {
            switch (entry) {
                case Credited e when e.balance().side() == Side.RECEIVED ->
                    value.merge(whole(e.balance()), e.amount(), Rational::plus);
                case TicketsSent e -> value.merge(whole(e.balance()), e.expectedValue(), Rational::plus);
                case Debited e -> work.merge(whole(e.balance()), e.amount(), Rational::plus);
                case TicketWon e -> won.putIfAbsent(e.ticket().hash(), e.ticket());
                case Redeemed e -> paid.put(e.ticketHash(), e.paid());
                default -> {
                    // is in no sum
                }
            }
        }
        Set<BalanceKey> all = new HashSet<>(value.keySet());
        all.addAll(work.keySet());
        won.values().forEach(ticket -> all.add(whole(BalanceKey.received(ticket.ticket().sender(), WHOLE))));
        return all.stream()
                .sorted(Comparator.comparing(BalanceKey::side)
                        .reversed()
                        .thenComparing(key -> key.peer().toString()))
                .<Totals>map(key -> {
                    List<WinningTicket> its = won.values().stream()
                            .filter(ticket -> key.side() == Side.RECEIVED
                                    && ticket.ticket().sender().equals(key.peer()))
                            .toList();
                    List<Wei> receipts = its.stream()
                            .map(ticket -> paid.get(ticket.hash()))
                            .filter(Objects::nonNull)
                            .toList();
                    return new Sums(
                            key.side(),
                            key.peer(),
                            value.getOrDefault(key, Rational.ZERO),
                            work.getOrDefault(key, Rational.ZERO),
                            its.size(),
                            its.stream()
                                    .map(ticket -> new Wei(ticket.ticket().params().faceValue()))
                                    .reduce(Wei.ZERO, Wei::plus),
                            receipts.size(),
                            receipts.stream().reduce(Wei.ZERO, Wei::plus));
                })
                .toList();
    }

    /** Summed up anew each time. */
    @Override
    public synchronized List<Spent> spent(Instant since) {
        Map<Spent, Rational> sums = new LinkedHashMap<>();
        for (Append append : appends) {
            Instant hour = append.at().truncatedTo(ChronoUnit.HOURS);
            if (!append.at().isBefore(since)) {
                for (LedgerEntry entry : append.entries()) {
                    if (entry instanceof TicketsSent e) {
                        sums.merge(
                                new Spent(hour, Optional.of(e.balance().peer()), Rational.ZERO),
                                e.expectedValue(),
                                Rational::plus);
                    } else if (entry instanceof GasSpent e) {
                        sums.merge(new Spent(hour, Optional.empty(), Rational.ZERO), e.cost().toRational(), Rational::plus);
                    }
                }
            }
        }
        return sums.entrySet().stream()
                .map(sum -> new Spent(sum.getKey().hour(), sum.getKey().peer(), sum.getValue()))
                .toList();
    }

    private static BalanceKey whole(BalanceKey key) {
        return new BalanceKey(key.side(), key.peer(), WHOLE);
    }

    /** The kinds of the entries alone. */
    @Override
    public synchronized void export(Format format, OutputStream out) throws IOException {
        String kinds = entries().stream()
                .map(entry -> entry.getClass().getSimpleName())
                .map(kind -> format == Format.CSV ? kind : "{\"kind\":\"" + kind + "\"}")
                .collect(Collectors.joining(format == Format.CSV ? "\r\n" : ","));
        out.write((format == Format.CSV ? "kind\r\n" + kinds : "[" + kinds + "]").getBytes(StandardCharsets.UTF_8));
    }

    private boolean write(Instant at, LedgerEntry entry, List<Runnable> undo) {
        return switch (entry) {
            case Credited e -> change(at, e.balance(), e.amount(), undo);
            case Debited e -> change(at, e.balance(), Rational.ZERO.minus(e.amount()), undo);
            case SetAside e -> amount(e.balance()).equals(e.amount())
                    && change(at, e.balance(), Rational.ZERO.minus(e.amount()), undo);
            case Pinned e -> pin(at, e, undo);
            case Closed e -> close(e, undo);
            case TicketReceived e -> received(e, undo);
            case TicketsSent e -> sent(e, undo);
            case TermsExpired e -> forget(e.block(), undo);
            case TicketWon e -> won(e.ticket(), undo);
            case HandedOver e -> winner(e.ticketHash(), winner -> winner.handedTo(e.redeemer()), undo);
            case RedemptionBegun e -> winner(e.ticketHash(), Winner::tried, undo);
            case RedemptionFailed e -> winner(e.ticketHash(), winner -> winner.failed(e.message()), undo);
            case Redeemed e -> winner(e.ticketHash(), Winner::done, undo);
            case GasSpent e -> true;
            case Abandoned e -> winner(e.ticketHash(), Winner::done, undo);
        };
    }

    private Rational amount(BalanceKey key) {
        State state = balances.get(key);
        return state == null ? Rational.ZERO : state.amount();
    }

    private boolean change(Instant at, BalanceKey key, Rational by, List<Runnable> undo) {
        Optional<Price> pinned = Optional.ofNullable(balances.get(key)).flatMap(State::pinnedPrice);
        return put(balances, key, new State(amount(key).plus(by), pinned, at), undo);
    }

    private boolean pin(Instant at, Pinned entry, List<Runnable> undo) {
        Optional<Price> pinned = Optional.ofNullable(balances.get(entry.balance())).flatMap(State::pinnedPrice);
        if (pinned.isPresent() && !pinned.get().perUnit().equals(entry.price().perUnit())) {
            return false;
        }
        State state = new State(amount(entry.balance()), Optional.of(pinned.orElse(entry.price())), at);
        return put(balances, entry.balance(), state, undo);
    }

    private boolean close(Closed entry, List<Runnable> undo) {
        State state = balances.get(entry.balance());
        return state != null
                && state.lastChange().equals(entry.lastChange())
                && put(balances, entry.balance(), null, undo);
    }

    private boolean received(TicketReceived entry, List<Runnable> undo) {
        Used used = nonces.getOrDefault(entry.recipientRandHash(), Used.NONE);
        Set<Long> seen = new TreeSet<>(used.received());
        return seen.add(entry.nonce())
                && put(
                        nonces,
                        entry.recipientRandHash(),
                        new Used(seen, used.lastSent(), entry.expirationBlock()),
                        undo);
    }

    private boolean sent(TicketsSent entry, List<Runnable> undo) {
        Used used = nonces.getOrDefault(entry.recipientRandHash(), Used.NONE);
        long last = entry.firstNonce() + entry.count() - 1;
        return used.lastSent() + 1 == entry.firstNonce()
                && put(
                        nonces,
                        entry.recipientRandHash(),
                        new Used(used.received(), last, entry.expirationBlock()),
                        undo);
    }

    private boolean forget(BigInteger block, List<Runnable> undo) {
        List<Bytes> gone = nonces.entrySet().stream()
                .filter(entry -> entry.getValue().expirationBlock().compareTo(block) <= 0)
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(hash -> put(nonces, hash, null, undo));
        return true;
    }

    private boolean won(WinningTicket ticket, List<Runnable> undo) {
        Bytes hash = ticket.hash();
        return put(winners, hash, new Winner(ticket, 0, false, Optional.empty(), Optional.empty(), false), undo);
    }

    private boolean winner(Bytes hash, UnaryOperator<Winner> change, List<Runnable> undo) {
        Winner winner = winners.get(hash);
        return winner != null && !winner.over() && put(winners, hash, change.apply(winner), undo);
    }

    /** Puts a value, or removes it where it is null, and remembers how to take that back. */
    private static <K, V> boolean put(Map<K, V> map, K key, V value, List<Runnable> undo) {
        V before = value == null ? map.remove(key) : map.put(key, value);
        undo.add(before == null ? () -> map.remove(key) : () -> map.put(key, before));
        return true;
    }
}
