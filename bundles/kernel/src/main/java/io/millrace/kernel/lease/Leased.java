package io.millrace.kernel.lease;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.kernel.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The instances that implement a port now. They are told apart by identity; the best one has the highest
 * ranking, among equals it is the newest. Every call takes a lease on its instance. {@link #unbind} waits for the
 * leases of that instance. A caller who finds no instance waits until one is bound.
 *
 * <p>Thread-safe. No instance is called here, but for {@link #call} and {@link #each}, which hold no lock meanwhile.
 */
public final class Leased<T> {

    /**
     * Bounds of all waiting.
     *
     * @param handover how long {@link #unbind} waits for the leases of an instance
     * @param gap how long a caller waits for an instance, also when its deadline is later
     * @param parked callers that wait at once; the next one fails at once
     */
    public record Limits(Duration handover, Duration gap, int parked) {

        /** 5 s, 10 s, 1000 callers. */
        public static final Limits STANDARD = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), 1000);
    }

    private final String what;
    private final InstantSource clock;
    private final Limits limits;
    private volatile List<Slot<T>> slots = List.of();
    private long bound;
    private int parked;
    private boolean wasFilled;
    private long emptied;

    /** Without instances, with the standard limits. {@code what} names the port in messages: "pipeline". */
    public Leased(String what, InstantSource clock) {
        this(what, clock, Limits.STANDARD);
    }

    /** Without instances. */
    public Leased(String what, InstantSource clock, Limits limits) {
        this.what = what;
        this.clock = clock;
        this.limits = limits;
    }

    /** Adds an instance of this node, or gives it a new ranking. */
    public void bind(T instance, int ranking) {
        bind(instance, new Provider(instance.getClass().getName(), ranking));
    }

    /** Adds an instance, or gives it a new ranking. */
    public synchronized void bind(T instance, Provider provider) {
        List<Slot<T>> next = new ArrayList<>(slots);
        Slot<T> slot = slotOf(instance).orElseGet(() -> new Slot<>(instance, this, this::lookAgain));
        next.remove(slot);
        slot.provide(provider, ++bound);
        next.add(slot);
        next.sort(Comparator.comparingInt((Slot<T> s) -> s.provider.ranking())
                .thenComparingLong(s -> s.order)
                .reversed());
        slots = List.copyOf(next);
        notifyAll();
    }

    /**
     * Takes an instance away: it gets no new leases from now on. Waits for those that are out, except for those whose
     * calls hang.
     *
     * @return whether all leases were closed in time
     */
    public synchronized boolean unbind(T instance) {
        Optional<Slot<T>> found = slotOf(instance);
        if (found.isEmpty()) {
            return true;
        }
        Slot<T> slot = found.get();
        slot.withdrawn = true;
        slots = slots.stream().filter(s -> s != slot).toList();
        emptied = slots.isEmpty() ? System.nanoTime() : emptied;
        wasFilled = true;
        notifyAll();
        return await(limits.handover, () -> !slot.isBusy()) && slot.isFree();
    }

    /** Whether no instance is bound now. */
    public boolean isEmpty() {
        return slots.isEmpty();
    }

    /** The instances that are bound now, best first; only to be compared, since a call takes a lease. */
    public List<T> instances() {
        return slots.stream().map(slot -> slot.instance).toList();
    }

    /** Calls the best instance. */
    public <R> R call(Deadline deadline, Function<? super T, ? extends R> call) {
        try (Lease<T> lease = take(deadline)) {
            return call.apply(lease.get());
        }
    }

    /** A lease on the best instance. */
    public Lease<T> take(Deadline deadline) {
        return take(instance -> true, deadline);
    }

    /**
     * A lease on the best instance that suits. The predicate is asked on the caller's thread, without a lock.
     *
     * @throws Fault when none was bound by the deadline or within the gap, too many callers wait, or the
     *     caller was interrupted
     */
    public Lease<T> take(Predicate<? super T> suits, Deadline deadline) {
        long end = System.nanoTime() + least(limits.gap, deadline.remaining(clock)).toNanos();
        while (true) {
            List<Slot<T>> seen = slots;
            Optional<Lease<T>> lease = among(seen, suits);
            if (lease.isPresent()) {
                return lease.get();
            }
            park(seen, Duration.ofNanos(end - System.nanoTime()));
        }
    }

    /** A lease on the best instance that suits; empty when none does. Never waits. */
    public Optional<Lease<T>> takeNow(Predicate<? super T> suits) {
        return among(slots, suits);
    }

    /** Asks about an instance only with a lease on it: one that has left is not asked about. */
    private Optional<Lease<T>> among(List<Slot<T>> seen, Predicate<? super T> suits) {
        for (Slot<T> slot : seen) {
            Optional<Lease<T>> lease = slot.take();
            boolean suited = false;
            try {
                suited = lease.isPresent() && suits.test(slot.instance);
                if (suited) {
                    return lease;
                }
            } finally {
                if (!suited) {
                    lease.ifPresent(Lease::close);
                }
            }
        }
        return Optional.empty();
    }

    /** A lease on this very instance; empty when it is not bound, or is being taken away. */
    public Optional<Lease<T>> take(T instance) {
        return slotOf(instance).flatMap(Slot<T>::take);
    }

    /**
     * Leases on all instances that suit, best first, taken at one moment, so that none is missed however fast
     * they are replaced. Never waits. The predicate is asked with the lock held: it only compares.
     */
    public synchronized List<Lease<T>> takeAll(Predicate<? super T> suits) {
        return slots.stream()
                .filter(slot -> suits.test(slot.instance))
                .flatMap(slot -> slot.take().stream())
                .toList();
    }

    /**
     * Waits for an instance when the last one left less than the gap ago.
     *
     * @return whether an instance is bound
     */
    public synchronized boolean awaitSuccessor() {
        Duration left = wasFilled ? limits.gap.minusNanos(System.nanoTime() - emptied) : Duration.ZERO;
        await(left, () -> !slots.isEmpty());
        return !slots.isEmpty();
    }

    /** Calls each instance, best first, and passes over those that leave meanwhile. Never waits for one to be bound. */
    public <R> List<R> each(Function<? super T, ? extends R> call) {
        List<R> answers = new ArrayList<>();
        for (Lease<T> lease : takeAll(instance -> true)) {
            try (lease) {
                answers.add(call.apply(lease.get()));
            }
        }
        return answers;
    }

    /** Who offers the instances that get no more calls, because three of theirs hang. */
    public List<Provider> setAside() {
        return slots.stream().filter(slot -> slot.isSetAside(Slot.WHOLE)).map(slot -> slot.provider).toList();
    }

    /** The workers that get no more calls, because three of theirs hang, by who offers their instance. */
    public Map<Provider, Set<String>> workersSetAside() {
        Map<Provider, Set<String>> all = new LinkedHashMap<>();
        for (Slot<T> slot : slots) {
            Set<String> workers = slot.workersSetAside();
            if (!workers.isEmpty()) {
                all.computeIfAbsent(slot.provider, provider -> new TreeSet<>()).addAll(workers);
            }
        }
        return all;
    }

    /** Lets callers who wait look again, because an instance may suit that did not. */
    public synchronized void lookAgain() {
        // a caller who waits looks again when the list is another one
        slots = Collections.unmodifiableList(new ArrayList<>(slots));
        notifyAll();
    }

    /** Waits until the instances are others than those that were seen. */
    private synchronized void park(List<Slot<T>> seen, Duration most) {
        if (slots == seen && parked >= limits.parked) {
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "too many calls wait for a " + what);
        }
        parked++;
        boolean changed = await(most, () -> slots != seen);
        parked--;
        if (!changed) {
            throw new Fault(
                    Fault.Consequence.RETRY_ELSEWHERE,
                    Thread.currentThread().isInterrupted()
                            ? "interrupted while waiting for a " + what
                            : "no " + what + " is there");
        }
    }

    /** With the monitor held; not so when the caller was interrupted, who stays so. */
    private boolean await(Duration most, BooleanSupplier state) {
        try {
            return Threads.await(this, most, state);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<Slot<T>> slotOf(T instance) {
        return slots.stream().filter(slot -> slot.instance == instance).findFirst();
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
