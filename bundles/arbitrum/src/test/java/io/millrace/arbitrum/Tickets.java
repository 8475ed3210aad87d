package io.millrace.arbitrum;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Keccak256;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Tickets that always win. */
final class Tickets {

    static final Bytes RAND = Keccak256.of(Bytes.utf8("secret"));
    static final BigInteger FACE_VALUE = BigInteger.TEN.pow(15);

    private static final AtomicLong NONCE = new AtomicLong();

    private Tickets() {}

    static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(40), InstantSource.system());
    }

    static WinningTicket winner(Wallet sender, Address recipient, ChainState state) {
        return winner(sender, recipient, FACE_VALUE, state.round(), state.roundBlockHash());
    }

    static WinningTicket winner(Wallet sender, Address recipient, BigInteger faceValue, long round, Bytes blockHash) {
        Ticket ticket = ticket(sender.address(), recipient, faceValue, round, blockHash);
        return new WinningTicket(ticket, sender.sign(ticket.hash()), RAND);
    }

    static Ticket ticket(Address sender, Address recipient, BigInteger faceValue, long round, Bytes blockHash) {
        TicketParams params = new TicketParams(
                recipient,
                faceValue,
                Ticket.MAX_WIN_PROBABILITY,
                Keccak256.of(RAND),
                BigInteger.ONE,
                BigInteger.ONE,
                round,
                blockHash);
        return new Ticket(sender, params, NONCE.incrementAndGet());
    }
}
