package io.millrace.store;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.BalanceKey;
import io.millrace.api.payment.LedgerEntry;
import io.millrace.api.payment.LedgerEntry.Abandoned;
import io.millrace.api.payment.LedgerEntry.Closed;
import io.millrace.api.payment.LedgerEntry.Credited;
import io.millrace.api.payment.LedgerEntry.Debited;
import io.millrace.api.payment.LedgerEntry.GasSpent;
import io.millrace.api.payment.LedgerEntry.HandedOver;
import io.millrace.api.payment.LedgerEntry.Pinned;
import io.millrace.api.payment.LedgerEntry.Redeemed;
import io.millrace.api.payment.LedgerEntry.RedemptionBegun;
import io.millrace.api.payment.LedgerEntry.RedemptionFailed;
import io.millrace.api.payment.LedgerEntry.SetAside;
import io.millrace.api.payment.LedgerEntry.TermsExpired;
import io.millrace.api.payment.LedgerEntry.TicketReceived;
import io.millrace.api.payment.LedgerEntry.TicketWon;
import io.millrace.api.payment.LedgerEntry.TicketsSent;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * A row of the journal.
 *
 * @param number 1 for the first one, then without a gap
 * @param at when, as {@link Text#time} writes it
 * @param fields those that its kind has
 * @param hash of all of these and of the row before
 */
record JournalRow(long number, String at, Map<Column, String> fields, String hash) {

    /** The kind of rows that say what was promised. */
    static final String TICKETS_SENT = "tickets-sent";

    /** The kind of rows that say what a transaction cost. */
    static final String GAS_SPENT = "gas-spent";

    /** What the first row is chained to. */
    static final String NO_HASH = "0".repeat(64);

    /** The row after one of this hash. */
    static JournalRow after(String previousHash, long number, String at, Map<Column, String> fields) {
        return new JournalRow(number, at, fields, hash(previousHash, number, at, fields));
    }

    /** What the hash has to be when the row before has this one. */
    String expectedHash(String previousHash) {
        return hash(previousHash, number, at, fields);
    }

    /** SHA-256 of the row before, the number, and each text with its length in front; -1 stands for no text. */
    private static String hash(String previous, long number, String at, Map<Column, String> fields) {
        MessageDigest digest = sha256();
        digest.update(HexFormat.of().parseHex(previous));
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        update(digest, at);
        for (Column column : Column.values()) {
            update(digest, fields.get(column));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(text == null ? -1 : bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What the journal says of an entry. A kind of a later API ends in a {@link MatchException}. */
    static Map<Column, String> fields(LedgerEntry entry) {
        Map<Column, String> fields = new EnumMap<>(Column.class);
        switch (entry) {
            case Credited e -> balance(fields, "credited", e.balance()).put(Column.AMOUNT, e.amount().toString());
            case Debited e -> balance(fields, "debited", e.balance()).put(Column.AMOUNT, e.amount().toString());
            case SetAside e -> balance(fields, "set-aside", e.balance()).put(Column.AMOUNT, e.amount().toString());
            case Pinned e -> balance(fields, "pinned", e.balance()).put(Column.PRICE, Text.price(e.price()));
            case Closed e -> balance(fields, "closed", e.balance()).put(Column.SINCE, Text.time(e.lastChange()));
            case TicketReceived e -> {
                terms(fields, "ticket-received", e.recipientRandHash(), e.expirationBlock());
                fields.put(Column.NONCE, String.valueOf(e.nonce()));
            }
            case TicketsSent e -> {
                balance(fields, TICKETS_SENT, e.balance());
                terms(fields, TICKETS_SENT, e.recipientRandHash(), e.expirationBlock());
                fields.put(Column.NONCE, String.valueOf(e.firstNonce()));
                fields.put(Column.TICKETS, String.valueOf(e.count()));
                fields.put(Column.AMOUNT, e.expectedValue().toString());
            }
            case TermsExpired e -> {
                fields.put(Column.KIND, "terms-expired");
                fields.put(Column.BLOCK, e.block().toString());
            }
            case TicketWon e -> won(fields, e.ticket());
            case HandedOver e -> ticket(fields, "handed-over", e.ticketHash()).put(Column.NOTE, Text.note(e.redeemer()));
            case RedemptionBegun e -> ticket(fields, "redemption-begun", e.ticketHash());
            case RedemptionFailed e ->
                ticket(fields, "redemption-failed", e.ticketHash()).put(Column.NOTE, Text.note(e.message()));
            case Redeemed e -> {
                ticket(fields, "redeemed", e.ticketHash()).put(Column.TX, e.transaction().hex());
                fields.put(Column.AMOUNT, e.paid().amount().toString());
            }
            case GasSpent e -> {
                fields.put(Column.KIND, GAS_SPENT);
                fields.put(Column.TX, e.transaction().hex());
                fields.put(Column.AMOUNT, e.cost().amount().toString());
            }
            case Abandoned e -> ticket(fields, "abandoned", e.ticketHash()).put(Column.NOTE, Text.note(e.reason()));
        }
        return fields;
    }

    private static Map<Column, String> balance(Map<Column, String> fields, String kind, BalanceKey key) {
        fields.put(Column.KIND, kind);
        fields.put(Column.SIDE, Text.side(key.side()));
        fields.put(Column.PEER, key.peer().toString());
        fields.put(Column.BALANCE, Text.name(key));
        return fields;
    }

    private static void terms(Map<Column, String> fields, String kind, Bytes recipientRandHash, BigInteger block) {
        fields.put(Column.KIND, kind);
        fields.put(Column.TERMS, recipientRandHash.hex());
        fields.put(Column.BLOCK, block.toString());
    }

    private static Map<Column, String> ticket(Map<Column, String> fields, String kind, Bytes hash) {
        fields.put(Column.KIND, kind);
        fields.put(Column.TICKET, hash.hex());
        return fields;
    }

    private static void won(Map<Column, String> fields, WinningTicket winner) {
        Ticket ticket = winner.ticket();
        TicketParams params = ticket.params();
        terms(fields, "ticket-won", params.recipientRandHash(), params.expirationBlock());
        fields.put(Column.TICKET, winner.hash().hex());
        fields.put(Column.PEER, ticket.sender().toString());
        fields.put(Column.AMOUNT, params.faceValue().toString());
        fields.put(Column.NONCE, String.valueOf(ticket.nonce()));
        fields.put(Column.RECIPIENT, params.recipient().toString());
        fields.put(Column.PROBABILITY, params.winProbability().toString());
        fields.put(Column.SEED, params.seed().toString());
        fields.put(Column.ROUND, String.valueOf(params.creationRound()));
        fields.put(Column.ROUND_HASH, params.creationRoundBlockHash().hex());
        fields.put(Column.SIGNATURE, winner.signature().hex());
        fields.put(Column.SECRET, winner.recipientRand().hex());
    }

    /** The ticket of a row that says that it won. */
    WinningTicket winningTicket() {
        TicketParams params = new TicketParams(
                address(Column.RECIPIENT),
                number(Column.AMOUNT),
                number(Column.PROBABILITY),
                bytes(Column.TERMS),
                number(Column.SEED),
                number(Column.BLOCK),
                Long.parseLong(fields.get(Column.ROUND)),
                bytes(Column.ROUND_HASH));
        Ticket ticket = new Ticket(address(Column.PEER), params, Long.parseLong(fields.get(Column.NONCE)));
        return new WinningTicket(ticket, bytes(Column.SIGNATURE), bytes(Column.SECRET));
    }

    private Address address(Column column) {
        return Text.address(fields.get(column));
    }

    private Bytes bytes(Column column) {
        return Bytes.hex(fields.get(column));
    }

    private BigInteger number(Column column) {
        return new BigInteger(fields.get(column));
    }
}
