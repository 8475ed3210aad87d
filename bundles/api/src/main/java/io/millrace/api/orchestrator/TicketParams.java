package io.millrace.api.orchestrator;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.math.BigInteger;

/**
 * How an orchestrator wants to be paid: the terms of a probabilistic ticket.
 *
 * @param recipient the account that is paid
 * @param faceValue wei of a winning ticket
 * @param winProbability of 2^256 - 1
 * @param recipientRandHash 32 bytes
 * @param seed what the orchestrator recomputes its secret from
 * @param expirationBlock the layer 1 block after which the terms no longer hold
 * @param creationRound the round the terms were made in
 * @param creationRoundBlockHash 32 bytes
 */
public record TicketParams(
        Address recipient,
        BigInteger faceValue,
        BigInteger winProbability,
        Bytes recipientRandHash,
        BigInteger seed,
        BigInteger expirationBlock,
        long creationRound,
        Bytes creationRoundBlockHash) {}
