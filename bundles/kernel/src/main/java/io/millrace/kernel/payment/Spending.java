package io.millrace.kernel.payment;

import io.millrace.api.payment.Ledger.Spent;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was spent in the last day, in tickets or in gas, by hours of the clock: read from the ledger once, when there is a
 * limit, and counted along from then on. A day is the hour that runs and the 23 before it. What is taken counts at once,
 * before it is written, so that many who spend at the same time do not pass a limit together. Thread-safe.
 */
public final class Spending {

    private static final Duration DAY = Duration.ofHours(23);

    private final MoneyPorts ports;
    private final boolean gas;
    private final NavigableMap<Instant, Map<Optional<Address>, Rational>> hours = new TreeMap<>();
    private final ReentrantLock loading = new ReentrantLock();
    private boolean known;

    /**
     * What may be spent; zero is no limit.
     *
     * @param hour in an hour of the clock, in all
     * @param day in 24 of them, in all
     * @param peerDay in 24 of them, with one peer
     */
    public record Limits(Wei hour, Wei day, Wei peerDay) {

        /** None. */
        public static final Limits NONE = new Limits(Wei.ZERO, Wei.ZERO, Wei.ZERO);

        /**
         * Those of gas, as an operator writes them.
         *
         * @throws IllegalArgumentException that names a setting whose value makes no sense
         */
        public static Limits ofGas(String hour, String day) {
            return new Limits(WeiSetting.parse("maxGasPerHour", hour), WeiSetting.parse("maxGasPerDay", day), Wei.ZERO);
        }
    }

    /** A limit that is set: how it is called in the settings, how many hours it is of, whether it is each peer's. */
    private record Limited(String name, String what, Wei most, int hours, boolean ofPeer) {}

    private Spending(MoneyPorts ports, boolean gas) {
        this.ports = ports;
        this.gas = gas;
    }

    /** What is promised in tickets. */
    static Spending inTickets(MoneyPorts ports) {
        return new Spending(ports, false);
    }

    /** What is paid for gas. */
    static Spending inGas(MoneyPorts ports) {
        return new Spending(ports, true);
    }

    /**
     * Reads what was spent so far, the first time that there is a limit; one caller reads, which may take long, and the
     * others wait for that. Nothing may be taken before.
     *
     * @throws Fault when it is not known in time
     */
    void load(Limits limits, Deadline deadline) {
        if (isKnown() || limited(limits).isEmpty()) {
            return;
        }
        try {
            if (!loading.tryLock(Math.max(0, deadline.remaining(ports.clock()).toMillis()), TimeUnit.MILLISECONDS)) {
                throw new Fault(Consequence.RETRY_HERE, "what was spent today is still being read from the ledger");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Consequence.GIVE_UP, "interrupted while what was spent is read from the ledger", e);
        }
        try {
            if (!isKnown()) {
                Instant since = hour().minus(DAY);
                learned(ports.ledger(deadline, ledger -> ledger.spent(since)));
            }
        } finally {
            loading.unlock();
        }
    }

    private synchronized boolean isKnown() {
        return known;
    }

    private synchronized void learned(List<Spent> before) {
        before.stream()
                .filter(spent -> spent.peer().isEmpty() == gas)
                .forEach(spent -> add(spent.hour(), spent.peer(), spent.amount()));
        known = true;
    }

    /** A part of what may be spent, taken; it is given back where it was not spent. Without limits it counts nowhere. */
    record Taken(Instant hour, Optional<Address> peer, Rational amount, boolean counts) {}

    /** Which limit an amount would pass; nothing is taken then. */
    static final class Reached extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean ofPeer;

        private Reached(String message, boolean ofPeer) {
            super(message);
            this.ofPeer = ofPeer;
        }

        /** Whether others may still be paid. */
        boolean ofPeer() {
            return ofPeer;
        }
    }

    /** Takes an amount for a peer, or for gas where there is none. */
    synchronized Taken take(Limits limits, Optional<Address> peer, Rational amount) throws Reached {
        Instant hour = hour();
        hours.headMap(hour.minus(DAY)).clear();
        for (Limited limit : limited(limits)) {
            Rational spent = spent(limit, hour, peer);
            if (spent.plus(amount).compareTo(limit.most().toRational()) > 0) {
                throw new Reached(
                        "the limit of " + limit.what() + " is " + limit.most() + " (" + limit.name() + "), and " + up(spent)
                                + " are spent",
                        limit.ofPeer());
            }
        }
        if (known) {
            add(hour, peer, amount);
        }
        return new Taken(hour, peer, amount, known);
    }

    /** It was not spent. */
    void giveBack(Taken taken) {
        settle(taken, Rational.ZERO);
    }

    /** So much of it was spent. */
    synchronized void settle(Taken taken, Rational spent) {
        if (taken.counts() && hours.containsKey(taken.hour())) {
            add(taken.hour(), taken.peer(), spent.minus(taken.amount()));
        }
    }

    /** How the limits are used; of the one for peers, by the peer with whom most was spent. Waits for nobody. */
    List<SpendLimit> state(Limits limits) {
        try {
            load(limits, new Deadline(ports.clock().instant()));
        } catch (Fault e) {
            // there is no ledger now, and nothing is spent
            return List.of();
        }
        synchronized (this) {
            Instant hour = hour();
            hours.headMap(hour.minus(DAY)).clear();
            List<SpendLimit> state = new ArrayList<>();
            for (Limited limit : limited(limits)) {
                Rational spent = limit.ofPeer()
                        ? byPeer().values().stream().reduce(Rational.ZERO, (one, other) -> one.compareTo(other) < 0 ? other : one)
                        : spent(limit, hour, Optional.empty());
                state.add(new SpendLimit(limit.name(), limit.what(), up(spent), limit.most()));
            }
            return state;
        }
    }

    private List<Limited> limited(Limits limits) {
        String what = gas ? "gas" : "tickets";
        List<Limited> all = new ArrayList<>();
        for (Limited one : List.of(
                new Limited(gas ? "maxGasPerHour" : "maxPerHour", what + " in this hour", limits.hour(), 1, false),
                new Limited(gas ? "maxGasPerDay" : "maxPerDay", what + " in 24 hours", limits.day(), 24, false),
                new Limited("maxPerPeerAndDay", "tickets to one orchestrator in 24 hours", limits.peerDay(), 24, true))) {
            if (one.most().compareTo(Wei.ZERO) > 0) {
                all.add(one);
            }
        }
        return all;
    }

    private Rational spent(Limited limit, Instant hour, Optional<Address> peer) {
        if (limit.ofPeer()) {
            return byPeer().getOrDefault(peer, Rational.ZERO);
        }
        return hours.tailMap(hour.minus(Duration.ofHours(limit.hours() - 1)), true).values().stream()
                .flatMap(peers -> peers.values().stream())
                .reduce(Rational.ZERO, Rational::plus);
    }

    private Map<Optional<Address>, Rational> byPeer() {
        Map<Optional<Address>, Rational> sums = new HashMap<>();
        hours.values().forEach(peers -> peers.forEach((peer, amount) -> sums.merge(peer, amount, Rational::plus)));
        return sums;
    }

    private void add(Instant hour, Optional<Address> peer, Rational amount) {
        hours.computeIfAbsent(hour, unknown -> new HashMap<>()).merge(peer, amount, Rational::plus);
    }

    private Instant hour() {
        return ports.clock().instant().truncatedTo(ChronoUnit.HOURS);
    }

    private static Wei up(Rational amount) {
        return new Wei(amount.ceiling());
    }
}
