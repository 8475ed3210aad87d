package io.millrace.store;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.TicketReceived;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/** Entries to write. */
final class Samples {

    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Address ONE = address(1);
    static final Address OTHER = address(2);
    static final Bytes SECRET = Keccak256.of(Bytes.utf8("secret"));
    static final Bytes TERMS = Keccak256.of(SECRET);
    static final BigInteger BLOCK = BigInteger.valueOf(100);
    static final BalanceKey KEY = BalanceKey.received(ONE, new BalanceId("0a1b2c3d"));
    static final Rational VALUE = Rational.of(1, 3);

    private Samples() {}

    /** What an orchestrator writes of one ticket that did not win. */
    static List<LedgerEntry> ticket(long nonce) {
        return List.of(new TicketReceived(TERMS, nonce, BLOCK), new Credited(KEY, VALUE));
    }

    static WinningTicket winner(Address sender, long nonce, long faceValue) {
        TicketParams params = new TicketParams(
                OTHER,
                BigInteger.valueOf(faceValue),
                Ticket.MAX_WIN_PROBABILITY,
                TERMS,
                BigInteger.TWO,
                BLOCK,
                7,
                Keccak256.of(Bytes.utf8("block")));
        return new WinningTicket(new Ticket(sender, params, nonce), Bytes.wrap(new byte[65]), SECRET);
    }

    private static Address address(int last) {
        byte[] bytes = new byte[Address.LENGTH];
        bytes[Address.LENGTH - 1] = (byte) last;
        return new Address(Bytes.wrap(bytes));
    }
}
