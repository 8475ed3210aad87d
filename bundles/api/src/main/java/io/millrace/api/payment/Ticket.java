package io.millrace.api.payment;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * A probabilistic ticket: a promise of {@code params.faceValue()} wei if it wins. Its numbers are those of the
 * contract TicketBroker (go-livepeer: pm/ticket.go); the expiration block and the seed are not part of what is hashed
 * and signed.
 *
 * @param sender who pays if it wins
 * @param params the terms it is made for
 * @param nonce unique for one {@code recipientRandHash}; 0 to 2^32 - 1
 */
public record Ticket(Address sender, TicketParams params, long nonce) {

    /** The denominator of a winning probability, 2^256 - 1. */
    public static final BigInteger MAX_WIN_PROBABILITY =
            BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

    private static final int WORD = 32;
    private static final byte[] PREFIX = "\u0019Ethereum Signed Message:\n32".getBytes(StandardCharsets.US_ASCII);

    /** What a ticket of these terms is worth on average, in wei. */
    public static Rational expectedValue(TicketParams params) {
        return new Rational(params.faceValue().multiply(params.winProbability()), MAX_WIN_PROBABILITY);
    }

    /** What it is worth on average, in wei. */
    public Rational expectedValue() {
        return expectedValue(params);
    }

    /**
     * The round it was made in and the hash of that round's block, 64 bytes; empty when both are zero.
     *
     * @throws IllegalArgumentException when they have no such form
     */
    public Bytes auxData() {
        byte[] blockHash = fixed(params.creationRoundBlockHash());
        if (params.creationRound() == 0 && allZero(blockHash)) {
            return Bytes.EMPTY;
        }
        byte[] joined = new byte[2 * WORD];
        System.arraycopy(word(BigInteger.valueOf(params.creationRound())), 0, joined, 0, WORD);
        System.arraycopy(blockHash, 0, joined, WORD, WORD);
        return Bytes.wrap(joined);
    }

    /**
     * What identifies it at the contract and what its sender signs by {@link Wallet#sign}.
     *
     * @throws IllegalArgumentException when a number does not fit into 256 bits or a hash is not of 32 bytes
     */
    public Bytes hash() {
        return Keccak256.of(
                params.recipient().bytes().unsafeArray(),
                sender.bytes().unsafeArray(),
                word(params.faceValue()),
                word(params.winProbability()),
                word(BigInteger.valueOf(nonce)),
                fixed(params.recipientRandHash()),
                auxData().unsafeArray());
    }

    /** The Ethereum signed-message digest (EIP-191) of 32 bytes such as {@link #hash}: what a key really signs. */
    public static Bytes signedDigest(Bytes hash) {
        return Keccak256.of(PREFIX, hash.unsafeArray());
    }

    /**
     * The number that decides: it wins when this is less than its winning probability.
     *
     * @param signature the sender's, 65 bytes
     * @param recipientRand the recipient's secret number, 32 bytes
     */
    public static BigInteger draw(Bytes signature, Bytes recipientRand) {
        return new BigInteger(
                1, Keccak256.of(signature.unsafeArray(), recipientRand.unsafeArray()).unsafeArray());
    }

    /** Whether it wins. */
    public boolean wins(Bytes signature, Bytes recipientRand) {
        return draw(signature, recipientRand).compareTo(params.winProbability()) < 0;
    }

    private static byte[] word(BigInteger number) {
        if (number.signum() < 0 || number.bitLength() > Byte.SIZE * WORD) {
            throw new IllegalArgumentException("a number of a ticket is not within 0 and 2^256 - 1");
        }
        byte[] bytes = number.toByteArray();
        byte[] word = new byte[WORD];
        int length = Math.min(bytes.length, WORD);
        System.arraycopy(bytes, bytes.length - length, word, WORD - length, length);
        return word;
    }

    /** A hash that is left out is zero. */
    private static byte[] fixed(Bytes hash) {
        if (hash.isEmpty()) {
            return new byte[WORD];
        }
        if (hash.size() != WORD) {
            throw new IllegalArgumentException("a hash of a ticket has 32 bytes, not " + hash.size());
        }
        return hash.unsafeArray();
    }

    private static boolean allZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
