package io.millrace.livepeer.mapping;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Price;
import io.millrace.livepeer.wire.TicketExpirationParams;
import io.millrace.livepeer.wire.TicketSenderParams;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Payments and the terms of tickets. */
public final class PaymentMapping {

    private static final Bytes NO_BLOCK = Bytes.wrap(new byte[Keccak256.LENGTH]);

    private PaymentMapping() {}

    /**
     * To the wire. The moment of the terms travels beside them, not inside: what the receiver reads
     * when it checks a ticket.
     */
    public static io.millrace.livepeer.wire.Payment toWire(Payment payment) {
        io.millrace.livepeer.wire.Payment.Builder message = io.millrace.livepeer.wire.Payment.newBuilder();
        if (!payment.sender().equals(Address.NONE)) {
            message.setSender(FixedBytes.write(payment.sender().bytes()));
        }
        payment.params()
                .ifPresent(params -> message.setTicketParams(terms(params)).setExpirationParams(moment(params)));
        payment.tickets().forEach(ticket -> message.addTicketSenderParams(TicketSenderParams.newBuilder()
                .setSenderNonce((int) ticket.nonce())
                .setSig(FixedBytes.write(ticket.signature()))));
        payment.expectedPrice().ifPresent(price -> message.setExpectedPrice(PriceMapping.toWire(price)));
        return message.build();
    }

    /**
     * From the wire.
     *
     * @throws Malformed for tickets that cannot be checked: without their terms, without the moment of
     *     the terms, or with a price for no pixels
     */
    public static Payment fromWire(io.millrace.livepeer.wire.Payment message) throws Malformed {
        Optional<TicketParams> params = Optional.empty();
        if (message.hasTicketParams()) {
            if (!message.hasExpirationParams()) {
                throw new Malformed("missing ticket expiration params");
            }
            params = Optional.of(terms(message.getTicketParams(), message.getExpirationParams()));
        } else if (message.getTicketSenderParamsCount() > 0) {
            throw new Malformed("missing ticket params");
        }
        List<Payment.Ticket> tickets = message.getTicketSenderParamsList().stream()
                .map(ticket -> new Payment.Ticket(
                        Integer.toUnsignedLong(ticket.getSenderNonce()), FixedBytes.any(ticket.getSig())))
                .toList();
        return new Payment(sender(message), params, tickets, expectedPrice(message));
    }

    /** Who pays: zero when the message does not say, as off-chain. */
    public static Address sender(io.millrace.livepeer.wire.Payment message) {
        return FixedBytes.address(message.getSender());
    }

    /** The terms as an offer carries them, their moment inside. */
    static io.millrace.livepeer.wire.TicketParams offered(TicketParams params) {
        return terms(params).toBuilder().setExpirationParams(moment(params)).build();
    }

    /** The terms of an offer; without a moment they are of round 0. */
    static TicketParams offered(io.millrace.livepeer.wire.TicketParams message) throws Malformed {
        return terms(message, message.getExpirationParams());
    }

    private static Optional<Price> expectedPrice(io.millrace.livepeer.wire.Payment message) throws Malformed {
        if (!message.hasExpectedPrice()) {
            return Optional.empty();
        }
        try {
            return Optional.of(PriceMapping.fromWire(message.getExpectedPrice()));
        } catch (Malformed e) {
            throw new Malformed("invalid expected price sent with payment err=\"" + e.getMessage() + "\"");
        }
    }

    static io.millrace.livepeer.wire.TicketParams terms(TicketParams params) {
        return io.millrace.livepeer.wire.TicketParams.newBuilder()
                .setRecipient(FixedBytes.write(params.recipient().bytes()))
                .setFaceValue(BigIntegers.write(params.faceValue()))
                .setWinProb(BigIntegers.write(params.winProbability()))
                .setRecipientRandHash(FixedBytes.write(params.recipientRandHash()))
                .setSeed(BigIntegers.write(params.seed()))
                .setExpirationBlock(BigIntegers.write(params.expirationBlock()))
                .build();
    }

    static TicketExpirationParams moment(TicketParams params) {
        TicketExpirationParams.Builder moment =
                TicketExpirationParams.newBuilder().setCreationRound(params.creationRound());
        if (!params.creationRoundBlockHash().equals(NO_BLOCK)) {
            moment.setCreationRoundBlockHash(FixedBytes.write(params.creationRoundBlockHash()));
        }
        return moment.build();
    }

    static TicketParams terms(
            io.millrace.livepeer.wire.TicketParams message, TicketExpirationParams moment) throws Malformed {
        BigInteger faceValue = BigIntegers.read(message.getFaceValue(), "ticket faceValue");
        BigInteger winProbability = BigIntegers.read(message.getWinProb(), "ticket winProb");
        BigInteger seed = BigIntegers.read(message.getSeed(), "ticket seed");
        BigInteger expirationBlock = BigIntegers.read(message.getExpirationBlock(), "ticket expirationBlock");
        return new TicketParams(
                FixedBytes.address(message.getRecipient()),
                faceValue,
                winProbability,
                FixedBytes.hash(message.getRecipientRandHash()),
                seed,
                expirationBlock,
                moment.getCreationRound(),
                FixedBytes.hash(moment.getCreationRoundBlockHash()));
    }
}
