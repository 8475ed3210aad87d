package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Price;
import java.math.BigInteger;
import java.security.SecureRandom;

/** Makes the terms of tickets (go-livepeer: pm/recipient.go, TicketParams). Thread-safe. */
final class TicketTerms {

    private static final int SEED_BITS = 256;

    private final RecipientRandom random;
    private final SecureRandom seeds = new SecureRandom();

    TicketTerms(RecipientRandom random) {
        this.random = random;
    }

    /** Terms for this sender, price and work, of this face value, that hold for 40 layer 1 blocks. */
    TicketParams make(
            TicketPolicy policy,
            Address recipient,
            Address sender,
            Price price,
            BigInteger faceValue,
            ChainState state,
            String work) {
        // Arbitrum has blocks without a hash; the round before is then as good
        boolean hashed = !isZero(state.roundBlockHash());
        TicketParams unhashed = new TicketParams(
                recipient,
                faceValue,
                policy.winProbability(faceValue),
                Bytes.EMPTY,
                new BigInteger(SEED_BITS, seeds),
                BigInteger.valueOf(state.l1Block() + ExpiredTerms.LIFETIME),
                hashed ? state.round() : state.round() - 1,
                hashed ? state.roundBlockHash() : state.previousRoundBlockHash());
        Bytes hash = RecipientRandom.hash(random.of(sender, unhashed, price, work));
        return new TicketParams(
                recipient,
                faceValue,
                unhashed.winProbability(),
                hash,
                unhashed.seed(),
                unhashed.expirationBlock(),
                unhashed.creationRound(),
                unhashed.creationRoundBlockHash());
    }

    private static boolean isZero(Bytes hash) {
        return hash.equals(Bytes.wrap(new byte[hash.size()]));
    }
}
