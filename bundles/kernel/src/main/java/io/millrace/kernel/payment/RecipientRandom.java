package io.millrace.kernel.payment;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Price;
import io.millrace.api.value.Rational;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The number that only the recipient of a ticket knows, computed again from the terms instead of being kept. Whoever
 * changes anything in the terms gets another number, so that altered terms are found out (go-livepeer:
 * pm/recipient.go, rand). Thread-safe.
 */
public final class RecipientRandom {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SECRET_SIZE = 32;

    private final SecretKeySpec secret;

    /** From a secret of 32 bytes, which must be the same for as long as terms are to hold. */
    public RecipientRandom(Bytes secret) {
        this.secret = new SecretKeySpec(secret.unsafeArray(), ALGORITHM);
    }

    /** From a secret of its own: terms made before no longer hold. */
    public static RecipientRandom fresh() {
        byte[] secret = new byte[SECRET_SIZE];
        new SecureRandom().nextBytes(secret);
        return new RecipientRandom(Bytes.wrap(secret));
    }

    /**
     * The number of these terms, 32 bytes. It does not depend on the recipient or on {@code recipientRandHash}.
     *
     * @param work what the price is for, where it has a price of its own; empty for transcoding. Terms for cheap work
     *     do not pay for dear work (go-livepeer does not look at that)
     */
    Bytes of(Address sender, TicketParams params, Price price, String work) {
        Mac mac = mac();
        Rational perUnit = price.perUnit();
        mac.update(minimal(params.seed()));
        mac.update(sender.bytes().unsafeArray());
        mac.update(minimal(params.faceValue()));
        mac.update(minimal(params.winProbability()));
        mac.update(minimal(params.expirationBlock()));
        mac.update(minimal(perUnit.numerator()));
        mac.update(minimal(perUnit.denominator()));
        mac.update(new Ticket(sender, params, 0).auxData().unsafeArray());
        mac.update(work.getBytes(StandardCharsets.UTF_8));
        return Bytes.wrap(mac.doFinal());
    }

    /** What is told of a number: its hash. */
    static Bytes hash(Bytes recipientRand) {
        return Keccak256.of(recipientRand);
    }

    /** Big-endian without leading zeros; nothing for 0. */
    private static byte[] minimal(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        byte[] minimal = new byte[bytes.length - from];
        System.arraycopy(bytes, from, minimal, 0, minimal.length);
        return minimal;
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
