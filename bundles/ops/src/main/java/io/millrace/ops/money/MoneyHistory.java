package io.millrace.ops.money;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvent.PaymentReceived;
import io.millrace.api.node.NodeEvent.PaymentStaged;
import io.millrace.api.node.NodeEvent.TicketRedeemed;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.value.Rational;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What happened with money since the bundle started: the newest payments and redemptions one by one, and sums of each
 * minute. The ledger has all of it for good; this is for a page. Thread-safe.
 */
@Component(service = {NodeEvents.class, MoneyHistory.class})
public final class MoneyHistory implements NodeEvents {

    /** Payments and redemptions that are shown one by one. */
    static final int NEWEST = 60;

    /** Minutes that are kept: a day. */
    static final int MINUTES = 1440;

    private static final long MINUTE = 60_000;

    private static final class Minute {
        private final long at;
        private Rational received = Rational.ZERO;
        private Rational sent = Rational.ZERO;
        private Rational redeemed = Rational.ZERO;
        private long winners;

        private Minute(long at) {
            this.at = at;
        }
    }

    private final InstantSource clock;
    private final Deque<Map<String, Object>> newest = new ArrayDeque<>();
    private final Deque<Minute> minutes = new ArrayDeque<>();

    /** Empty. */
    @Activate
    public MoneyHistory() {
        this(InstantSource.system());
    }

    MoneyHistory(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void happened(NodeEvent event) {
        switch (event) {
            case PaymentStaged payment when payment.error().isPresent() ->
                add("not paid", payment.recipient(), 0, Rational.ZERO, payment.error().get());
            case PaymentStaged payment -> {
                minute().sent = minute().sent.plus(payment.value());
                if (payment.tickets() > 0) {
                    add("sent", payment.recipient(), payment.tickets(), payment.value(), "");
                }
            }
            case PaymentReceived payment -> {
                minute().received = minute().received.plus(payment.value());
                minute().winners += payment.winners();
                String what = payment.error().isPresent() ? "refused" : payment.winners() > 0 ? "won" : "received";
                add(what, payment.sender(), payment.tickets(), payment.value(), payment.error().orElse(""));
            }
            case TicketRedeemed ticket when ticket.error().isPresent() ->
                add("not redeemed", ticket.sender(), 1, Rational.ZERO, ticket.error().get());
            case TicketRedeemed ticket -> {
                minute().redeemed = minute().redeemed.plus(ticket.paid().toRational());
                add("redeemed", ticket.sender(), 1, ticket.paid().toRational(), "");
            }
            default -> {
                // no money moved
            }
        }
    }

    private void add(String what, Object peer, int tickets, Rational value, String why) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", clock.millis());
        line.put("what", what);
        line.put("peer", peer.toString());
        line.put("tickets", tickets);
        line.put("wei", MoneySnapshot.wei(value));
        line.put("why", why);
        newest.addFirst(line);
        if (newest.size() > NEWEST) {
            newest.removeLast();
        }
    }

    private Minute minute() {
        long now = clock.millis() / MINUTE * MINUTE;
        if (minutes.isEmpty() || minutes.getLast().at != now) {
            minutes.addLast(new Minute(now));
            if (minutes.size() > MINUTES) {
                minutes.removeFirst();
            }
        }
        return minutes.getLast();
    }

    /** The newest first. */
    synchronized List<Map<String, Object>> newest() {
        return List.copyOf(newest);
    }

    /** Minutes in which money moved, the newest last; amounts in wei. */
    synchronized List<Map<String, Object>> minutes() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Minute minute : minutes) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("at", minute.at);
            line.put("received", MoneySnapshot.wei(minute.received));
            line.put("sent", MoneySnapshot.wei(minute.sent));
            line.put("redeemed", MoneySnapshot.wei(minute.redeemed));
            line.put("winners", minute.winners);
            all.add(line);
        }
        return all;
    }
}
