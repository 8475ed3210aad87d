package io.millrace.kernel.lease;

import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Those who implement a port now. Instances are told apart by identity; the best one is that of the
 * highest ranking, among equals the newest. Every call takes a lease on its instance; {@link #unbind}
 * waits for the leases of that instance; callers who find nobody park until somebody comes.
 *
 * <p>Thread-safe. No lock is held while an instance or a predicate is called.
 */
public final class Leased<T> {

    /**
     * Bounds of all waiting.
     *
     * @param handover how long {@link #unbind} waits for the leases of an instance
     * @param gap how long a caller parks, whatever its deadline
     * @param parked callers that park at once; the next one fails at once
     */
    public record Limits(Duration handover, Duration gap, int parked) {

        /** 5 s, 10 s, 1000 callers. */
        public static final Limits STANDARD = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), 1000);
    }

    private final String what;
    private final InstantSource clock;
    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition returned = lock.newCondition();
    private volatile List<Slot<T>> slots = List.of();
    private long bound;
    private int parked;
    private boolean wasFilled;
    private long emptied;

    /** Nobody yet, with the standard limits. {@code what} names the port in messages: "pipeline". */
    public Leased(String what, InstantSource clock) {
        this(what, clock, Limits.STANDARD);
    }

    /** Nobody yet. */
    public Leased(String what, InstantSource clock, Limits limits) {
        this.what = what;
        this.clock = clock;
        this.limits = limits;
    }

    /** Somebody of this node came, or has a new ranking. */
    public void bind(T instance, int ranking) {
        bind(instance, new Provider(instance.getClass().getName(), ranking));
    }

    /** Somebody came, or has a new ranking. */
    public void bind(T instance, Provider provider) {
        lock.lock();
        try {
            List<Slot<T>> next = new ArrayList<>(slots);
            Slot<T> slot = slotOf(instance).orElseGet(() -> new Slot<>(instance, lock, this::moved));
            next.remove(slot);
            slot.provide(provider, ++bound);
            next.add(slot);
            next.sort(Comparator.comparingInt((Slot<T> s) -> s.provider().ranking())
                    .thenComparingLong(Slot::order)
                    .reversed());
            slots = List.copyOf(next);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Somebody leaves: no new leases from now on; waits for those that are out, but for calls that hang.
     *
     * @return whether all came back in time
     */
    public boolean unbind(T instance) {
        lock.lock();
        try {
            Optional<Slot<T>> found = slotOf(instance);
            if (found.isEmpty()) {
                return true;
            }
            Slot<T> slot = found.get();
            slot.withdraw();
            slots = slots.stream().filter(s -> s != slot).toList();
            emptied = slots.isEmpty() ? System.nanoTime() : emptied;
            wasFilled = true;
            changed.signalAll();
            long nanos = limits.handover.toNanos();
            while (slot.isBusy() && nanos > 0) {
                nanos = returned.awaitNanos(nanos);
            }
            return slot.isFree();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody is there now. */
    public boolean isEmpty() {
        return slots.isEmpty();
    }

    /** Those who are there now, best first; to compare, not to call: that takes a lease. */
    public List<T> instances() {
        return slots.stream().map(Slot::instance).toList();
    }

    /** Calls the best one. */
    public <R> R call(Deadline deadline, Function<? super T, ? extends R> call) {
        try (Lease<T> lease = take(deadline)) {
            return call.apply(lease.get());
        }
    }

    /** A lease on the best one. */
    public Lease<T> take(Deadline deadline) {
        return take(instance -> true, deadline);
    }

    /**
     * A lease on the best one that suits.
     *
     * @throws Fault when none came by the deadline or within the gap, too many callers wait, or the
     *     caller was interrupted
     */
    public Lease<T> take(Predicate<? super T> suits, Deadline deadline) {
        long nanos = least(limits.gap, deadline.remaining(clock)).toNanos();
        while (true) {
            List<Slot<T>> seen = slots;
            Optional<Lease<T>> lease = among(seen, suits);
            if (lease.isPresent()) {
                return lease.get();
            }
            nanos = park(seen, nanos);
        }
    }

    /** A lease on the best one that suits; empty when none does. Never parks. */
    public Optional<Lease<T>> takeNow(Predicate<? super T> suits) {
        return among(slots, suits);
    }

    /** Looks at each one with a lease on it: an instance that has left is not even asked. */
    private Optional<Lease<T>> among(List<Slot<T>> seen, Predicate<? super T> suits) {
        for (Slot<T> slot : seen) {
            Optional<Lease<T>> lease = slot.take();
            boolean suited = false;
            try {
                suited = lease.isPresent() && suits.test(slot.instance());
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

    /** A lease on this very instance; empty when it is not there, or leaves. */
    public Optional<Lease<T>> take(T instance) {
        return slotOf(instance).flatMap(Slot<T>::take);
    }

    /**
     * Leases on all that are there and suit, best first, taken at one moment: however fast they are replaced,
     * nobody is missed. Never parks. The predicate is asked with the lock held.
     */
    public List<Lease<T>> takeAll(Predicate<? super T> suits) {
        lock.lock();
        try {
            return slots.stream()
                    .filter(slot -> suits.test(slot.instance()))
                    .flatMap(slot -> slot.take().stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a successor where the last one left a moment ago.
     *
     * @return whether somebody is there
     */
    public boolean awaitSuccessor() {
        lock.lock();
        try {
            long nanos = wasFilled ? limits.gap.toNanos() - (System.nanoTime() - emptied) : 0;
            while (slots.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return !slots.isEmpty();
    }

    /** Calls each one that is there, best first; who leaves meanwhile is passed over. Never parks. */
    public <R> List<R> each(Function<? super T, ? extends R> call) {
        List<R> answers = new ArrayList<>();
        for (Lease<T> lease : takeAll(instance -> true)) {
            try (lease) {
                answers.add(call.apply(lease.get()));
            }
        }
        return answers;
    }

    /** Those whose calls hang, and who are not called any more. */
    public List<Provider> setAside() {
        return slots.stream().filter(Slot::isSetAside).map(Slot::provider).toList();
    }

    private long park(List<Slot<T>> seen, long nanos) {
        lock.lock();
        try {
            if (slots != seen) {
                return nanos;
            }
            if (parked >= limits.parked) {
                throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "too many calls wait for a " + what);
            }
            parked++;
            try {
                while (slots == seen && nanos > 0) {
                    nanos = changed.awaitNanos(nanos);
                }
            } finally {
                parked--;
            }
            if (slots == seen) {
                throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "no " + what + " is there");
            }
            return nanos;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Consequence.RETRY_ELSEWHERE, "interrupted while waiting for a " + what, e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Slot<T>> slotOf(T instance) {
        return slots.stream().filter(slot -> slot.instance() == instance).findFirst();
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** A lease came back, or hangs. Called with the lock held. */
    private void moved(boolean free) {
        returned.signalAll();
        if (free) {
            // callers who found nobody look again
            slots = Collections.unmodifiableList(new ArrayList<>(slots));
            changed.signalAll();
        }
    }
}
