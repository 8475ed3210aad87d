package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.math.BigInteger;

/** Tickets that always win, one part of which a test may change. */
final class Winners {

    private static final BigInteger FACE_VALUE = BigInteger.valueOf(4000);

    private long nonce;
    private Address recipient;
    private BigInteger winProbability = Ticket.MAX_WIN_PROBABILITY;
    private Bytes rand = Keccak256.of(Bytes.utf8("the secret of the orchestrator"));
    private BigInteger expirationBlock;
    private long creationRound;
    private Bytes creationRoundBlockHash;

    /** Of terms that end 40 blocks after this state. */
    Winners(Address recipient, ChainState state) {
        this.recipient = recipient;
        expirationBlock = BigInteger.valueOf(state.l1Block() + 40);
        creationRound = state.round();
        creationRoundBlockHash = state.roundBlockHash();
    }

    Winners to(Address other) {
        recipient = other;
        return this;
    }

    Winners winProbability(BigInteger other) {
        winProbability = other;
        return this;
    }

    Winners expirationBlock(BigInteger other) {
        expirationBlock = other;
        return this;
    }

    Winners created(long round, Bytes blockHash) {
        creationRound = round;
        creationRoundBlockHash = blockHash;
        return this;
    }

    /** The next ticket. */
    WinningTicket of(Wallet sender) {
        nonce++;
        TicketParams params = new TicketParams(
                recipient,
                FACE_VALUE,
                winProbability,
                Keccak256.of(rand),
                BigInteger.ZERO,
                expirationBlock,
                creationRound,
                creationRoundBlockHash);
        Ticket ticket = new Ticket(sender.address(), params, nonce);
        return new WinningTicket(ticket, sender.sign(ticket.hash()), rand);
    }
}
