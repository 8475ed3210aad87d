package io.millrace.livepeer.mapping;

import com.google.protobuf.ByteString;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.livepeer.wire.MaxFloatReq;
import io.millrace.livepeer.wire.MaxFloatUpdate;
import io.millrace.livepeer.wire.Ticket;
import io.millrace.livepeer.wire.TicketSenderParams;
import java.math.BigInteger;

/** What orchestrators and redeemers tell each other (go-livepeer: server/redeemer.go). */
public final class TicketMapping {

    private TicketMapping() {}

    /** To the wire. The seed stays here: a redeemer needs the number that was made from it alone. */
    public static Ticket toWire(WinningTicket winner) {
        return Ticket.newBuilder()
                .setTicketParams(PaymentMapping.terms(winner.ticket().params()).toBuilder().clearSeed())
                .setSender(FixedBytes.write(winner.ticket().sender().bytes()))
                .setExpirationParams(PaymentMapping.moment(winner.ticket().params()))
                .setSenderParams(TicketSenderParams.newBuilder()
                        .setSenderNonce((int) winner.ticket().nonce())
                        .setSig(FixedBytes.write(winner.signature())))
                .setRecipientRand(BigIntegers.write(new BigInteger(1, winner.recipientRand().unsafeArray())))
                .build();
    }

    /**
     * From the wire.
     *
     * @throws Malformed when a part of it is missing, or a number is too large
     */
    public static WinningTicket fromWire(Ticket message) throws Malformed {
        if (!message.hasTicketParams()) {
            throw new Malformed("missing ticket params");
        }
        if (!message.hasExpirationParams()) {
            throw new Malformed("missing ticket expiration params");
        }
        if (!message.hasSenderParams()) {
            throw new Malformed("missing ticket sender params");
        }
        BigInteger rand = BigIntegers.read(message.getRecipientRand(), "recipientRand");
        return new WinningTicket(
                new io.millrace.api.payment.Ticket(
                        FixedBytes.address(message.getSender()),
                        PaymentMapping.terms(message.getTicketParams(), message.getExpirationParams()),
                        Integer.toUnsignedLong(message.getSenderParams().getSenderNonce())),
                FixedBytes.any(message.getSenderParams().getSig()),
                Bytes.wrap(BigIntegers.word(rand)));
    }

    /** A question for the max float of a sender. */
    public static MaxFloatReq toWire(Address sender) {
        return MaxFloatReq.newBuilder()
                .setSender(FixedBytes.write(sender.bytes()))
                .build();
    }

    /** Whose max float is asked for. */
    public static Address fromWire(MaxFloatReq message) {
        return FixedBytes.address(message.getSender());
    }

    /**
     * A max float. One below zero is written as zero: go-livepeer's redeemer writes it without its sign, so that a
     * sender who owes too much seems to have something left.
     */
    public static MaxFloatUpdate toWire(BigInteger maxFloat) {
        return MaxFloatUpdate.newBuilder()
                .setMaxFloat(maxFloat.signum() < 0 ? ByteString.EMPTY : BigIntegers.write(maxFloat))
                .build();
    }

    /**
     * From the wire.
     *
     * @throws Malformed when it has more than 256 bits
     */
    public static BigInteger fromWire(MaxFloatUpdate message) throws Malformed {
        return BigIntegers.read(message.getMaxFloat(), "max float");
    }
}
