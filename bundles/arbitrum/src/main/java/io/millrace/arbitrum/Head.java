package io.millrace.arbitrum;

import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Wei;
import io.millrace.arbitrum.Chain.Block;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The state of the chain after one block: what was read of it at once, and what was asked for since. What is asked for
 * is kept here and not beside it, so that it can never be taken for the state of another block.
 */
record Head(
        Block block,
        Contracts contracts,
        Rounds rounds,
        boolean roundInitialized,
        Wei gasPrice,
        Map<FundsKey, SenderFunds> funds,
        Map<Address, Boolean> active)
        implements ChainState {

    /** Answers kept at most, of each kind. */
    static final int MAX_KEPT = 10_000;

    /** What changes with a round, and with who is in the active set. */
    record Rounds(
            long round, Bytes roundBlockHash, Bytes previousRoundBlockHash, int poolSize, long validity) {}

    /** Whose funds, and for whom. */
    record FundsKey(Address sender, Address claimant) {}

    /** Funds as they were read. */
    record Funds(Wei deposit, Wei reserve, Wei claimedInRound, Wei claimedByClaimant, long withdrawRound)
            implements SenderFunds {}

    /** What of the answers for a block holds for a later one too. */
    static <K, V> Map<K, V> kept(Map<K, V> before, Predicate<K> stillHolds) {
        Map<K, V> kept = new ConcurrentHashMap<>();
        if (before.size() < MAX_KEPT) {
            before.forEach((key, value) -> {
                if (stillHolds.test(key)) {
                    kept.put(key, value);
                }
            });
        }
        return kept;
    }

    Head with(Wei newGasPrice) {
        return new Head(block, contracts, rounds, roundInitialized, newGasPrice, funds, active);
    }

    @Override
    public long round() {
        return rounds.round();
    }

    @Override
    public Bytes roundBlockHash() {
        return rounds.roundBlockHash();
    }

    @Override
    public Bytes previousRoundBlockHash() {
        return rounds.previousRoundBlockHash();
    }

    @Override
    public long l1Block() {
        return block.l1Block();
    }

    @Override
    public int poolSize() {
        return rounds.poolSize();
    }
}
