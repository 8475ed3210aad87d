package io.millrace.livepeer.support;

import io.millrace.api.payment.Redeemer;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A redeemer that answers as the test says. */
public final class ScriptedRedeemer implements Redeemer {

    /** What was handed to it. */
    public final List<WinningTicket> taken = new CopyOnWriteArrayList<>();

    /** What it says to a ticket. */
    public volatile Function<WinningTicket, Optional<Refused>> answer = ticket -> Optional.empty();

    /** The max float of everybody. */
    public volatile BigInteger maxFloat = BigInteger.ZERO;

    private final Map<Registration, Watch> watches = new ConcurrentHashMap<>();

    private record Watch(Address sender, Runnable changed) {}

    @Override
    public Optional<Refused> take(WinningTicket ticket, Deadline deadline) {
        taken.add(ticket);
        return answer.apply(ticket);
    }

    @Override
    public BigInteger maxFloat(Address sender, Deadline deadline) {
        return maxFloat;
    }

    @Override
    public Registration watch(Address sender, Runnable changed) {
        Registration registration = new Registration() {
            @Override
            public void close() {
                watches.remove(this);
            }
        };
        watches.put(registration, new Watch(sender, changed));
        return registration;
    }

    /** Who watches now. */
    public int watches() {
        return watches.size();
    }

    /** The max float of a sender is another one. */
    public void change(Address sender, BigInteger now) {
        maxFloat = now;
        watches.values().stream().filter(watch -> watch.sender().equals(sender)).forEach(watch -> watch.changed().run());
    }
}
