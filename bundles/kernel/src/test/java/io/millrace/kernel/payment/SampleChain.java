package io.millrace.kernel.payment;

import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Wei;

/** Any state of a chain. */
record SampleChain(
        long round,
        boolean roundInitialized,
        Bytes roundBlockHash,
        Bytes previousRoundBlockHash,
        long l1Block,
        int poolSize,
        Wei gasPrice)
        implements ChainState {

    /** Any funds of a sender. */
    record Funds(Wei deposit, Wei reserve, Wei claimedInRound, Wei claimedByClaimant, long withdrawRound)
            implements SenderFunds {}
}
