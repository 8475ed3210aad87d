package io.millrace.api.payment;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Registration;
import io.millrace.api.value.Wei;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The chain that tickets are settled on. Reads are answered from what the adapter knows of the last block it has
 * seen, mostly without asking anybody; every call ends by its deadline. Thread-safe.
 */
@ConsumerType
public interface Settlement {

    /**
     * Where the chain stands, seen at one moment.
     *
     * @throws io.millrace.api.value.Fault when that is not known, or too old to act on
     */
    ChainState state(Deadline deadline);

    /**
     * What an account has set aside to pay with; zero for one that never did.
     *
     * @param claimant whose part of the reserve is asked about; {@link Address#NONE} for a gateway
     * @throws io.millrace.api.value.Fault when that is not known
     */
    SenderFunds funds(Address sender, Address claimant, Deadline deadline);

    /**
     * Whether an orchestrator is in the active set of the current round, so that it can be paid.
     *
     * @throws io.millrace.api.value.Fault when that is not known
     */
    boolean isActive(Address orchestrator, Deadline deadline);

    /**
     * Redeems a ticket and waits for the receipt. It reveals the ticket's secret number: call it only when its terms
     * have expired. Calling it again for a ticket that is in flight waits for the same transaction.
     *
     * @throws io.millrace.api.value.Fault when the chain cannot be reached: nothing was sent
     */
    Redemption redeem(WinningTicket ticket, Deadline deadline);

    /**
     * Why the contract would not take a ticket now, as far as that can be known without sending anything and without
     * telling its secret number to anybody. A final reason is certain; no reason promises nothing.
     *
     * @throws io.millrace.api.value.Fault when the chain cannot be reached
     */
    default Optional<Redemption.Refused> objection(WinningTicket ticket, Deadline deadline) {
        return Optional.empty();
    }

    /**
     * What was paid for a ticket that is used, whoever redeemed it: for books that missed the receipt. It may look
     * through many blocks.
     *
     * @return empty when nothing of it is found
     * @throws io.millrace.api.value.Fault when the chain cannot be reached
     */
    Optional<Redemption.Paid> settled(WinningTicket ticket, Deadline deadline);

    /**
     * Asks to be told of what has changed. A notice is a hint to read again; several changes may come as one. The
     * adapter runs {@code listener} on any thread, one notice after the other, and holds no lock meanwhile.
     *
     * @return closing it ends the telling
     */
    Registration watch(Consumer<Notice> listener);

    /** Where the chain stands. An adapter implements it; later versions may add methods with a default. */
    @ConsumerType
    interface ChainState {

        /** The last round that was initialized. */
        long round();

        /** Whether that is the round of the newest block; otherwise nothing can be redeemed until it is. */
        boolean roundInitialized();

        /** The block hash of that round, 32 bytes; zero where the chain gives none, as Arbitrum sometimes does. */
        Bytes roundBlockHash();

        /** The block hash of the round before, 32 bytes. */
        Bytes previousRoundBlockHash();

        /** Number of the newest layer 1 block. */
        long l1Block();

        /** Orchestrators in the active set, which share every sender's reserve. */
        int poolSize();

        /** The price of a unit of gas that a redemption would be sent with now. */
        Wei gasPrice();
    }

    /** What an account has set aside. */
    @ConsumerType
    interface SenderFunds {

        /** Pays winning tickets first. */
        Wei deposit();

        /** What is left of the reserve, which pays when the deposit does not suffice. */
        Wei reserve();

        /** What was claimed of the reserve in this round by anybody. */
        Wei claimedInRound();

        /** What the claimant claimed of it in this round. */
        Wei claimedByClaimant();

        /** The round from which on the account may withdraw; 0 while it is not unlocking. */
        long withdrawRound();
    }

    /** What became of redeeming a ticket. */
    sealed interface Redemption {

        /**
         * It is redeemed.
         *
         * @param transaction its hash
         * @param amount what was paid, at most the face value; zero burns the ticket all the same
         * @param gasCost what this node paid for it; zero where another one sent it, or that is not known
         */
        record Paid(Bytes transaction, Wei amount, Wei gasCost) implements Redemption {

            /** By another node. */
            public Paid(Bytes transaction, Wei amount) {
                this(transaction, amount, Wei.ZERO);
            }
        }

        /**
         * The contract refuses it, or it is not worth its gas now.
         *
         * @param message in the contract's own words where they are its
         * @param failed what a transaction of this node cost that was in a block and did nothing; empty without one
         */
        record Refused(Reason reason, String message, Optional<Failed> failed) implements Redemption {

            /** Before anything was sent. */
            public Refused(Reason reason, String message) {
                this(reason, message, Optional.empty());
            }
        }

        /** A transaction that did nothing, and what it cost. */
        record Failed(Bytes transaction, Wei gasCost) {}

        /** It was sent, and no receipt came in time: call again. */
        record NotKnown(String message) implements Redemption {}

        /** Why not. */
        enum Reason {
            /** It was redeemed before. */
            USED(true),
            /** Too many rounds have passed since it was made, or its round has no block hash. */
            EXPIRED(true),
            /** The contract will never take it: a number, a signature or the draw is wrong. */
            INVALID(true),
            /** The sender has nothing left, or may withdraw. It may pay in again. */
            FUNDS(false),
            /** The round is not initialized, the recipient is not registered, or gas is too dear. */
            NOT_NOW(false);

            private final boolean end;

            Reason(boolean end) {
                this.end = end;
            }

            /** Whether no later try can succeed. */
            public boolean isFinal() {
                return end;
            }
        }
    }

    /** What has changed. More may come with later versions: pass over what you do not know. */
    sealed interface Notice {

        /** A layer 1 block was seen. */
        record NewBlock(long l1Block) implements Notice {}

        /** A round was initialized. */
        record NewRound(long round) implements Notice {}

        /** Deposit, reserve or withdraw round of an account are other than before. */
        record FundsChanged(Address sender) implements Notice {}
    }
}
